//! Flows to start from.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::path::PathId;
use axum::Json;
use axum::extract::State;
use langflow_app::flows;
use serde_json::{Value, json};

/// Templates of the gallery.
#[utoipa::path(get, path = "/api/v1/flows/basic_examples/", tag = "flows",
    responses((status = 200, description = "Templates with their graphs")))]
pub async fn list_basic_examples() -> Json<Value> {
    Json(json!([]))
}

/// Templates as bare graphs.
#[utoipa::path(get, path = "/api/v1/starter-projects/", tag = "flows",
    responses((status = 200, description = "Templates")))]
pub async fn list_starter_projects(_caller: Caller) -> Json<Value> {
    Json(json!([]))
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
