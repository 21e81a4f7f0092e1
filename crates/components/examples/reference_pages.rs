//! Writes the reference pages of all components, or checks that they are up to date.
//!
//! `cargo run -p langflow-components --example reference_pages -- <folder> [--check]`

use langflow_components::{catalogue, reference};
use std::path::PathBuf;
use std::process::ExitCode;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.iter().any(|argument| argument == "--check");
    let Some(folder) = arguments.iter().find(|argument| !argument.starts_with("--")).map(PathBuf::from)
    else {
        eprintln!("name the folder for the pages");
        return ExitCode::FAILURE;
    };
    let pages = reference::pages(&catalogue());
    let stale: Vec<_> = pages
        .iter()
        .filter(|page| {
            std::fs::read_to_string(folder.join(&page.file_name)).ok().as_deref() != Some(&page.text)
        })
        .collect();
    if check {
        for page in &stale {
            eprintln!("{} is out of date: run `cargo xtask gen`", page.file_name);
        }
        return if stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if let Err(error) = std::fs::create_dir_all(&folder) {
        eprintln!("{}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    for page in &stale {
        if let Err(error) = std::fs::write(folder.join(&page.file_name), &page.text) {
            eprintln!("{}: {error}", page.file_name);
            return ExitCode::FAILURE;
        }
    }
    println!("{} pages, {} written", pages.len(), stale.len());
    ExitCode::SUCCESS
}
