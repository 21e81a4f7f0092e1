//! `langflow audit`.

use super::Common;
use crate::output::say;
use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use langflow_app::App;
use langflow_app::audit::{Chain, shown};
use langflow_store::audit;

/// Entries that are read at once.
const BATCH: u64 = 500;

#[derive(Debug, Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Tell whether the audit log is as it was written. Exits with 1 where its chain of hashes is broken.
    ///
    /// The answer names the last entry and its hash. Keep it elsewhere and give it to --anchor next time: whoever
    /// can write the database can make the whole chain anew, and only that shows it.
    Verify {
        /// An entry that was noted before, as NUMBER:HASH.
        #[arg(long, value_name = "NUMBER:HASH")]
        anchor: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Print the audit log as JSON lines, oldest first.
    Export {
        /// Begin after the entry with this number.
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        after: i64,
        #[command(flatten)]
        common: Common,
    },
}

pub fn perform(args: &AuditArgs) -> Result<()> {
    match &args.action {
        Action::Verify { anchor, common } => {
            let config = common.settings(vec![])?;
            super::with_app(&config, async |app| verify(app, anchor.as_deref()).await)
        }
        Action::Export { after, common } => {
            let config = common.settings(vec![])?;
            super::with_app(&config, async |app| export(app, *after).await)
        }
    }
}

async fn verify(app: &App, anchor: Option<&str>) -> Result<()> {
    let entries = match audit::verify(&app.store).await? {
        Chain::Whole(entries) => entries,
        Chain::BrokenAt(seq) => bail!("the audit log is broken at entry {seq}: it was changed or taken out"),
    };
    if let Some(anchor) = anchor {
        check_anchor(app, anchor).await?;
    }
    match audit::last(&app.store).await? {
        Some(last) => {
            say(format_args!(
                "{entries} entries, all as written. The last one is {}:{}",
                last.seq, last.hash
            ));
        }
        None => say("The audit log is empty."),
    }
    Ok(())
}

async fn check_anchor(app: &App, anchor: &str) -> Result<()> {
    let (seq, hash) = anchor.split_once(':').context("--anchor: it reads NUMBER:HASH")?;
    let seq: i64 = seq.trim().parse().context("--anchor: it reads NUMBER:HASH")?;
    let found = audit::entries_after(&app.store, seq.saturating_sub(1), 1).await?;
    let found = found.first().filter(|entry| entry.seq == seq);
    match found {
        Some(entry) if entry.hash.eq_ignore_ascii_case(hash.trim()) => Ok(()),
        Some(_) => bail!("the audit log was written anew: entry {seq} has another hash than the one noted"),
        None => {
            bail!("entry {seq} is not in the audit log: it was taken out, or is older than the retention")
        }
    }
}

async fn export(app: &App, mut after: i64) -> Result<()> {
    loop {
        let batch = audit::entries_after(&app.store, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.seq;
        for entry in &batch {
            say(shown(entry));
        }
    }
}
