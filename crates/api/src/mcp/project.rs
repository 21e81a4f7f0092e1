//! Settings of a project's server, and the addresses to give to clients (contract-flows 13.5, 13.6).

use super::check_enabled;
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::client::From;
use crate::extract::fields::{Fields, problem, unprocessable};
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::page::Said;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use langflow_app::mcp::{self, AuthSettings, ProjectMcp, ProjectMcpChange, ToolSettingsChange};
use langflow_app::{App, AppResult, projects};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Settings of a project's server as they go out: the types of `langflow_app::mcp` know nothing of documents.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer in the API's document")]
pub struct ProjectMcpRead {
    tools: Vec<ToolSettingsRead>,
    /// `{auth_type, oauth_…}`, secrets masked.
    #[schema(value_type = Option<Object>)]
    auth_settings: Option<Value>,
    server_name: String,
}

/// A flow as a tool.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer in the API's document")]
pub struct ToolSettingsRead {
    id: Uuid,
    mcp_enabled: Option<bool>,
    action_name: String,
    action_description: String,
    name: String,
    description: Option<String>,
}

/// Where clients find the server of a project.
#[derive(Serialize, ToSchema)]
pub struct ProjectUrls {
    project_id: Uuid,
    uses_composer: bool,
    streamable_http_url: String,
    legacy_sse_url: String,
    error_message: Option<String>,
}

/// Flows of a project as tools.
#[utoipa::path(get, path = "/api/v1/mcp/project/{project_id}", tag = "mcp", operation_id = "read_project_mcp_settings",
    params(("project_id" = String, Path, description = "The project"),
        ("mcp_enabled" = Option<bool>, Query, description = "Only those that are tools; default true")),
    responses((status = 200, description = "Settings", body = ProjectMcpRead),
        (status = 404, description = "No such project")))]
pub async fn read_settings(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(project): PathId,
    mut query: Query,
) -> ApiResult<Json<ProjectMcp>> {
    let enabled_only = query.boolean("mcp_enabled", true);
    query.finish()?;
    Ok(Json(mcp::read_settings(&app, &who, project, enabled_only).await?))
}

/// Choose which flows are tools, and what the server asks of clients.
#[utoipa::path(patch, path = "/api/v1/mcp/project/{project_id}", tag = "mcp", operation_id = "change_project_mcp_settings",
    params(("project_id" = String, Path, description = "The project")),
    request_body(content = Object, description = "`{settings, auth_settings}`, or the list of settings alone"),
    responses((status = 200, description = "Changed", body = Said), (status = 404, description = "No such project"),
        (status = 422, description = "A field is wrong")))]
pub async fn change_settings(
    State(app): State<AppState>,
    Caller(who): Caller,
    From(client): From,
    PathId(project): PathId,
    body: JsonBody,
) -> ApiResult<Json<Said>> {
    let change = read_change(&body)?;
    let has_auth = change.auth_settings.is_some();
    let changed = mcp::change_settings(&app, &who, &client, project, change).await?;
    let auth = if has_auth { " and project auth settings" } else { "" };
    Ok(Json(Said::new(format!("Updated MCP settings for {changed} flows{auth}"))))
}

/// Where clients find the server of a project.
#[utoipa::path(get, path = "/api/v1/mcp/project/{project_id}/composer-url", tag = "mcp", operation_id = "read_project_mcp_urls",
    params(("project_id" = String, Path, description = "The project")),
    responses((status = 200, description = "Addresses", body = ProjectUrls),
        (status = 404, description = "No such project")))]
pub async fn read_urls(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(project): PathId,
    headers: HeaderMap,
) -> ApiResult<Json<ProjectUrls>> {
    check_enabled(&app)?;
    projects::find_project(&app, &who, project).await?;
    Ok(Json(ProjectUrls {
        project_id: project,
        uses_composer: false,
        streamable_http_url: streamable_url(&app, &headers, project),
        legacy_sse_url: format!("{}/api/v1/mcp/project/{project}/sse", origin_of(&app, &headers)),
        error_message: None,
    }))
}

pub fn streamable_url(app: &App, headers: &HeaderMap, project: Uuid) -> String {
    format!("{}/api/v1/mcp/project/{project}/streamable", origin_of(app, headers))
}

/// The address of this server as the client sees it: the operator's word, else the host it asked for.
pub fn origin_of(app: &App, headers: &HeaderMap) -> String {
    if !app.settings.mcp.base_url.is_empty() {
        return app.settings.mcp.base_url.clone();
    }
    let scheme = if app.settings.auth.serves_tls { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{scheme}://{host}{}", app.settings.auth.root_path.trim_end_matches('/'))
}

fn read_change(body: &JsonBody) -> AppResult<ProjectMcpChange> {
    let value = body.value()?;
    // Clients of 1.5 send the list alone.
    let wrapped = if value.is_array() { json!({"settings": value}) } else { value };
    if !wrapped.is_object() {
        let text = "Input should be a valid dictionary or object to extract fields from";
        return Err(unprocessable(vec![problem("model_attributes_type", &[json!("body")], text)]));
    }
    let text = wrapped.to_string();
    let mut fields = Fields::parse(&text, vec![json!("body")])?;
    let mut change = ProjectMcpChange::default();
    match fields.items("settings").flatten() {
        Some(items) => {
            for mut item in items {
                let id = item.uuid("id").flatten();
                if id.is_none() && !item.contains("id") {
                    item.missing("id");
                }
                let tool = id.map(|id| ToolSettingsChange {
                    id,
                    mcp_enabled: item.boolean("mcp_enabled").flatten().unwrap_or(false),
                    action_name: item.text("action_name").flatten(),
                    action_description: item.text("action_description").flatten(),
                });
                change.tools.extend(tool);
                fields.absorb(item);
            }
        }
        None if !fields.contains("settings") => fields.missing("settings"),
        None => {}
    }
    if let Some(auth) = fields.object("auth_settings").flatten() {
        match serde_json::from_value::<AuthSettings>(Value::Object(auth)) {
            Ok(auth) => change.auth_settings = Some(auth),
            Err(error) => fields.value_error("auth_settings", &error.to_string()),
        }
    }
    fields.finish()?;
    Ok(change)
}
