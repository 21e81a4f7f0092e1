//! Runs as traces (contract-flows 12.5).

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::time;
use crate::v1::times;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::TimeDelta;
use langflow_app::flows::RawJson;
use langflow_app::runs::history::{self, Outcome, RunFilter, Trace, Transaction, Window};
use langflow_core::value::Usage;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A run.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceRead {
    id: Uuid,
    /// Name and id of the flow.
    name: String,
    /// `unset` while it runs, `ok` or `error`.
    status: &'static str,
    start_time: String,
    total_latency_ms: i64,
    total_tokens: i64,
    flow_id: Uuid,
    session_id: String,
    /// What was sent, where the run keeps it.
    #[schema(value_type = Option<Object>)]
    input: Value,
    /// What the output nodes gave, by the names of their outputs, where the run keeps it.
    #[schema(value_type = Option<Object>)]
    output: Value,
}

/// A run and its nodes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceDetail {
    #[serde(flatten)]
    trace: TraceRead,
    end_time: Option<String>,
    spans: Vec<SpanRead>,
}

/// What a node did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SpanRead {
    id: Uuid,
    name: String,
    /// `llm` where a model was asked, else `chain`.
    r#type: &'static str,
    status: &'static str,
    start_time: String,
    end_time: String,
    latency_ms: i64,
    #[schema(value_type = Option<Object>)]
    inputs: Value,
    #[schema(value_type = Option<Object>)]
    outputs: Value,
    error: Option<String>,
    model_name: Option<String>,
    token_usage: Option<TokenUsage>,
    /// Spans of what it called: none are kept.
    #[schema(value_type = Vec<Object>)]
    children: [(); 0],
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "names of the wire")]
struct TokenUsage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

/// Traces of a list.
#[derive(Serialize, ToSchema)]
pub struct TracePage {
    traces: Vec<TraceRead>,
    total: u64,
    pages: u64,
}

/// Runs as traces, newest first.
#[utoipa::path(get, path = "/api/v1/monitor/traces", tag = "monitor",
    params(("flow_id" = Option<String>, Query, description = "Of this flow; else of all of the caller's"),
        ("session_id" = Option<String>, Query, description = "Of this session"),
        ("status" = Option<String>, Query, description = "ok, error or unset (still running)"),
        ("query" = Option<String>, Query, description = "Part of the name or of the session's id, or the trace's id"),
        ("start_time" = Option<String>, Query, description = "Started then or after"),
        ("end_time" = Option<String>, Query, description = "Started then or before"),
        ("page" = Option<u64>, Query, description = "From 1"), ("size" = Option<u64>, Query, description = "1 to 200")),
    responses((status = 200, description = "A page", body = TracePage)))]
pub async fn list_traces(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<TracePage>> {
    let page = query.integer("page", 1, 0, None).max(1) as u64;
    let size = query.integer("size", 50, 1, Some(200)) as u64;
    let filter = RunFilter {
        flow_id: query.uuid("flow_id"),
        session_id: query.text("session_id").map(str::to_owned),
        outcome: match query.choice("status", &["unset", "ok", "error"]) {
            Some("unset") => Some(Outcome::Open),
            Some("ok") => Some(Outcome::Well),
            Some("error") => Some(Outcome::Badly),
            _ => None,
        },
        since: times::of_query(&mut query, "start_time"),
        until: times::of_query(&mut query, "end_time"),
        text: query.text("query").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        window: Window::page(page, size),
        ..RunFilter::default()
    };
    query.finish()?;
    let found = history::list_traces(&app, &who, filter).await?;
    let pages = found.total.div_ceil(size);
    Ok(Json(TracePage { traces: found.items.iter().map(brief).collect(), total: found.total, pages }))
}

/// A run and its nodes as a trace with spans.
#[utoipa::path(get, path = "/api/v1/monitor/traces/{trace_id}", tag = "monitor",
    params(("trace_id" = String, Path, description = "The run")),
    responses((status = 200, description = "The trace", body = TraceDetail),
        (status = 404, description = "Not there, or another's")))]
pub async fn read_trace(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<Json<TraceDetail>> {
    let (trace, spans) = history::find_trace(&app, &who, id).await?;
    Ok(Json(TraceDetail {
        trace: brief(&trace),
        end_time: trace.run.finished_at.map(time::micros),
        spans: spans.into_iter().map(span).collect(),
    }))
}

fn brief(trace: &Trace) -> TraceRead {
    let run = &trace.run;
    let started = run.started_at.unwrap_or(run.created_at);
    TraceRead {
        id: run.id,
        name: trace.name.clone(),
        status: match (&run.error, run.finished_at) {
            (Some(_), _) => "error",
            (None, Some(_)) => "ok",
            (None, None) => "unset",
        },
        start_time: time::micros(started),
        total_latency_ms: run.finished_at.map_or(0, |end| (end - started).num_milliseconds()),
        total_tokens: run.total_tokens,
        flow_id: run.flow_id,
        session_id: run.session_id.clone(),
        input: input(trace),
        output: output(trace),
    }
}

fn input(trace: &Trace) -> Value {
    let input = trace.run.input.as_ref().map(RawJson::to_value).unwrap_or_default();
    input.get("input_value").map_or(Value::Null, |value| json!({ "input_value": value }))
}

fn output(trace: &Trace) -> Value {
    let result = trace.run.result.as_ref().map(RawJson::to_value).unwrap_or_default();
    result.pointer("/results/0/results").cloned().unwrap_or_default()
}

fn span(node: Transaction) -> SpanRead {
    let latency_ms = node.duration_ms.unwrap_or_default();
    let inputs = node.inputs.as_ref().map(RawJson::to_value).unwrap_or_default();
    let usage = node.usage.as_ref().and_then(|usage| usage.read::<Usage>().ok());
    SpanRead {
        id: node.id,
        name: node.display_name.unwrap_or(node.vertex_id),
        r#type: if usage.is_some() { "llm" } else { "chain" },
        status: if node.status == "success" { "ok" } else { "error" },
        start_time: time::micros(node.timestamp - TimeDelta::milliseconds(latency_ms)),
        end_time: time::micros(node.timestamp),
        latency_ms,
        model_name: usage.is_some().then(|| model_of(&inputs)).flatten(),
        inputs,
        outputs: node.outputs.as_ref().map(RawJson::to_value).unwrap_or_default(),
        error: node.error,
        token_usage: usage.map(|usage| TokenUsage {
            prompt_tokens: usage.input_tokens,
            completion_tokens: usage.output_tokens,
            total_tokens: usage.total_tokens,
        }),
        children: [],
    }
}

/// The model that a node was set to: by its name, or chosen in a picker.
fn model_of(inputs: &Value) -> Option<String> {
    let named = inputs.get("model_name").or_else(|| inputs.pointer("/model/0/name"));
    named?.as_str().map(str::to_owned)
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
