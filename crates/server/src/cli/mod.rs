//! The command line.

mod api_key;
mod ask;
mod audit;
mod code;
mod config;
mod flags;
mod generate;
mod import;
mod migration;
mod routes;
mod run;
mod secret_key;
mod superuser;

use crate::config::{Config, Logs, Origin, Refusal, Sources};
use crate::output::complain;
use crate::{telemetry, wiring};
use anyhow::Result;
use clap::{ArgAction, Args, Parser, Subcommand};
use flags::RunFlags;
use langflow_app::App;
use std::path::PathBuf;
use std::process::ExitCode;

/// The version clients read is Langflow's, whose behaviour this is; ours stands beside it.
const VERSION: &str = concat!("1.13.0 (langflow-rs ", env!("CARGO_PKG_VERSION"), ")");

/// Visual builder and server for LLM flows.
#[derive(Debug, Parser)]
#[command(name = "langflow", version = VERSION, arg_required_else_help = true, disable_version_flag = true)]
struct Cli {
    /// Print the version.
    #[arg(short = 'v', long, action = ArgAction::Version)]
    version: (),
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server.
    Run(RunArgs),
    /// Make an API key of the superuser.
    #[command(name = "api-key", alias = "api_key")]
    ApiKey(api_key::ApiKeyArgs),
    /// Make a superuser.
    Superuser(superuser::SuperuserArgs),
    /// Bring the database up to date.
    Migration(migration::MigrationArgs),
    Import(import::ImportArgs),
    /// Make a secret key.
    SecretKey(secret_key::SecretKeyArgs),
    /// Verify or print the audit log.
    Audit(audit::AuditArgs),
    /// Print the settings in force and where each came from.
    Config(config::ConfigArgs),
    /// Approve code of custom components for everybody.
    Code(code::CodeArgs),
    /// List the endpoints and what each demands of its caller.
    Routes(routes::RoutesArgs),
    /// Write the files of the repository that are made from code.
    #[command(hide = true)]
    Generate(generate::GenerateArgs),
    /// Copies nothing: kept for scripts that call it.
    #[command(name = "copy-db", hide = true)]
    CopyDb,
}

#[derive(Debug, Args)]
struct RunArgs {
    #[command(flatten)]
    flags: RunFlags,
    #[command(flatten)]
    common: Common,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// File with settings; its lines win over the process environment.
    #[arg(long, value_name = "PATH")]
    env_file: Option<PathBuf>,
    /// Least severe log line that is written.
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
}

impl Common {
    /// Reads the settings, with flags given to the command.
    fn settings(&self, mut given: Vec<(&'static str, String)>) -> std::result::Result<Config, Refusal> {
        if let Some(level) = &self.log_level {
            given.push(("LANGFLOW_LOG_LEVEL", level.clone()));
        }
        let here = std::env::current_dir().ok();
        let sources = Sources::collect(given, self.env_file.as_deref(), std::env::vars_os(), here.as_deref())
            .map_err(Refusal)?;
        Config::read(&sources)
    }
}

/// Opens the application for a command, and closes it in order whatever happens.
fn with_app<T>(config: &Config, work: impl AsyncFnOnce(&App) -> Result<T>) -> Result<T> {
    let is_default = config.origin("LANGFLOW_LOG_LEVEL") == Origin::Default;
    telemetry::start(&Logs { level: config.logs.level.for_commands(is_default), ..config.logs.clone() })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = wiring::application(config).await?;
        let done = work(&app).await;
        let closed = app.store.close().await;
        let done = done?;
        closed?;
        Ok(done)
    })
}

/// The arguments behind the hidden command that becomes a Python worker.
#[cfg(target_os = "linux")]
fn launch_arguments() -> Option<Vec<String>> {
    let mut arguments = std::env::args_os().skip(1).map(|argument| argument.into_string().ok());
    (arguments.next()?? == langflow_worker::LAUNCH_COMMAND).then(|| arguments.flatten().collect())
}

/// Runs the program. Mistakes in the arguments exit with 2, failures with 1.
pub fn main() -> ExitCode {
    // Before anything else: a worker's process confines itself while it has one thread and no settings.
    #[cfg(target_os = "linux")]
    if let Some(rest) = launch_arguments() {
        return langflow_worker::launch::main(&rest);
    }
    let done = match Cli::parse().command {
        Command::Run(args) => run::run(args),
        Command::ApiKey(args) => api_key::make(args),
        Command::Superuser(args) => superuser::make(args),
        Command::Migration(args) => migration::perform(&args),
        Command::Import(args) => import::perform(&args),
        Command::SecretKey(args) => secret_key::perform(&args),
        Command::Audit(args) => audit::perform(&args),
        Command::Config(args) => config::print(&args),
        Command::Code(args) => code::perform(args),
        Command::Routes(args) => {
            routes::print(&args);
            Ok(())
        }
        Command::Generate(args) => generate::generate(&args),
        Command::CopyDb => {
            crate::output::say("Database not found in the cache directory.");
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(format_args!("Error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
