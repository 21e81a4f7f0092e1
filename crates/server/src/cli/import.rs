//! `langflow import`.

use super::Common;
use crate::config::Config;
use crate::output::say;
use anyhow::{Context as _, Result};
use clap::Args;
use langflow_app::App;
use langflow_app::crypto::{KeyRing, secret_key};
use langflow_app::import::{Report, Source, import};
use langflow_core::Secret;
use langflow_store::langflow::LangflowDatabase;
use std::path::{Path, PathBuf};

/// Take over a Langflow installation (1.5 to 1.13): users, API keys, variables, projects, flows with their versions,
/// messages, files, MCP servers, and what runs left.
///
/// Stop Langflow before. Without --apply nothing is written: the command tells what it would do. What is here
/// already stays as it is, so the command can be run again. Clients' API keys and users' passwords go on working.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Database of Langflow: sqlite:////absolute/path/langflow.db or postgresql://user:password@host/name.
    #[arg(long, value_name = "URL")]
    from: String,
    /// Data folder of Langflow (its LANGFLOW_CONFIG_DIR), with its secret key and its files.
    #[arg(long, value_name = "PATH")]
    folder: Option<PathBuf>,
    /// File with Langflow's secret key, if it is neither in --folder nor in LANGFLOW_SECRET_KEY.
    #[arg(long, value_name = "PATH")]
    secret_key_file: Option<PathBuf>,
    /// Write what the dry run told.
    #[arg(long)]
    apply: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    common: Common,
}

pub fn perform(args: &ImportArgs) -> Result<()> {
    let config = args.common.settings(vec![])?;
    let secrets = secrets(args)?;
    let report = super::with_app(&config, async |app| take_over(app, args, secrets).await)?;
    if args.json {
        say(serde_json::to_string(&report)?);
    } else {
        print(&report, &config);
    }
    Ok(())
}

async fn take_over(app: &App, args: &ImportArgs, secrets: Option<KeyRing>) -> Result<Report> {
    let database = LangflowDatabase::open(&args.from).await.context("--from")?;
    let source = Source { database, folder: args.folder.clone(), secrets };
    let done = import(app, &source, args.apply).await;
    source.database.close().await?;
    Ok(done?)
}

/// The secrets of the other installation that are found beside it.
fn secrets(args: &ImportArgs) -> Result<Option<KeyRing>> {
    let in_folder =
        args.folder.as_ref().map(|folder| folder.join(secret_key::FILE)).filter(|path| path.is_file());
    let files: Vec<&Path> = args.secret_key_file.iter().chain(&in_folder).map(PathBuf::as_path).collect();
    let mut found = Vec::new();
    for path in files {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        found.push(Secret::new(text));
    }
    let Some((first, others)) = found.split_first() else { return Ok(None) };
    Ok(Some(KeyRing::new(first, others).context("the secret key of Langflow")?))
}

fn print(report: &Report, config: &Config) {
    let verb = if report.applied { "taken over" } else { "to take over" };
    say(format_args!("{:<18}{:>10}{:>14}{:>14}{:>10}", "", "found", verb, "here already", "left out"));
    for (kind, tally) in report.tallies() {
        say(format_args!(
            "{kind:<18}{:>10}{:>14}{:>14}{:>10}",
            tally.found, tally.taken, tally.present, tally.left_out
        ));
    }
    for note in &report.notes {
        say(format_args!("* {note}"));
    }
    if report.more_notes > 0 {
        say(format_args!("* … and {} more like these.", report.more_notes));
    }
    if report.applied {
        say(format_args!("Done: it is in {} now.", crate::wiring::database_shown(config)));
    } else {
        say("Nothing was changed. Run it again with --apply to take this over.");
    }
}
