//! States of nodes, what went through them, traces, logs.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::page::PageBody;
use crate::time;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use indexmap::IndexMap;
use langflow_app::flows::RawJson;
use langflow_app::runs::history::{self, Trace};
use langflow_app::{AppError, ErrorKind};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// A node's state after a run.
#[derive(Serialize)]
struct BuildItem {
    data: Option<RawJson>,
    valid: bool,
    job_id: Option<Uuid>,
    timestamp: String,
    artifacts: Option<RawJson>,
    params: Option<String>,
    id: String,
    flow_id: Uuid,
    build_id: Uuid,
}

/// The latest states of a flow's nodes.
#[derive(Serialize)]
pub struct BuildsRead {
    vertex_builds: IndexMap<String, Vec<BuildItem>>,
}

/// The latest states of the nodes of a flow.
#[utoipa::path(get, path = "/api/v1/monitor/builds", tag = "monitor",
    params(("flow_id" = String, Query, description = "Of the flow")),
    responses((status = 200, description = "States by node; none for a flow of somebody else")))]
pub async fn list_builds(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<BuildsRead>> {
    let flow = query.required_uuid("flow_id");
    query.finish()?;
    let mut builds: IndexMap<String, Vec<BuildItem>> = IndexMap::new();
    for build in history::list_builds(&app, &who, flow).await? {
        builds.entry(build.vertex_id.clone()).or_default().push(BuildItem {
            data: build.data,
            valid: build.valid,
            job_id: build.run_id,
            timestamp: time::micros(build.timestamp),
            artifacts: build.artifacts,
            params: build.params,
            id: build.vertex_id,
            flow_id: build.flow_id,
            build_id: build.id,
        });
    }
    Ok(Json(BuildsRead { vertex_builds: builds }))
}

/// Forgets the states of a flow's nodes.
#[utoipa::path(delete, path = "/api/v1/monitor/builds", tag = "monitor",
    params(("flow_id" = String, Query, description = "Of the flow")),
    responses((status = 204, description = "Deleted")))]
pub async fn delete_builds(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<StatusCode> {
    let flow = query.required_uuid("flow_id");
    query.finish()?;
    history::delete_builds(&app, &who, flow).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What went into a node and came out.
#[derive(Serialize)]
pub struct TransactionItem {
    id: Uuid,
    timestamp: String,
    vertex_id: String,
    target_id: Option<String>,
    inputs: Option<RawJson>,
    outputs: Option<RawJson>,
    status: String,
}

/// What went through the nodes of a flow, newest first.
#[utoipa::path(get, path = "/api/v1/monitor/transactions", tag = "monitor",
    params(("flow_id" = String, Query, description = "Of the flow"),
        ("page" = Option<u64>, Query, description = "From 1"), ("size" = Option<u64>, Query, description = "1 to 100")),
    responses((status = 200, description = "A page")))]
pub async fn list_transactions(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<PageBody<TransactionItem>>> {
    let flow = query.required_uuid("flow_id");
    let (page, size) = query.page();
    query.finish()?;
    let found = history::list_transactions(&app, &who, flow, page, size).await?;
    let total = found.total;
    let items = found.items.into_iter().map(|row| TransactionItem {
        id: row.id,
        timestamp: time::micros(row.timestamp),
        vertex_id: row.vertex_id,
        target_id: row.target_id,
        inputs: row.inputs,
        outputs: row.outputs,
        status: row.status,
    });
    Ok(Json(PageBody::new(items.collect(), total, page, size)))
}

/// Runs of a flow as traces, newest first.
#[utoipa::path(get, path = "/api/v1/monitor/traces", tag = "monitor",
    params(("flow_id" = String, Query, description = "Of the flow"),
        ("session_id" = Option<String>, Query, description = "Of this session"),
        ("page" = Option<u64>, Query, description = "From 1"), ("size" = Option<u64>, Query, description = "1 to 200")),
    responses((status = 200, description = "A page")))]
pub async fn list_traces(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<Value>> {
    let flow = query.required_uuid("flow_id");
    let session = query.text("session_id").map(str::to_owned);
    let page = query.integer("page", 1, 1, None) as u64;
    let size = query.integer("size", 50, 1, Some(200)) as u64;
    query.finish()?;
    let found = history::list_traces(&app, &who, flow, session, page, size).await?;
    let traces: Vec<Value> = found.items.iter().map(brief).collect();
    Ok(Json(json!({"traces": traces, "total": found.total, "pages": found.total.div_ceil(size)})))
}

/// A run and its nodes as a trace with spans.
#[utoipa::path(get, path = "/api/v1/monitor/traces/{trace_id}", tag = "monitor",
    params(("trace_id" = String, Path, description = "The run")),
    responses((status = 200, description = "The trace"), (status = 404, description = "Not there, or another's")))]
pub async fn read_trace(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<Json<Value>> {
    let (trace, spans) = history::find_trace(&app, &who, id).await?;
    let mut body = brief(&trace);
    let spans: Vec<Value> = spans
        .iter()
        .map(|span| {
            json!({
                "id": span.id, "name": span.vertex_id, "type": "chain",
                "status": if span.status == "success" { "ok" } else { "error" },
                "startTime": time::micros(span.timestamp), "endTime": time::micros(span.timestamp),
                "latencyMs": Value::Null, "inputs": span.inputs, "outputs": span.outputs, "error": span.error,
                "modelName": Value::Null, "tokenUsage": Value::Null, "children": [],
            })
        })
        .collect();
    if let Some(map) = body.as_object_mut() {
        map.insert("endTime".into(), json!(trace.run.finished_at.map(time::micros)));
        map.insert("spans".into(), json!(spans));
    }
    Ok(Json(body))
}

fn brief(trace: &Trace) -> Value {
    let run = &trace.run;
    let started = run.started_at.unwrap_or(run.created_at);
    json!({
        "id": run.id, "name": trace.name,
        "status": if run.error.is_some() { "error" } else { "ok" },
        "startTime": time::micros(started),
        "totalLatencyMs": run.finished_at.map_or(0, |end| (end - started).num_milliseconds()),
        "totalTokens": run.total_tokens, "flowId": run.flow_id, "sessionId": run.session_id,
        "input": run.input, "output": run.result,
    })
}

/// Runs under way in this process.
#[utoipa::path(get, path = "/api/v1/monitor/job_queue", tag = "monitor", responses((status = 200, description = "How many")))]
pub async fn read_job_queue(State(app): State<AppState>) -> Json<Value> {
    Json(json!({"backend": "memory", "active_jobs": app.runs.logs.count()}))
}

/// Lines of the log. They are not kept in memory here: the log is where the operator sends it.
#[utoipa::path(get, path = "/logs", tag = "monitor", responses((status = 501, description = "Log retrieval is off")))]
pub async fn read_logs() -> ApiResult<()> {
    Err(AppError::new(ErrorKind::NotImplemented, "Log retrieval is disabled").into())
}
