//! States of nodes, and what went through them.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::query::Query;
use crate::page::PageBody;
use crate::time;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use indexmap::IndexMap;
use langflow_app::flows::RawJson;
use langflow_app::runs::history;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A node's state after a run.
#[derive(Serialize, ToSchema)]
struct BuildItem {
    #[schema(value_type = Option<Object>)]
    data: Option<RawJson>,
    valid: bool,
    job_id: Option<Uuid>,
    timestamp: String,
    #[schema(value_type = Option<Object>)]
    artifacts: Option<RawJson>,
    params: Option<String>,
    id: String,
    flow_id: Uuid,
    build_id: Uuid,
}

/// The latest states of a flow's nodes.
#[derive(Serialize, ToSchema)]
pub struct BuildsRead {
    #[schema(value_type = std::collections::HashMap<String, Vec<BuildItem>>)]
    vertex_builds: IndexMap<String, Vec<BuildItem>>,
}

/// The latest states of the nodes of a flow.
#[utoipa::path(get, path = "/api/v1/monitor/builds", tag = "monitor",
    params(("flow_id" = String, Query, description = "Of the flow")),
    responses((status = 200, description = "States by node; none for a flow of somebody else", body = BuildsRead)))]
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
#[derive(Serialize, ToSchema)]
pub struct TransactionItem {
    id: Uuid,
    timestamp: String,
    vertex_id: String,
    target_id: Option<String>,
    #[schema(value_type = Option<Object>)]
    inputs: Option<RawJson>,
    #[schema(value_type = Option<Object>)]
    outputs: Option<RawJson>,
    status: String,
}

/// What went through the nodes of a flow, newest first.
#[utoipa::path(get, path = "/api/v1/monitor/transactions", tag = "monitor",
    params(("flow_id" = String, Query, description = "Of the flow"),
        ("page" = Option<u64>, Query, description = "From 1"), ("size" = Option<u64>, Query, description = "1 to 100")),
    responses((status = 200, description = "A page", body = PageBody<TransactionItem>)))]
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

/// Runs under way.
#[derive(Serialize, ToSchema)]
pub struct JobQueue {
    backend: &'static str,
    active_jobs: usize,
}

/// Runs under way in this process.
#[utoipa::path(get, path = "/api/v1/monitor/job_queue", tag = "monitor",
    responses((status = 200, description = "How many", body = JobQueue)))]
pub async fn read_job_queue(State(app): State<AppState>) -> Json<JobQueue> {
    Json(JobQueue { backend: "memory", active_jobs: app.runs.logs.count() })
}
