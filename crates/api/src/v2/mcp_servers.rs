//! MCP servers that flows may call (contract-flows 13.7).

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::fields::{problem, unprocessable};
use crate::extract::json::JsonBody;
use crate::routes::Routes;
use axum::Json;
use axum::extract::{Path, State};
use langflow_app::{AppResult, mcp_servers};
use langflow_core::JsonMap;
use serde_json::{Value, json};
use utoipa_axum::routes;

/// Programs that a server may be started with.
const COMMANDS: [&str; 9] = ["node", "python", "python3", "npx", "uvx", "docker", "cmd", "sh", "bash"];

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_servers))
        .add(Access::Session, routes!(read_server, add_server, change_server, delete_server))
}

/// Servers of the caller. They are not connected to for the list.
#[utoipa::path(get, path = "/api/v2/mcp/servers", tag = "mcp", responses((status = 200, description = "Servers")))]
async fn list_servers(State(app): State<AppState>, Caller(who): Caller) -> ApiResult<Json<Value>> {
    let item = |(name, config): &(String, JsonMap)| {
        let mode = match (config.contains_key("command"), config.contains_key("url")) {
            (_, true) => json!("streamable_http"),
            (true, false) => json!("stdio"),
            _ => Value::Null,
        };
        json!({"name": name, "mode": mode, "toolsCount": null})
    };
    let servers: Vec<Value> = mcp_servers::list_servers(&app, &who).await?.iter().map(item).collect();
    Ok(Json(json!(servers)))
}

/// A server, its secrets masked.
#[utoipa::path(get, path = "/api/v2/mcp/servers/{server_name}", tag = "mcp",
    params(("server_name" = String, Path, description = "Its name")),
    responses((status = 200, description = "Its configuration"), (status = 404, description = "Not there")))]
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
    responses((status = 200, description = "Its configuration"), (status = 409, description = "The name is taken")))]
async fn add_server(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(name): Path<String>,
    body: JsonBody,
) -> ApiResult<Json<JsonMap>> {
    let config = read_config(&body)?;
    Ok(Json(mcp_servers::add_server(&app, &who, name, config).await?))
}

/// Merges keys into a server; a masked secret stays as it is.
#[utoipa::path(patch, path = "/api/v2/mcp/servers/{server_name}", tag = "mcp", request_body = Object,
    params(("server_name" = String, Path, description = "Its name")),
    responses((status = 200, description = "Its configuration"), (status = 404, description = "Not there")))]
async fn change_server(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(name): Path<String>,
    body: JsonBody,
) -> ApiResult<Json<JsonMap>> {
    let patch = read_config(&body)?;
    Ok(Json(mcp_servers::change_server(&app, &who, name, patch).await?))
}

/// Deletes a server.
#[utoipa::path(delete, path = "/api/v2/mcp/servers/{server_name}", tag = "mcp",
    params(("server_name" = String, Path, description = "Its name")),
    responses((status = 200, description = "Deleted"), (status = 404, description = "Not there")))]
async fn delete_server(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(name): Path<String>,
) -> ApiResult<Json<Value>> {
    mcp_servers::delete_server(&app, &who, name).await?;
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
