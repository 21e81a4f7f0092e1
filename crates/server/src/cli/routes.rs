//! `langflow routes`.

use crate::output::say;
use clap::Args;
use langflow_api::access::Access;

#[derive(Debug, Args)]
pub struct RoutesArgs {
    /// Only those that answer without a credential.
    #[arg(long)]
    public: bool,
}

/// Prints every endpoint with what it demands of its caller.
pub fn print(args: &RoutesArgs) {
    let routes = langflow_api::routes::all();
    for route in routes.table() {
        if !args.public || matches!(route.access, Access::Public | Access::Optional) {
            say(format_args!("{:<10} {:<6} {}", route.access.as_str(), route.method, route.path));
        }
    }
}
