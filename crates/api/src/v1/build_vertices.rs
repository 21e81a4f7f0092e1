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
use crate::sse;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use futures::{StreamExt as _, stream};
use langflow_app::runs::{BuildFlow, Frame, build_vertex, list_vertices, prepare_build};
use langflow_app::{AppError, AppResult};
use langflow_core::run::{RunEvent, VertexBuild};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use utoipa_axum::routes;
use uuid::Uuid;

/// Frames that the reader of a stream may be behind.
const QUEUE: usize = 64;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(order))
        .add(Access::Session, routes!(build_one))
        .add(Access::Session, routes!(stream_one))
}

/// The order in which the nodes of a graph would be built.
#[utoipa::path(post, path = "/api/v1/build/{flow_id}/vertices", tag = "builds",
    params(("flow_id" = String, Path, description = "The flow"),
        ("start_component_id" = Option<String>, Query,
            description = "This component, what follows, and what these need"),
        ("stop_component_id" = Option<String>, Query, description = "What this component needs, and it")),
    request_body(content = Option<Object>, description = "nodes and edges; without a body: the stored graph"),
    responses((status = 200, description = "Ids of nodes"),
        (status = 400, description = "A graph that cannot be built"),
        (status = 404, description = "No such flow"), (status = 422, description = "Fields that do not fit")))]
async fn order(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(flow_id): PathId,
    query: Query,
    MaybeJsonBody(body): MaybeJsonBody,
) -> ApiResult<Json<Value>> {
    let wanted = BuildFlow {
        flow_id,
        data: body.map(|body| graph(&body)).transpose()?,
        start_component_id: query.text("start_component_id").map(str::to_owned),
        stop_component_id: query.text("stop_component_id").map(str::to_owned),
        ..BuildFlow::default()
    };
    query.finish()?;
    let found = list_vertices(&app, &who, wanted).await?;
    Ok(Json(json!({"ids": found.first, "run_id": found.run_id, "vertices_to_run": found.to_run})))
}

fn graph(body: &JsonBody) -> AppResult<Value> {
    let mut fields = body.fields()?;
    for key in ["nodes", "edges"] {
        if !fields.contains(key) {
            fields.missing(key);
        }
    }
    fields.items("nodes");
    fields.items("edges");
    fields.finish()?;
    body.value()
}

/// Build one node, and what it needs.
#[utoipa::path(post, path = "/api/v1/build/{flow_id}/vertices/{vertex_id}", tag = "builds",
    params(("flow_id" = String, Path, description = "The flow"), ("vertex_id" = String, Path, description = "The node")),
    request_body(content = Option<Object>, description = "`{inputs, data}`; without `data`: the stored graph"),
    responses((status = 200, description = "Its result"), (status = 400, description = "It cannot be built"),
        (status = 404, description = "No such flow"), (status = 422, description = "Fields that do not fit")))]
async fn build_one(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path((flow, vertex)): Path<(String, String)>,
    body: MaybeJsonBody,
) -> ApiResult<Json<Value>> {
    let mut wanted = read_body(body.0.as_ref().map_or("{}", |b| b.text()))?;
    wanted.flow_id = flow_id(&flow)?;
    wanted.stop_component_id = Some(vertex);
    wanted.log_builds = true;
    let built = build_vertex(&app, &who, wanted).await?;
    Ok(Json(frames::build_result(&built, app.clock.now())))
}

fn flow_id(text: &str) -> AppResult<Uuid> {
    Uuid::parse_str(text).map_err(|_| AppError::not_found(format!("Flow with id {text} not found")))
}

/// Build one node of the stored flow, and what it needs; its text comes piece by piece where a model gives it so.
#[utoipa::path(get, path = "/api/v1/build/{flow_id}/{vertex_id}/stream", tag = "builds",
    operation_id = "stream_vertex",
    params(("flow_id" = String, Path, description = "The flow"), ("vertex_id" = String, Path, description = "The node")),
    responses((status = 200, description = "`message` with `chunk`, `error`, and `close` at the end",
            content_type = "text/event-stream"),
        (status = 404, description = "No such flow")))]
async fn stream_one(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path((flow, vertex)): Path<(String, String)>,
) -> ApiResult<Response> {
    let wanted = BuildFlow {
        flow_id: flow_id(&flow)?,
        stop_component_id: Some(vertex.clone()),
        ..BuildFlow::default()
    };
    let build = prepare_build(&app, &who, wanted).await?;
    let (sink, receiver) = mpsc::channel(QUEUE);
    let first = sse_event("message", &json!({"message": format!("Streaming vertex {vertex}")}));
    let mut pieces = Pieces { vertex, seen: false };
    let events = frames::driven(build.stream(sink), receiver, move |frame| pieces.write(frame));
    let whole = stream::iter([Ok(Bytes::from(first))])
        .chain(events)
        .chain(stream::iter([Ok(Bytes::from(sse_event("close", &json!({"message": "Stream closed"}))))]));
    Ok(sse::answer(sse::kept_alive(whole, sse::KEEP_ALIVE, sse::comment)))
}

/// The frames of a build as the pieces of one node's text.
struct Pieces {
    vertex: String,
    /// A piece has been sent: the whole text would repeat it.
    seen: bool,
}

impl Pieces {
    /// The event of a frame; nothing of what does not concern the node's text.
    fn write(&mut self, frame: Frame) -> String {
        match frame {
            Frame::Event(RunEvent::Token { chunk, .. }) => {
                self.seen = true;
                sse_event("message", &json!({"chunk": chunk}))
            }
            Frame::Event(RunEvent::EndVertex(ended)) if ended.id == self.vertex => {
                if !ended.valid {
                    return sse_event("error", &json!({"error": ended.params}));
                }
                if self.seen {
                    String::new()
                } else {
                    sse_event("message", &json!({"chunk": text_of(&ended)}))
                }
            }
            Frame::Failed(why) => sse_event("error", &json!({"error": why})),
            _ => String::new(),
        }
    }
}

/// The text of a result: that of its message, else what the editor would show.
fn text_of(build: &VertexBuild) -> String {
    let message = build.results.values().find_map(|result| result.get("text")?.as_str());
    message.unwrap_or(&build.params).to_owned()
}

fn sse_event(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}
