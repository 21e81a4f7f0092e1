//! `langflow superuser`.

use super::{Common, ask};
use crate::output::say;
use anyhow::{Result, bail};
use clap::Args;
use langflow_app::App;
use langflow_app::accounts::operator::{self, SuperuserRefusal};
use langflow_core::Secret;

#[derive(Debug, Args)]
pub struct SuperuserArgs {
    #[arg(long)]
    username: Option<String>,
    /// Better left out: it is asked for, and does not stay in the shell's history then.
    #[arg(long)]
    password: Option<String>,
    /// Token or API key of a superuser, needed when there is one already.
    #[arg(long, value_name = "TEXT")]
    auth_token: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Makes a superuser. Fails, with the words scripts know, if none was made.
pub fn make(args: SuperuserArgs) -> Result<()> {
    let config = args.common.settings(vec![])?;
    let token = args.auth_token.map_or_else(|| config.auth.superuser_token.clone(), Secret::new);
    let made = super::with_app(&config, async |app| {
        let made = match operator::may_make_superuser(app, &token).await {
            Ok(proven) => {
                let (username, password) = credentials(app, args.username, args.password, proven.is_none())?;
                operator::make_superuser(app, &token, &username, &password).await
            }
            Err(refusal) => Err(refusal),
        };
        Ok(made)
    })?;
    match made {
        Ok(_) => {
            say("Default folder created successfully.\nSuperuser created successfully.");
            Ok(())
        }
        Err(refusal) => {
            say(words(&refusal));
            // The words stand above; the exit code tells scripts.
            bail!("no superuser was made")
        }
    }
}

/// Name and password as given or asked for. With automatic login they are those of the settings.
fn credentials(
    app: &App,
    username: Option<String>,
    password: Option<String>,
    is_first: bool,
) -> Result<(String, Secret)> {
    let auth = &app.settings.auth;
    if auth.auto_login {
        let name = auth.superuser_name();
        say(format_args!("AUTO_LOGIN enabled. Creating default superuser '{name}'..."));
        if auth.superuser_password.is_empty() {
            bail!(
                "the default superuser is made by `langflow run`; to make it here, set LANGFLOW_SUPERUSER_PASSWORD"
            );
        }
        return Ok((name.to_owned(), auth.superuser_password.clone()));
    }
    let username = username.map_or_else(|| ask::line("Username: "), Ok)?;
    let password = password.map_or_else(|| ask::secret("Password: "), |text| Ok(Secret::new(text)))?;
    if is_first {
        say("No superusers found. Creating first superuser...");
    }
    Ok((username, password))
}

fn words(refusal: &SuperuserRefusal) -> String {
    match refusal {
        SuperuserRefusal::Disabled => "Error: Superuser creation via CLI is disabled.\n\
             Set LANGFLOW_ENABLE_SUPERUSER_CLI=true to enable this feature."
            .into(),
        SuperuserRefusal::AutoLogin => {
            "Error: Cannot create additional superusers when AUTO_LOGIN is enabled.\n\
             AUTO_LOGIN mode is for development with only the default superuser.\n\
             To create additional superusers:\n\
             1. Set LANGFLOW_AUTO_LOGIN=false\n\
             2. Run this command again with --auth-token"
                .into()
        }
        SuperuserRefusal::NeedsProof => "Error: Creating a superuser requires authentication.\n\
             Please provide --auth-token with a valid superuser API key or JWT token.\n\
             To get a token, use: `langflow api-key`"
            .into(),
        SuperuserRefusal::BadProof => "Error: Invalid token or insufficient privileges. \
             Only superusers can create other superusers."
            .into(),
        SuperuserRefusal::NameTaken => "Superuser creation failed.".into(),
        SuperuserRefusal::App(error) => format!("Error: {error}"),
    }
}
