//! `cargo xtask run`: from a fresh checkout to a running server.

use crate::shell::{run_command, target_dir};
use crate::{build, web};
use anyhow::Result;
use std::process::Command;

/// Builds the editor and the server, and starts it with these flags; it prints its address and what to do next.
pub fn run(flags: &[&str]) -> Result<()> {
    web::build()?;
    build::debug()?;
    let program = target_dir().join("debug/langflow");
    run_command(Command::new(program).arg("run").args(flags))
}
