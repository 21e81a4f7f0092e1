//! `cargo xtask test`: everything that CI runs.

use crate::mariadb::MariaDb;
use crate::postgres::Postgres;
use crate::shell::{has, root, run_and_keep, say, step};
use crate::{check, clients, generate, web};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Instant;

/// A part of the run; gives the lines with counts.
type Stage = fn() -> Result<Vec<String>>;

/// Format, lints, generated files, Rust tests on both databases, client libraries, the editor's tests.
///
/// The counts come last, where a reader of a long log looks.
pub fn everything() -> Result<()> {
    let started = Instant::now();
    web::build()?;
    check::lints()?;
    generate::check()?;
    // One failure does not hide those of the stages after it.
    let stages: [(&str, Stage); 3] =
        [("Rust tests", rust_tests), ("client libraries", || clients::test(&[])), ("the editor", web::test)];
    let (mut counts, mut failed) = (Vec::new(), Vec::new());
    for (name, stage) in stages {
        match stage() {
            Ok(lines) => counts.extend(lines),
            Err(error) => {
                say(&format!("{name}: {error:#}"));
                failed.push(name);
            }
        }
    }
    say(&format!("\n{}", counts.join("\n")));
    if !failed.is_empty() {
        bail!("failed after {} s: {}", started.elapsed().as_secs(), failed.join(", "));
    }
    say(&format!("everything passed in {} s", started.elapsed().as_secs()));
    Ok(())
}

/// The Rust tests alone.
pub fn rust() -> Result<()> {
    let counts = rust_tests()?;
    say(&format!("\n{}", counts.join("\n")));
    Ok(())
}

/// The tests of the workspace, with a PostgreSQL and a MariaDB server where they can be had.
/// Gives the lines with counts.
fn rust_tests() -> Result<Vec<String>> {
    step("Rust tests");
    let given = std::env::var_os("LANGFLOW_TEST_POSTGRES_URL").is_some();
    let postgres = if given { None } else { Postgres::start() };
    let given = std::env::var_os("LANGFLOW_TEST_MYSQL_URL").is_some();
    let mariadb = if given { None } else { MariaDb::start() };
    let run = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(arguments).args(["--locked", "--workspace"]).current_dir(root());
        if let Some(postgres) = &postgres {
            command.env("LANGFLOW_TEST_POSTGRES_URL", postgres.url());
        }
        if let Some(mariadb) = &mariadb {
            command.env("LANGFLOW_TEST_MYSQL_URL", mariadb.url());
        }
        run_and_keep(&mut command, is_count)
    };
    if !has("cargo-nextest") {
        return run(&["test", "--no-fail-fast"]);
    }
    let mut counts = run(&["nextest", "run", "--no-fail-fast"])?;
    // nextest does not run the examples in documentation.
    counts.extend(run(&["test", "--doc"])?);
    Ok(counts)
}

/// Whether a line tells how many tests ran; empty suites are not worth a line.
fn is_count(line: &str) -> bool {
    (line.contains("Summary [") && line.contains("tests run"))
        || (line.starts_with("test result:") && !line.contains(" 0 passed"))
}
