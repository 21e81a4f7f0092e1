//! `langflow api-key`.

use super::{Common, ask};
use crate::output::say;
use anyhow::{Context as _, Result};
use clap::Args;
use langflow_app::accounts::{self, operator, operator::Proof};
use langflow_core::Secret;

#[derive(Debug, Args)]
pub struct ApiKeyArgs {
    /// Token or API key of a superuser; with authentication on, instead of name and password.
    #[arg(long, value_name = "TEXT")]
    auth_token: Option<String>,
    /// Name of the key.
    #[arg(long, default_value = "CLI")]
    name: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    common: Common,
}

/// Makes an API key of the superuser and prints it. Fails if none was made.
pub fn make(args: ApiKeyArgs) -> Result<()> {
    let config = args.common.settings(vec![])?;
    let auth = &config.auth;
    let token = args.auth_token.map_or_else(|| auth.superuser_token.clone(), Secret::new);
    let mut proof = Proof { token, ..Proof::default() };
    if !auth.auto_login && proof.token.is_empty() {
        proof.username = auth.superuser.clone().map_or_else(|| ask::line("Username: "), Ok)?;
        proof.password = if auth.superuser_password.is_empty() {
            ask::secret("Password: ")?
        } else {
            auth.superuser_password.clone()
        };
    }
    let can_bootstrap = auth.auto_login || (auth.superuser.is_some() && !auth.superuser_password.is_empty());
    let made = super::with_app(&config, async |app| {
        // The key may be wanted before the first start of the server.
        if can_bootstrap {
            accounts::bootstrap(app).await?;
        }
        operator::make_key(app, &proof, &args.name).await.context("no API key was made")
    })?;
    if args.json {
        say(serde_json::json!({
            "api_key": made.key.expose(),
            "id": made.row.id,
            "name": made.row.name,
        }));
    } else {
        say(framed(made.key.expose()));
    }
    Ok(())
}

/// The box in which scripts look for the key.
fn framed(key: &str) -> String {
    let lines = [
        "API Key Created Successfully:",
        "",
        key,
        "",
        "This is the only time the API key will be displayed.",
        "Make sure to store it in a secure location.",
    ];
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0) + 1;
    let bar = "─".repeat(width + 1);
    let inside: Vec<String> = lines.iter().map(|line| format!("│ {line:<width$}│")).collect();
    format!("╭{bar}╮\n{}\n╰{bar}╯", inside.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_is_even() {
        let widths: Vec<usize> = framed("sk-0123456789").lines().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{}", framed("sk-0123456789"));
    }
}
