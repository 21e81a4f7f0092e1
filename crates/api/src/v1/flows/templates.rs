//! Flows to start from.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::path::PathId;
use crate::time;
use axum::Json;
use axum::extract::State;
use langflow_app::templates::{Template, list_templates};
use langflow_app::{App, flows};
use serde_json::{Value, json};

/// Templates of the gallery. `needs` lists what a user has to give before one runs: kind (`model`, `embedding`,
/// `key`, `file`, `service`, `network`), name where there is one, and a sentence.
#[utoipa::path(get, path = "/api/v1/flows/basic_examples/", tag = "flows",
    responses((status = 200, description = "Templates with their graphs")))]
pub async fn list_basic_examples(State(app): State<AppState>) -> ApiResult<Json<Value>> {
    let templates = list_templates(&app).await?;
    Ok(Json(templates.iter().map(|template| example(&app, template)).collect()))
}

/// Templates as bare graphs.
#[utoipa::path(get, path = "/api/v1/starter-projects/", tag = "flows",
    responses((status = 200, description = "Templates")))]
pub async fn list_starter_projects(State(app): State<AppState>, _caller: Caller) -> ApiResult<Json<Value>> {
    let bare = |template: &Template| {
        json!({
            "data": template.graph,
            "is_component": false,
            "name": template.name,
            "name_key": template.key,
            "description": template.description,
            "endpoint_name": null,
        })
    };
    Ok(Json(list_templates(&app).await?.iter().map(bare).collect()))
}

/// A template in the form of a flow that is nobody's.
fn example(app: &App, template: &Template) -> Value {
    json!({
        "name": template.name,
        "description": template.description,
        "icon": template.icon,
        "icon_bg_color": null,
        "gradient": null,
        "data": template.graph,
        "is_component": false,
        "updated_at": time::seconds(app.clock.now()),
        "webhook": false,
        "endpoint_name": null,
        "tags": template.tags,
        "locked": false,
        "mcp_enabled": false,
        "action_name": null,
        "action_description": null,
        "access_type": "PRIVATE",
        "flow_type": "workflow",
        "a2a_enabled": false,
        "a2a_card_overrides": null,
        "id": template.id,
        "user_id": null,
        "folder_id": null,
        "workspace_id": null,
        "name_key": template.key,
        "version_token": null,
        "needs": template.needs,
    })
}

/// Notes of a flow in the caller's language: the flow's own words stand.
#[utoipa::path(get, path = "/api/v1/flows/{flow_id}/note_translations", tag = "flows",
    params(("flow_id" = String, Path, description = "Of the flow")),
    responses((status = 200, description = "Texts by node; none")))]
pub async fn read_note_translations(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<Json<Value>> {
    flows::find_flow(&app, &who, id).await?;
    Ok(Json(json!({})))
}
