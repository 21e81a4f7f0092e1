//! `langflow run`.

use super::RunArgs;
use crate::{serve, telemetry};
use anyhow::{Context as _, Result};

pub fn run(args: RunArgs) -> Result<()> {
    let config = args.common.settings(args.flags.0)?;
    config.check_for_serving()?;
    telemetry::start(&config.logs)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let served = runtime.block_on(serve::serve(config));
    // What still blocks a thread (a file being read) must not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    served
}
