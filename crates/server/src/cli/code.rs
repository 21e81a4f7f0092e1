//! `langflow code`: which code of custom components runs for everybody.

use super::Common;
use crate::output::say;
use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Args, Subcommand};
use langflow_app::custom::{self, ApproveCode};
use langflow_app::{App, Client, Credential, Principal};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct CodeArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the approved code.
    List(ListArgs),
    /// Let the code of a file run for everybody, public flows included.
    Approve(ApproveArgs),
    /// Take an approval back.
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct ApproveArgs {
    /// File with the Python code.
    file: PathBuf,
    /// What the component is called; the file's name by default.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct RevokeArgs {
    /// Hash of the code, as `list` shows it.
    hash: String,
    #[command(flatten)]
    common: Common,
}

/// Performs the action. Who can run commands here administers the server.
pub fn perform(args: CodeArgs) -> Result<()> {
    match args.action {
        Action::List(args) => {
            let config = args.common.settings(vec![])?;
            super::with_app(&config, async |app| list(app).await)
        }
        Action::Approve(args) => {
            let config = args.common.settings(vec![])?;
            super::with_app(&config, async |app| approve(app, args.file, args.name).await)
        }
        Action::Revoke(args) => {
            let config = args.common.settings(vec![])?;
            super::with_app(&config, async |app| {
                let gone = custom::revoke_code(app, &operator(), &Client::default(), &args.hash).await;
                gone.map_err(|error| anyhow!("{error}"))?;
                say("The approval was taken back.");
                Ok(())
            })
        }
    }
}

/// The operator, who acts through the machine itself.
fn operator() -> Principal {
    Principal {
        user_id: uuid::Uuid::nil(),
        username: "operator".into(),
        is_superuser: true,
        credential: Credential::Local,
    }
}

async fn list(app: &App) -> Result<()> {
    let approved = custom::list_approved(app, &operator()).await.map_err(|error| anyhow!("{error}"))?;
    for code in approved {
        say(format_args!("{}  {}  {}", code.hash, code.approved_at.format("%Y-%m-%d %H:%M"), code.name));
    }
    Ok(())
}

async fn approve(app: &App, file: PathBuf, name: Option<String>) -> Result<()> {
    let code =
        std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    if code.trim().is_empty() {
        bail!("{} is empty", file.display());
    }
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let wanted = ApproveCode { code, name: name.unwrap_or(stem) };
    let approved = custom::approve_code(app, &operator(), &Client::default(), wanted).await;
    let approved = approved.map_err(|error| anyhow!("{error}"))?;
    say(format_args!("{} runs for everybody now: {}", approved.name, approved.hash));
    Ok(())
}
