//! `langflow secret-key`.

use super::Common;
use crate::config::Config;
use crate::output::say;
use anyhow::Result;
use clap::{Args, Subcommand};
use langflow_app::crypto::{random, rotate, secret_key};
use langflow_core::Secret;
use std::path::Path;

#[derive(Debug, Args)]
pub struct SecretKeyArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a new secret key, for LANGFLOW_SECRET_KEY. Nothing is changed.
    Generate,
    /// Take a new secret key into use and encrypt everything stored with it. Stop the server before.
    ///
    /// Without LANGFLOW_SECRET_KEY a new key is made and kept in the file. With it, set the new key there and
    /// the old one in LANGFLOW_SECRET_KEY_PREVIOUS first.
    Rotate(Common),
    /// Drop the previous keys of the data folder, if nothing stored needs them any more.
    Forget(Common),
}

pub fn perform(args: &SecretKeyArgs) -> Result<()> {
    match &args.action {
        Action::Generate => say(random::token()?),
        Action::Forget(common) => forget(&common.settings(vec![])?)?,
        Action::Rotate(common) => rotate(&common.settings(vec![])?)?,
    }
    Ok(())
}

fn rotate(config: &Config) -> Result<()> {
    let data_dir = config.data_dir()?;
    let is_in_file = config.auth.secret_key.is_empty();
    if is_in_file {
        replace_file(config, &data_dir)?;
    }
    let done = super::with_app(config, async |app| Ok(rotate::reencrypt(app).await?))?;
    say(format_args!("{} stored secrets are encrypted with the new key.", done.reencrypted));
    if done.unreadable > 0 {
        say(format_args!("{} cannot be read with any known key and stay as they are.", done.unreadable));
    }
    if done.keys_of_previous > 0 {
        say(format_args!(
            "{} API keys still need the previous key; each moves to the new one when it is used.",
            done.keys_of_previous
        ));
    } else if is_in_file && done.unreadable == 0 {
        secret_key::forget_previous(&data_dir)?;
        say("The previous key is no longer needed and was removed.");
    } else if !is_in_file {
        say("LANGFLOW_SECRET_KEY_PREVIOUS is no longer needed.");
    }
    say("Everybody has to sign in again. Start the server now.");
    Ok(())
}

/// Drops the previous keys where nothing needs them.
fn forget(config: &Config) -> Result<()> {
    let done = super::with_app(config, async |app| Ok(rotate::reencrypt(app).await?))?;
    anyhow::ensure!(
        done.unreadable == 0 && done.keys_of_previous == 0,
        "{} stored secrets and {} API keys still need a previous key; an API key moves when it is used",
        done.unreadable,
        done.keys_of_previous
    );
    secret_key::forget_previous(&config.data_dir()?)?;
    say("The previous keys were removed.");
    Ok(())
}

/// Puts a new key into the file and the present one among the previous ones.
fn replace_file(config: &Config, data_dir: &Path) -> Result<()> {
    let previous = config.auth.previous_secret_keys();
    let (_, found) = secret_key::load(data_dir, &Secret::default(), &previous)?;
    secret_key::rotate_files(data_dir, &found.current, &Secret::new(random::token()?))?;
    Ok(())
}
