//! Workflows: runs as the editor of the reference starts them (contract-flows 10).

mod agui;
mod background;
mod body;
mod public;
mod stream;
mod sync;

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::routes::Routes;
use crate::v1::runs::request_variables;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use body::Mode;
use langflow_app::{AppError, AppResult, ErrorKind, flows};
use serde_json::json;
use utoipa_axum::routes;
use uuid::Uuid;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(run_workflow, background::read_workflow))
        .add(Access::Session, routes!(background::list_pending))
        .add(Access::Session, routes!(background::stop_workflow))
        .add(Access::Session, routes!(background::resume))
        .add(Access::Session, routes!(background::read_events))
        .add(Access::Optional, routes!(public::run_public_workflow))
}

/// Run a flow: answered at its end, as a stream of events, or in the background.
#[utoipa::path(post, path = "/api/v2/workflows", tag = "workflows", request_body = body::WorkflowBody,
    responses((status = 200, description = "The result, events, or the job"), (status = 404, description = "No such flow"),
        (status = 422, description = "Fields that do not fit")))]
async fn run_workflow(
    State(app): State<AppState>,
    Caller(who): Caller,
    headers: HeaderMap,
    body: JsonBody,
) -> ApiResult<Response> {
    let mut wanted = body::read(&body)?;
    wanted.variables = request_variables(&headers).over_body(wanted.globals.iter().cloned());
    known(flows::find_flow(&app, &who, wanted.flow_id).await, wanted.flow_id)?;
    match wanted.mode {
        Mode::Sync => Ok(Json(sync::run(&app, &who, wanted).await?).into_response()),
        Mode::Stream => stream::run(&app, &who, wanted).await,
        Mode::Background => Ok(Json(background::start(&app, &who, wanted).await?).into_response()),
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

fn no_job(job: &str) -> AppError {
    AppError::not_found(json!({
        "error": "Workflow job not found", "code": "JOB_NOT_FOUND",
        "message": format!("Workflow job {job} not found"), "job_id": job,
    }))
}
