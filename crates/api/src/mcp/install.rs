//! Setting up MCP clients on the machine of the server.

use super::check_enabled;
use super::project::origin_of;
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::client::From;
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::origin::asks_for_loopback;
use crate::page::Said;
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use langflow_app::AppError;
use langflow_app::mcp::{InstallState, McpClient, install as set_up, list_installed as list};
use serde::Serialize;
use std::net::SocketAddr;
use utoipa::ToSchema;

/// A client of this machine.
#[derive(Serialize, ToSchema)]
pub struct InstalledClient {
    name: &'static str,
    /// It knows the project.
    installed: bool,
    /// It is on this machine.
    available: bool,
}

/// Which clients of this machine know the project.
#[utoipa::path(get, path = "/api/v1/mcp/project/{project_id}/installed", tag = "mcp", operation_id = "list_mcp_clients",
    params(("project_id" = String, Path, description = "The project")),
    responses((status = 200, description = "Clients", body = Vec<InstalledClient>),
        (status = 404, description = "No such project")))]
pub async fn list_installed(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(project): PathId,
) -> ApiResult<Json<Vec<InstalledClient>>> {
    let states = list(&app, &who, project).await?;
    let item = |state: &InstallState| InstalledClient {
        name: state.client.as_str(),
        installed: state.installed,
        available: state.available,
    };
    Ok(Json(states.iter().map(item).collect()))
}

/// Set a client of this machine up for the project; only from this machine.
#[utoipa::path(post, path = "/api/v1/mcp/project/{project_id}/install", tag = "mcp", operation_id = "install_mcp_client",
    params(("project_id" = String, Path, description = "The project")),
    request_body(content = Object, description = "`{client, transport}`"),
    responses((status = 200, description = "Set up", body = Said), (status = 400, description = "No such client here"),
        (status = 403, description = "From another machine"), (status = 404, description = "No such project")))]
pub async fn install(
    State(app): State<AppState>,
    Caller(who): Caller,
    From(client): From,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    PathId(project): PathId,
    headers: HeaderMap,
    body: JsonBody,
) -> ApiResult<Json<Said>> {
    check_enabled(&app)?;
    // The address of the connection counts; what a header says of it does not.
    if !peer.ip().to_canonical().is_loopback() || !asks_for_loopback(&headers) {
        return Err(
            AppError::forbidden("MCP clients can only be set up from the machine of the server").into()
        );
    }
    let mut fields = body.fields()?;
    let names = McpClient::ALL.map(McpClient::as_str);
    let chosen = fields.choice("client", &names).flatten();
    if chosen.is_none() && !fields.contains("client") {
        fields.missing("client");
    }
    let transport = fields.choice("transport", &["sse", "streamablehttp"]).flatten();
    fields.finish()?;
    let known = McpClient::ALL.into_iter().find(|client| Some(client.as_str()) == chosen);
    let wanted = known.ok_or_else(|| AppError::bad_request("Unsupported client"))?;
    let is_sse = transport == Some("sse");
    let path = if is_sse { "sse" } else { "streamable" };
    let url = format!("{}/api/v1/mcp/project/{project}/{path}", origin_of(&app, &headers));
    let name = set_up(&app, &who, &client, project, wanted, &url, is_sse).await?;
    Ok(Json(Said::new(format!("The MCP server '{name}' was added to {}", wanted.as_str()))))
}
