//! `langflow secret-key`.

use crate::output::say;
use anyhow::Result;
use clap::{Args, Subcommand};
use langflow_app::crypto::random;

#[derive(Debug, Args)]
pub struct SecretKeyArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a new secret key, for LANGFLOW_SECRET_KEY. Nothing is changed.
    Generate,
}

pub fn perform(args: &SecretKeyArgs) -> Result<()> {
    match &args.action {
        Action::Generate => say(random::token()?),
    }
    Ok(())
}
