//! The launcher alone, for the tests of this package: the program `langflow` holds the same behind its hidden command.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    // The first argument is the name of the hidden command.
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    langflow_worker::launch::main(&arguments)
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::FAILURE
}
