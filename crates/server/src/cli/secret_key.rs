//! `langflow secret-key`.

use super::Common;
use crate::output::say;
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use langflow_app::crypto::secret_key::{self, Origin};
use langflow_app::crypto::{random, rotate};
use langflow_core::Secret;
use serde_json::json;

#[derive(Debug, Args)]
pub struct SecretKeyArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a new secret key, for LANGFLOW_SECRET_KEY. Nothing is changed.
    Generate,
    /// Encrypt every stored secret with the current key. Stop the servers before, start them after.
    ///
    /// A key that lies in the data folder is replaced by a new one first, and kept for reading. A key that is
    /// given as LANGFLOW_SECRET_KEY you replace yourself: the new one there, the old one as
    /// LANGFLOW_SECRET_KEY_PREVIOUS.
    Rotate {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Forget the previous keys of the data folder, once nothing needs them.
    Forget {
        #[command(flatten)]
        common: Common,
    },
}

pub fn perform(args: &SecretKeyArgs) -> Result<()> {
    match &args.action {
        Action::Generate => say(random::token()?),
        Action::Rotate { json, common } => turn(common, *json)?,
        Action::Forget { common } => forget(common)?,
    }
    Ok(())
}

fn turn(common: &Common, as_json: bool) -> Result<()> {
    let config = common.settings(vec![])?;
    let folder = config.data_dir()?;
    let (_, found) = secret_key::load(&folder, &config.auth.secret_key, &config.auth.previous_secret_keys())?;
    if found.origin == Origin::File {
        secret_key::rotate_files(&folder, &found.current, &Secret::new(random::token()?))?;
    }
    let done = super::with_app(&config, async |app| Ok(rotate::reencrypt(app).await?))?;
    if as_json {
        say(json!({
            "reencrypted": done.reencrypted,
            "unreadable": done.unreadable,
            "api_keys_of_previous": done.keys_of_previous,
        }));
        return Ok(());
    }
    say(format_args!("{} stored secrets are encrypted with the current key now.", done.reencrypted));
    if done.unreadable > 0 {
        say(format_args!("{} stored secrets cannot be read with any key; save them anew.", done.unreadable));
    }
    if done.keys_of_previous > 0 {
        say(format_args!(
            "{} API keys still need the previous key; each moves when it is used the next time.",
            done.keys_of_previous
        ));
    }
    Ok(())
}

fn forget(common: &Common) -> Result<()> {
    let config = common.settings(vec![])?;
    let folder = config.data_dir()?;
    let left = super::with_app(&config, async |app| Ok(rotate::keys_of_previous(app).await?))?;
    if left > 0 {
        bail!(
            "{left} API keys still need the previous key: use each once, or delete it, before the key is forgotten"
        );
    }
    secret_key::forget_previous(&folder)?;
    say("The previous keys are forgotten.");
    Ok(())
}
