use std::process::ExitCode;

fn main() -> ExitCode {
    langflow_server::cli::main()
}
