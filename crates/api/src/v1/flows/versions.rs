//! Kept states of a flow.

use super::answer::{FlowRead, VersionEntry, VersionList, VersionRead};
use super::body;
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::client::From;
use crate::extract::json::MaybeJsonBody;
use crate::extract::path::{PathId, PathIds};
use crate::extract::query::Query;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use langflow_app::flows;
use std::collections::HashMap;

/// Versions of a flow, newest first, without graphs.
#[utoipa::path(get, path = "/api/v1/flows/{flow_id}/versions/", tag = "flows",
    params(("flow_id" = String, Path, description = "Of the flow"),
        ("limit" = Option<u64>, Query, description = "1 to 100"), ("offset" = Option<u64>, Query, description = "From 0")),
    responses((status = 200, description = "Versions", body = VersionList)))]
pub async fn list_versions(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(flow): PathId,
    mut query: Query,
) -> ApiResult<Json<VersionList>> {
    let limit = query.integer("limit", 50, 1, Some(100)) as u64;
    let offset = query.integer("offset", 0, 0, None) as u64;
    query.finish()?;
    let found = flows::list_versions(&app, &who, flow, limit, offset).await?;
    let authors = found.items.iter().filter_map(|version| version.user_id).collect();
    let names: HashMap<_, _> = flows::find_usernames(&app, authors).await?;
    let entries: Vec<VersionEntry> = found
        .items
        .into_iter()
        .map(|version| {
            let name = version.user_id.and_then(|id| names.get(&id).cloned());
            VersionEntry::new(version, name)
        })
        .collect();
    Ok(Json(VersionList { entries, max_entries: app.settings.flows.max_versions }))
}

/// Keeps the present graph as a version.
#[utoipa::path(post, path = "/api/v1/flows/{flow_id}/versions/", tag = "flows", request_body = Option<Object>,
    params(("flow_id" = String, Path, description = "Of the flow")),
    responses((status = 201, description = "The version", body = VersionRead)))]
pub async fn create_version(
    State(app): State<AppState>,
    Caller(who): Caller,
    From(client): From,
    PathId(flow): PathId,
    MaybeJsonBody(body): MaybeJsonBody,
) -> ApiResult<(StatusCode, Json<VersionRead>)> {
    let mut description = None;
    if let Some(body) = body {
        let mut fields = body.fields()?;
        description = fields.text("description").flatten();
        fields.finish()?;
    }
    let version = flows::create_version(&app, &who, &client, flow, description).await?;
    Ok((StatusCode::CREATED, Json(VersionRead::new(version, false))))
}

/// A version with its graph.
#[utoipa::path(get, path = "/api/v1/flows/{flow_id}/versions/{version_id}", tag = "flows",
    params(("flow_id" = String, Path, description = "Of the flow"), ("version_id" = String, Path, description = "Of the version")),
    responses((status = 200, description = "The version", body = VersionRead),
        (status = 404, description = "Not there")))]
pub async fn read_version(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathIds(ids): PathIds<2>,
) -> ApiResult<Json<VersionRead>> {
    let [flow, id] = ids;
    Ok(Json(VersionRead::new(flows::find_version(&app, &who, flow, id).await?, true)))
}

/// Deletes a version.
#[utoipa::path(delete, path = "/api/v1/flows/{flow_id}/versions/{version_id}", tag = "flows",
    params(("flow_id" = String, Path, description = "Of the flow"), ("version_id" = String, Path, description = "Of the version")),
    responses((status = 204, description = "Deleted"), (status = 404, description = "Not there")))]
pub async fn delete_version(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathIds(ids): PathIds<2>,
) -> ApiResult<StatusCode> {
    let [flow, id] = ids;
    flows::delete_version(&app, &who, flow, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a version the present graph.
#[utoipa::path(post, path = "/api/v1/flows/{flow_id}/versions/{version_id}/activate", tag = "flows",
    params(("flow_id" = String, Path, description = "Of the flow"), ("version_id" = String, Path, description = "Of the version"),
        ("save_draft" = Option<bool>, Query, description = "Keep the present graph as a version first")),
    responses((status = 200, description = "The flow", body = FlowRead),
        (status = 409, description = "The graph has changed since")))]
pub async fn activate_version(
    State(app): State<AppState>,
    Caller(who): Caller,
    From(client): From,
    PathIds(ids): PathIds<2>,
    mut query: Query,
    headers: HeaderMap,
) -> ApiResult<Json<FlowRead>> {
    let [flow, id] = ids;
    let save_draft = query.boolean("save_draft", true);
    query.finish()?;
    let expected = body::if_match(&headers)?;
    Ok(Json(flows::activate_version(&app, &who, &client, flow, id, save_draft, expected).await?.into()))
}
