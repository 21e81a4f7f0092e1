//! MCP servers that flows may call (contract-flows 13.7).

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::client::From;
use crate::extract::fields::{problem, unprocessable};
use crate::extract::json::JsonBody;
use crate::extract::query::Query;
use crate::routes::Routes;
use axum::Json;
use axum::extract::{Path, State};
use langflow_app::AppResult;
use langflow_app::mcp_servers::{self, ProbedServer};
use langflow_core::JsonMap;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// Programs that a server may be started with.
const COMMANDS: [&str; 9] = ["node", "python", "python3", "npx", "uvx", "docker", "cmd", "sh", "bash"];

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_servers))
        .add(Access::Session, routes!(read_server, add_server, change_server, delete_server))
}

/// Servers of the caller. With `action_count` each is connected to and its tools are counted.
#[utoipa::path(get, path = "/api/v2/mcp/servers", tag = "mcp",
    params(("action_count" = Option<bool>, Query, description = "Connect to each server and count its tools")),
    responses((status = 200, description = "Servers", body = Vec<ServerRead>)))]
async fn list_servers(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<Vec<ServerRead>>> {
    let count = query.boolean("action_count", false);
    query.finish()?;
    if count {
        let probed = mcp_servers::probe_servers(&app, &who).await?;
        return Ok(Json(probed.into_iter().map(ServerRead::from).collect()));
    }
    let item = |(name, config): (String, JsonMap)| ServerRead {
        name,
        mode: mcp_servers::mode_of(&config),
        tools_count: None,
        error: None,
    };
    Ok(Json(mcp_servers::list_servers(&app, &who).await?.into_iter().map(item).collect()))
}

/// An MCP server of the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServerRead {
    name: String,
    /// `stdio`, `streamable_http` or `sse`; null where the configuration does not tell.
    mode: Option<&'static str>,
    /// Where they were counted.
    tools_count: Option<usize>,
    /// Why they could not be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl std::convert::From<ProbedServer> for ServerRead {
    fn from(server: ProbedServer) -> Self {
        let (tools_count, error) = match server.tools {
            Ok(count) => (Some(count), None),
            Err(why) => (None, Some(format!("Error loading server: {why}"))),
        };
        Self { name: server.name, mode: server.mode, tools_count, error }
    }
}

/// A server, its secrets masked.
#[utoipa::path(get, path = "/api/v2/mcp/servers/{server_name}", tag = "mcp",
    params(("server_name" = String, Path, description = "Its name")),
    responses((status = 200, description = "Its configuration", body = Object),
        (status = 404, description = "Not there")))]
async fn read_server(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(name): Path<String>,
) -> ApiResult<Json<JsonMap>> {
    Ok(Json(mcp_servers::find_server(&app, &who, &name).await?))
}

/// Adds a server.
#[utoipa::path(post, path = "/api/v2/mcp/servers/{server_name}", tag = "mcp", request_body = Object,
    params(("server_name" = String, Path, description = "Its name")),
    responses((status = 200, description = "Its configuration", body = Object),
        (status = 409, description = "The name is taken")))]
async fn add_server(
    State(app): State<AppState>,
    Caller(who): Caller,
    From(client): From,
    Path(name): Path<String>,
    body: JsonBody,
) -> ApiResult<Json<JsonMap>> {
    let config = read_config(&body)?;
    Ok(Json(mcp_servers::add_server(&app, &who, &client, name, config).await?))
}

/// Merges keys into a server; a masked secret stays as it is.
#[utoipa::path(patch, path = "/api/v2/mcp/servers/{server_name}", tag = "mcp", request_body = Object,
    params(("server_name" = String, Path, description = "Its name")),
    responses((status = 200, description = "Its configuration", body = Object),
        (status = 404, description = "Not there")))]
async fn change_server(
    State(app): State<AppState>,
    Caller(who): Caller,
    From(client): From,
    Path(name): Path<String>,
    body: JsonBody,
) -> ApiResult<Json<JsonMap>> {
    let patch = read_config(&body)?;
    Ok(Json(mcp_servers::change_server(&app, &who, &client, name, patch).await?))
}

/// Deletes a server.
#[utoipa::path(delete, path = "/api/v2/mcp/servers/{server_name}", tag = "mcp",
    params(("server_name" = String, Path, description = "Its name")),
    responses((status = 200, description = "Deleted"), (status = 404, description = "Not there")))]
async fn delete_server(
    State(app): State<AppState>,
    Caller(who): Caller,
    From(client): From,
    Path(name): Path<String>,
) -> ApiResult<Json<Value>> {
    mcp_servers::delete_server(&app, &who, &client, name).await?;
    Ok(Json(Value::Null))
}

fn read_config(body: &JsonBody) -> AppResult<JsonMap> {
    let mut fields = body.fields()?;
    if let Some(command) = fields.text("command").flatten() {
        let program = command.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".exe");
        if !COMMANDS.contains(&program) {
            fields.value_error("command", &format!("the command must be one of {}", COMMANDS.join(", ")));
        }
    }
    fields.texts("args");
    fields.text("url");
    fields.object("env");
    fields.object("headers");
    fields.finish()?;
    match body.value()? {
        Value::Object(map) => Ok(map),
        _ => Err(unprocessable(vec![problem(
            "dict_type",
            &[json!("body")],
            "Input should be a valid dictionary",
        )])),
    }
}
