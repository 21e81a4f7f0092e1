//! Builds node by node, as clients from before whole builds drive them (contract-flows 9.8).

use super::build::read_body;
use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::{JsonBody, MaybeJsonBody};
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::frames;
use crate::routes::Routes;
use axum::Json;
use axum::extract::{Path, State};
use langflow_app::AppError;
use langflow_app::runs::{BuildFlow, build_vertex, list_vertices};
use serde_json::{Value, json};
use utoipa_axum::routes;
use uuid::Uuid;

pub fn routes() -> Routes {
    Routes::new().add(Access::Session, routes!(order)).add(Access::Session, routes!(build_one))
}

/// The order in which the nodes of a graph would be built.
#[utoipa::path(post, path = "/api/v1/build/{flow_id}/vertices", tag = "builds",
    params(("flow_id" = String, Path, description = "The flow"),
        ("start_component_id" = Option<String>, Query, description = "This component and what follows"),
        ("stop_component_id" = Option<String>, Query, description = "What this component needs, and it")),
    request_body(content = Object, description = "nodes and edges"),
    responses((status = 200, description = "Ids of nodes"), (status = 400, description = "A graph that cannot be built"),
        (status = 404, description = "No such flow"), (status = 422, description = "Fields that do not fit")))]
async fn order(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(flow_id): PathId,
    query: Query,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    for key in ["nodes", "edges"] {
        if !fields.contains(key) {
            fields.missing(key);
        }
    }
    fields.items("nodes");
    fields.items("edges");
    fields.finish()?;
    let wanted = BuildFlow {
        flow_id,
        data: Some(body.value()?),
        start_component_id: query.text("start_component_id").map(str::to_owned),
        stop_component_id: query.text("stop_component_id").map(str::to_owned),
        ..BuildFlow::default()
    };
    query.finish()?;
    let found = list_vertices(&app, &who, wanted).await?;
    Ok(Json(json!({"ids": found.first, "run_id": found.run_id, "vertices_to_run": found.to_run})))
}

/// Build one node, and what it needs.
#[utoipa::path(post, path = "/api/v1/build/{flow_id}/vertices/{vertex_id}", tag = "builds",
    params(("flow_id" = String, Path, description = "The flow"), ("vertex_id" = String, Path, description = "The node")),
    responses((status = 200, description = "Its result"), (status = 400, description = "It cannot be built"),
        (status = 404, description = "No such flow"), (status = 422, description = "Fields that do not fit")))]
async fn build_one(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path((flow, vertex)): Path<(String, String)>,
    body: MaybeJsonBody,
) -> ApiResult<Json<Value>> {
    let mut wanted = read_body(body.0.as_ref().map_or("{}", |b| b.text()))?;
    wanted.flow_id =
        Uuid::parse_str(&flow).map_err(|_| AppError::not_found(format!("Flow with id {flow} not found")))?;
    wanted.stop_component_id = Some(vertex);
    wanted.log_builds = true;
    let built = build_vertex(&app, &who, wanted).await?;
    Ok(Json(frames::build_result(&built, app.clock.now())))
}
