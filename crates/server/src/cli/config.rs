//! `langflow config`.

use super::Common;
use crate::config::{Config, document};
use crate::output::say;
use anyhow::Result;
use clap::Args;

#[derive(Debug, Args)]
pub struct ConfigArgs {
    #[command(flatten)]
    common: Common,
    /// One JSON object per setting.
    #[arg(long)]
    json: bool,
    /// Print an example file with every setting instead.
    #[arg(long, conflicts_with = "json")]
    example_env: bool,
}

pub fn print(args: &ConfigArgs) -> Result<()> {
    if args.example_env {
        say(document::env_example().trim_end());
    } else {
        show(&args.common.settings(vec![])?, args.json);
    }
    Ok(())
}

fn show(config: &Config, json: bool) {
    for setting in &config.effective {
        if json {
            say(serde_json::json!({
                "name": setting.name,
                "value": setting.shown,
                "origin": setting.origin.to_string(),
            }));
        } else {
            say(format_args!("{}={}  # {}", setting.name, setting.shown, setting.origin));
        }
    }
    if !json {
        for note in &config.notes {
            say(format_args!("# {note}"));
        }
    }
}
