//! Tasks of the repository. `cargo xtask` lists them.

mod bench;
mod build;
mod check;
mod clients;
mod generate;
mod mariadb;
mod new_component;
mod postgres;
mod run;
mod shell;
mod test;
mod web;

use anyhow::{Result, bail};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <task>

  run [-- flags of `langflow run`]  set up, build and start the server
  test [--quick]                    set up and run every test (--quick: Rust tests alone)
  build                             release build with the editor inside
  gen [--check]                     write the files made from code, or fail if they are stale
  check                             format, lints and generated files
  clients [name]                    client libraries against the built program
  bench                             release build, measured
  new-component <category> <name>   a component's file, ready to fill in
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match perform(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::complain(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(arguments: &[String]) -> Result<()> {
    std::env::set_current_dir(shell::root())?;
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run", flags @ ..] => run::run(flags.strip_prefix(&["--"]).unwrap_or(flags)),
        ["test"] => test::everything(),
        ["test", "--quick"] => test::rust(),
        ["build"] => build::release(),
        ["gen"] => generate::generate(),
        ["gen", "--check"] => generate::check(),
        ["check"] => check::check(),
        ["clients", ..] => clients::test(arguments.get(1..).unwrap_or_default()).map(drop),
        ["bench", options @ ..] => bench::bench(options),
        ["new-component", category, name] => new_component::write(category, name),
        [] | ["help" | "--help" | "-h"] => {
            shell::say(HELP);
            Ok(())
        }
        _ => bail!("there is no such task\n\n{HELP}"),
    }
}
