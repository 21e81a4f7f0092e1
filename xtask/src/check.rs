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
    run("cargo", &["clippy", "--locked", "--workspace", "--", "--deny", "warnings"])?;
    // A test may panic: that is how it fails. Clippy knows that of test functions, not of their helpers.
    let mut tests = vec!["clippy", "--locked", "--workspace", "--tests", "--", "--deny", "warnings"];
    for lint in [
        "clippy::unwrap_used",
        "clippy::panic",
        "clippy::indexing_slicing",
        "clippy::print_stdout",
        "clippy::print_stderr",
    ] {
        tests.extend(["--allow", lint]);
    }
    run("cargo", &tests)
}
