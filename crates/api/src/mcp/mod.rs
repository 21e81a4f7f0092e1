//! Flows as tools for MCP clients (contract-flows 13).
//!
//! * [`streamable`]: streamable HTTP. One message per request; nothing is kept between requests.
//! * [`sse`]: the older pair, a stream of events and a path to post messages to.
//! * [`methods`]: what the messages mean, for both.
//! * [`project`]: settings of a project's server and helpers to set clients up.
//!
//! The layer of messages is our own (`docs/adr/0002-mcp.md` says why).

mod calls;
mod install;
mod methods;
mod progress;
mod project;
mod revision;
mod rpc;
mod sse;
mod streamable;

pub use calls::Live;

use crate::access::Access;
use crate::routes::Routes;
use langflow_app::{App, AppError, AppResult};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Public, routes!(sse::probe))
        .add(Access::Public, routes!(sse::probe_project))
        .add(Access::Public, routes!(streamable::probe))
        .add(Access::Public, routes!(streamable::probe_project))
        .add(Access::Mcp, routes!(sse::open))
        .add(Access::Mcp, routes!(sse::post))
        .add(Access::Mcp, routes!(streamable::post, streamable::listen, streamable::end))
        .add(Access::McpProject, routes!(sse::open_project))
        .add(Access::McpProject, routes!(sse::post_project))
        .add(
            Access::McpProject,
            routes!(streamable::post_project, streamable::listen_project, streamable::end_project),
        )
        .add(Access::Mcp, routes!(project::read_settings, project::change_settings))
        .add(Access::Mcp, routes!(project::read_urls))
        .add(Access::Mcp, routes!(install::list_installed))
        .add(Access::Mcp, routes!(install::install))
}

/// Refuses where the operator has turned the MCP server off.
fn check_enabled(app: &App) -> AppResult<()> {
    if app.settings.mcp.server_enabled { Ok(()) } else { Err(AppError::not_found("Not Found")) }
}

/// As [`check_enabled`], for the older transport.
fn check_sse_enabled(app: &App) -> AppResult<()> {
    check_enabled(app)?;
    if app.settings.mcp.sse_enabled {
        return Ok(());
    }
    Err(AppError::not_found("SSE transport is disabled. Use the Streamable HTTP endpoint."))
}
