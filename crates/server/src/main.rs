use std::process::ExitCode;

/// Runs make many small values that live for a moment, on many threads: a sixth of their time was spent in the
/// platform's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    langflow_server::cli::main()
}
