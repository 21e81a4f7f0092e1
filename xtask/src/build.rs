//! Builds of the server.

use crate::shell::{run, say, step, target_dir};
use crate::web;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

pub fn debug() -> Result<()> {
    step("server");
    run("cargo", &["build", "--locked", "--package", "langflow-server"])
}

/// The program as it is shipped, with the editor inside.
pub fn release() -> Result<()> {
    web::build()?;
    release_server()?;
    say(&format!("built {}", release_program().display()));
    Ok(())
}

pub fn release_server() -> Result<()> {
    step("server, release");
    run("cargo", &["build", "--locked", "--release", "--package", "langflow-server"])
}

pub fn release_program() -> PathBuf {
    target_dir().join("release/langflow")
}

/// Size of the shipped program in bytes.
pub fn release_size() -> Result<u64> {
    let program = release_program();
    Ok(program.metadata().with_context(|| format!("{} is missing", program.display()))?.len())
}
