//! `POST /api/v1/flows/expand/`: a graph in short form becomes one as the editor has it (contract-flows 3.12).

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use axum::Json;
use axum::extract::State;
use langflow_app::flows::{CompactEdge, CompactNode, expand};
use serde_json::Value;
use utoipa::ToSchema;

/// A graph in short form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the API's document; it is read field by field")]
pub struct CompactGraph {
    /// `{id, type, values}`; the type is the key of the component in the catalogue.
    #[schema(value_type = Vec<Object>)]
    nodes: Vec<Value>,
    /// `{source, source_output, target, target_input}`
    #[schema(value_type = Vec<Object>)]
    edges: Vec<Value>,
}

/// Make a graph in short form into one that can be stored.
#[utoipa::path(post, path = "/api/v1/flows/expand/", tag = "flows", request_body = CompactGraph,
    responses((status = 200, description = "The graph"), (status = 400, description = "Components or fields that are not there"),
        (status = 422, description = "Fields that do not fit")))]
pub(super) async fn expand_flow(
    State(app): State<AppState>,
    _caller: Caller,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let mut nodes = Vec::new();
    for key in ["nodes", "edges"] {
        if !fields.contains(key) {
            fields.missing(key);
        }
    }
    for mut item in fields.items("nodes").flatten().unwrap_or_default() {
        nodes.push(CompactNode {
            id: item.required_text("id"),
            kind: item.required_text("type"),
            values: item.object("values").flatten().unwrap_or_default(),
        });
        fields.absorb(item);
    }
    let mut edges = Vec::new();
    for mut item in fields.items("edges").flatten().unwrap_or_default() {
        edges.push(CompactEdge {
            source: item.required_text("source"),
            source_output: item.required_text("source_output"),
            target: item.required_text("target"),
            target_input: item.required_text("target_input"),
        });
        fields.absorb(item);
    }
    fields.finish()?;
    Ok(Json(expand(&app, &nodes, &edges)?))
}
