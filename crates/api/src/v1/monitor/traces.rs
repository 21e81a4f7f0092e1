//! Runs as traces (contract-flows 12.5).

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::time;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use langflow_app::runs::history::{self, Trace};
use langflow_app::users::RawJson;
use serde_json::{Value, json};

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
                "latencyMs": 0, "inputs": span.inputs, "outputs": span.outputs, "error": span.error,
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
        "input": input(trace), "output": output(trace),
    })
}

/// What was sent, where the run keeps it.
fn input(trace: &Trace) -> Value {
    let input = trace.run.input.as_ref().map(RawJson::to_value).unwrap_or_default();
    input.get("input_value").map_or(Value::Null, |value| json!({ "input_value": value }))
}

/// What the output nodes gave, by the names of their outputs, where the run keeps it.
fn output(trace: &Trace) -> Value {
    let result = trace.run.result.as_ref().map(RawJson::to_value).unwrap_or_default();
    result.pointer("/results/0/results").cloned().unwrap_or_default()
}

/// Forgets a run. Its messages stay.
#[utoipa::path(delete, path = "/api/v1/monitor/traces/{trace_id}", tag = "monitor",
    params(("trace_id" = String, Path, description = "The run")),
    responses((status = 204, description = "Deleted"), (status = 404, description = "Not there, or another's")))]
pub async fn delete_trace(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<StatusCode> {
    history::delete_trace(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets the runs of a flow. Their messages stay.
#[utoipa::path(delete, path = "/api/v1/monitor/traces", tag = "monitor",
    params(("flow_id" = String, Query, description = "Of the flow")),
    responses((status = 204, description = "Deleted")))]
pub async fn delete_traces(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<StatusCode> {
    let flow = query.required_uuid("flow_id");
    query.finish()?;
    history::delete_traces(&app, &who, flow).await?;
    Ok(StatusCode::NO_CONTENT)
}
