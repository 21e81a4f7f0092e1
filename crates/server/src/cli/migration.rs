//! `langflow migration`.

use super::Common;
use crate::output::say;
use crate::wiring;
use anyhow::Result;
use clap::Args;

#[derive(Debug, Args)]
pub struct MigrationArgs {
    /// Without effect: looking at the database and bringing it up to date is one step.
    #[arg(long, overrides_with = "no_test")]
    test: bool,
    #[arg(long, hide = true)]
    no_test: bool,
    /// Without effect: migrations only go forward, there is nothing to repair by deleting.
    #[arg(long, overrides_with = "no_fix")]
    fix: bool,
    #[arg(long, hide = true)]
    no_fix: bool,
    #[command(flatten)]
    common: Common,
}

/// Brings the database up to date, as a start of the server does.
pub fn perform(args: &MigrationArgs) -> Result<()> {
    let config = args.common.settings(vec![])?;
    super::with_app(&config, async |_| Ok(()))?;
    say(format_args!("{} is up to date.", wiring::database_shown(&config)));
    if args.fix {
        say("Nothing was deleted: migrations only go forward, and none of them failed.");
    }
    Ok(())
}
