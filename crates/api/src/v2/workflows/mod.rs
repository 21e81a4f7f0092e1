//! Workflows: runs as the editor of the reference starts them (contract-flows 10).

mod agui;
mod body;
mod stream;
mod sync;

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::extract::query::Query;
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use body::Mode;
use langflow_app::{AppError, AppResult, ErrorKind, flows};
use serde_json::{Value, json};
use utoipa_axum::routes;
use uuid::Uuid;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(run_workflow, read_workflow))
        .add(Access::Session, routes!(list_pending))
        .add(Access::Session, routes!(stop_workflow))
}

/// Runs a flow: answered at its end, or as a stream of events.
#[utoipa::path(post, path = "/api/v2/workflows", tag = "workflows", request_body = Object,
    responses((status = 200, description = "The result, or events"), (status = 404, description = "No such flow"),
        (status = 422, description = "Fields that do not fit")))]
async fn run_workflow(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<Response> {
    let wanted = body::read(&body)?;
    known(flows::find_flow(&app, &who, wanted.flow_id).await, wanted.flow_id)?;
    match wanted.mode {
        Mode::Sync => Ok(Json(sync::run(&app, &who, wanted).await?).into_response()),
        Mode::Stream => stream::run(&app, &who, wanted).await,
    }
}

/// An unknown flow, in the form of this surface.
fn known<T>(found: AppResult<T>, id: Uuid) -> AppResult<T> {
    found.map_err(|error| match error.kind {
        ErrorKind::NotFound => AppError::not_found(json!({
            "error": "Flow not found",
            "code": "FLOW_NOT_FOUND",
            "message": format!("Flow {id} is not there"),
            "flow_id": id,
        })),
        _ => error,
    })
}

/// Runs that wait for a human: none, no component asks for one yet.
#[utoipa::path(get, path = "/api/v2/workflows/pending", tag = "workflows",
    params(("flow_id" = String, Query, description = "Of the flow")),
    responses((status = 200, description = "Runs")))]
async fn list_pending(_caller: Caller) -> Json<Value> {
    Json(json!([]))
}

/// A run in the background. There are none here: every job is unknown.
#[utoipa::path(get, path = "/api/v2/workflows", tag = "workflows",
    params(("job_id" = String, Query, description = "Of the job")),
    responses((status = 404, description = "No such job")))]
async fn read_workflow(_caller: Caller, query: Query) -> ApiResult<()> {
    match query.text("job_id") {
        Some(job) => Err(no_job(job).into()),
        None => Err(AppError::bad_request(json!({
            "error": "Missing parameter", "code": "MISSING_PARAMETER", "message": "job_id is required",
        }))
        .into()),
    }
}

/// Stops a run in the background.
#[utoipa::path(post, path = "/api/v2/workflows/stop", tag = "workflows", request_body = Object,
    responses((status = 404, description = "No such job")))]
async fn stop_workflow(_caller: Caller, body: JsonBody) -> ApiResult<()> {
    let mut fields = body.fields()?;
    let job = fields.required_text("job_id");
    fields.finish()?;
    Err(no_job(&job).into())
}

fn no_job(job: &str) -> AppError {
    AppError::not_found(json!({
        "error": "Job not found", "code": "JOB_NOT_FOUND", "message": format!("Job {job} is not there"), "job_id": job,
    }))
}
