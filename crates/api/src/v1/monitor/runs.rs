//! Runs of the caller: when, how long, how they ended. Not in Langflow.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::query::Query;
use crate::time;
use axum::Json;
use axum::extract::State;
use langflow_app::runs::history::{self, Run, RunFilter, Window};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Flows that are asked about at once.
const MOST_FLOWS: usize = 200;

/// A run as clients see it, without what went in and came out.
#[derive(Serialize, ToSchema)]
pub struct RunRead {
    id: Uuid,
    flow_id: Uuid,
    session_id: String,
    /// The surface it came by: `run`, `build`, `webhook`, …
    kind: String,
    /// `queued`, `in_progress`, `suspended`, `completed`, `failed`, `cancelled` or `timed_out`.
    status: &'static str,
    created_at: String,
    finished_at: Option<String>,
    /// From its start to its end; none while it runs.
    duration_ms: Option<i64>,
    total_tokens: i64,
    /// Why it failed.
    error: Option<String>,
}

impl From<Run> for RunRead {
    fn from(run: Run) -> Self {
        let started = run.started_at.unwrap_or(run.created_at);
        Self {
            id: run.id,
            flow_id: run.flow_id,
            session_id: run.session_id,
            kind: run.kind,
            status: run.status.as_str(),
            created_at: time::micros(run.created_at),
            finished_at: run.finished_at.map(time::micros),
            duration_ms: run.finished_at.map(|end| (end - started).num_milliseconds()),
            total_tokens: run.total_tokens,
            error: run.error.and_then(|error| message(&error.read().ok()?)),
        }
    }
}

fn message(error: &serde_json::Value) -> Option<String> {
    let text = error.get("message").unwrap_or(error);
    Some(text.as_str().map_or_else(|| text.to_string(), str::to_owned))
}

#[derive(Serialize, ToSchema)]
pub struct RunPage {
    items: Vec<RunRead>,
    total: u64,
    page: u64,
    size: u64,
}

/// Runs of the caller, newest first.
#[utoipa::path(get, path = "/api/v1/monitor/runs", tag = "monitor", params(
    ("flow_id" = Option<Uuid>, Query, description = "Of this flow"),
    ("session_id" = Option<String>, Query, description = "Of this session"),
    ("page" = Option<i64>, Query, description = "From 1"), ("size" = Option<i64>, Query, description = "1 to 200"),
), responses((status = 200, body = RunPage)))]
pub async fn list_runs(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<RunPage>> {
    let page = query.integer("page", 1, 1, None).unsigned_abs();
    let size = query.integer("size", 50, 1, Some(200)).unsigned_abs();
    let filter = RunFilter {
        flow_id: query.uuid("flow_id"),
        session_id: query.text("session_id").map(str::to_owned),
        window: Window::page(page, size),
        ..RunFilter::default()
    };
    query.finish()?;
    let found = history::list_runs(&app, &who, &filter).await?;
    let items = found.items.into_iter().map(RunRead::from).collect();
    Ok(Json(RunPage { items, total: found.total, page, size }))
}

/// The newest run of each of these flows; flows that never ran, and those of others, are left out.
#[utoipa::path(get, path = "/api/v1/monitor/runs/latest", tag = "monitor",
    params(("flow_ids" = String, Query, description = "Ids, with commas between, 200 at most")),
    responses((status = 200, body = [RunRead])))]
pub async fn list_latest_runs(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<Vec<RunRead>>> {
    let listed = query.required_text("flow_ids");
    let flows: Option<Vec<Uuid>> = listed.split(',').map(|id| Uuid::try_parse(id.trim()).ok()).collect();
    if flows.as_ref().is_none_or(|flows| flows.len() > MOST_FLOWS) {
        query.problem(
            "flow_ids",
            "uuid_parsing",
            "Input should be up to 200 valid UUIDs with commas between",
        );
    }
    query.finish()?;
    let found = history::latest_runs(&app, &who, &flows.unwrap_or_default()).await?;
    Ok(Json(found.into_iter().map(RunRead::from).collect()))
}
