//! `cargo xtask check`: what can be said without running tests.

use crate::generate;
use crate::shell::{run, step};
use anyhow::Result;

/// Format, lints, generated files.
pub fn check() -> Result<()> {
    lints()?;
    generate::check()
}

pub fn lints() -> Result<()> {
    step("format");
    run("cargo", &["fmt", "--all", "--check"])?;
    step("lints");
    run("cargo", &["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}
