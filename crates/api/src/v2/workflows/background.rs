//! Workflows in the background: start, status, events, stop, and those that wait for a human
//! (contract-flows 10.4).

use super::body::Wanted;
use super::stream::{Writer, to_build};
use super::sync::{answer, failure, outputs};
use super::{known, no_job};
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::extract::query::Query;
use crate::sse;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, stream};
use langflow_app::runs::workflow::{
    self, StartWorkflow, Workflow, find_workflow, resume_workflow, start_workflow,
};
use langflow_app::{AppError, ErrorKind, Principal};
use serde_json::{Value, json};
use uuid::Uuid;

pub async fn start(app: &AppState, who: &Principal, wanted: Wanted) -> ApiResult<Value> {
    let (flow_id, globals, key) = (wanted.flow_id, wanted.globals_json(), wanted.idempotency_key.clone());
    let remember = remembered(&wanted);
    let start = StartWorkflow { build: to_build(wanted), remember, idempotency_key: key };
    let id = known(start_workflow(app, who, start).await, flow_id)?;
    Ok(job(id, flow_id, app.clock.now(), "queued", &globals))
}

/// What later requests want to know of a run.
pub fn remembered(wanted: &Wanted) -> Value {
    json!({
        "input_value": wanted.input_value, "stream_protocol": wanted.protocol.as_str(), "expose_graph_state": wanted.shows_graph,
    })
}

fn job(id: Uuid, flow_id: Uuid, created: DateTime<Utc>, status: &str, globals: &Value) -> Value {
    json!({
        "job_id": id, "flow_id": flow_id, "object": "job", "created_timestamp": timestamp(created),
        "status": status, "links": {
            "status": format!("/api/v2/workflows?job_id={id}"),
            "events": format!("/api/v2/workflows/{id}/events"),
            "stop": "/api/v2/workflows/stop",
        },
        "errors": [], "globals": globals,
    })
}

pub fn timestamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

/// The caller's workflow, if this is the id of one.
async fn look_up(app: &AppState, who: &Principal, id: &str) -> ApiResult<Option<Workflow>> {
    match Uuid::parse_str(id) {
        Ok(uuid) => Ok(find_workflow(app, who, uuid).await?),
        Err(_) => Ok(None),
    }
}

async fn find(app: &AppState, who: &Principal, id: &str) -> ApiResult<Workflow> {
    look_up(app, who, id).await?.ok_or_else(|| no_job(id).into())
}

/// A workflow in the background: where it is, or its result.
#[utoipa::path(get, path = "/api/v2/workflows", tag = "workflows",
    params(("job_id" = String, Query, description = "Of the job")),
    responses((status = 200, description = "The job, or the result"), (status = 400, description = "No job_id"),
        (status = 404, description = "No such job"), (status = 408, description = "It took too long"),
        (status = 500, description = "It failed")))]
pub(super) async fn read_workflow(
    State(app): State<AppState>,
    Caller(who): Caller,
    query: Query,
) -> ApiResult<Json<Value>> {
    let id = query.text("job_id").map(str::to_owned);
    query.finish()?;
    let Some(id) = id.filter(|id| !id.is_empty()) else {
        return Err(AppError::bad_request(json!({
            "error": "Missing parameter", "code": "MISSING_PARAMETER", "message": "job_id is required",
        }))
        .into());
    };
    let found = find(&app, &who, &id).await?;
    match found.status {
        "completed" => Ok(Json(result(&found))),
        "failed" => Err(ended_badly(&found, ErrorKind::RunFailed, "JOB_FAILED", "has failed").into()),
        "timed_out" => {
            Err(ended_badly(&found, ErrorKind::TimedOut, "EXECUTION_TIMEOUT", "took too long").into())
        }
        status => {
            let mut body = job(found.id, found.flow_id, found.created_at, status, &json!({}));
            if let (Some(map), Some(request)) = (body.as_object_mut(), found.request) {
                map.insert("human_request".into(), request);
            }
            Ok(Json(body))
        }
    }
}

fn result(found: &Workflow) -> Value {
    let head = json!({
        "flow_id": found.flow_id, "session_id": null, "job_id": found.id, "object": "response",
        "created_timestamp": timestamp(found.created_at),
    });
    answer(head, json!(found.session_id), json!({}), outputs(found.results.clone()), json!([]))
}

fn ended_badly(found: &Workflow, kind: ErrorKind, code: &'static str, what: &str) -> AppError {
    let message = found.error.as_ref().map(|error| format!("Error running graph: {error}"));
    let failure = message.map(|message| failure(&message, found.flow_id));
    AppError::new(
        kind,
        json!({
            "error": "Job failed", "code": code, "message": format!("Job {} {what}.", found.id),
            "job_id": found.id, "error_detail": failure,
        }),
    )
}

/// Stop a workflow in the background.
#[utoipa::path(post, path = "/api/v2/workflows/stop", tag = "workflows", request_body = super::body::StopBody,
    responses((status = 200, description = "Stopped, or over already"), (status = 404, description = "No such job"),
        (status = 422, description = "No job_id")))]
pub(super) async fn stop_workflow(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let id = fields.required_text("job_id");
    fields.finish()?;
    let found = find(&app, &who, &id).await?;
    let message = if workflow::stop_workflow(&app, &found).await? {
        format!("Job {} cancelled successfully.", found.id)
    } else {
        format!("Job {} already finished ({}).", found.id, found.status)
    };
    Ok(Json(json!({"job_id": found.id, "message": message})))
}

/// Workflows of a flow that wait for a human.
#[utoipa::path(get, path = "/api/v2/workflows/pending", tag = "workflows",
    params(("flow_id" = String, Query, description = "Of the flow")),
    responses((status = 200, description = "Runs and what they ask"), (status = 422, description = "flow_id is no id")))]
pub(super) async fn list_pending(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<Value>> {
    let flow = query.required_uuid("flow_id");
    query.finish()?;
    let found = workflow::list_pending(&app, &who, flow).await?;
    Ok(Json(Value::Array(found.into_iter().map(pending).collect())))
}

fn pending(run: Workflow) -> Value {
    let mut item = json!({
        "job_id": run.id, "flow_id": run.flow_id, "session_id": run.session_id, "created_at": timestamp(run.created_at),
    });
    if let (Some(map), Some(Value::Object(request))) = (item.as_object_mut(), run.request) {
        for (key, value) in request {
            map.entry(key).or_insert(value);
        }
    }
    item
}

/// Answer a workflow that waits for a human. It goes on in the background, whatever mode it was started in.
#[utoipa::path(post, path = "/api/v2/workflows/{job_id}/resume", tag = "workflows",
    params(("job_id" = String, Path, description = "The job")), request_body = super::body::ResumeBody,
    responses((status = 200, description = "It goes on"), (status = 404, description = "No such job"),
        (status = 409, description = "It does not wait, or not for this answer"),
        (status = 422, description = "An action that is not allowed, or fields that do not fit"),
        (status = 503, description = "Too many runs in the background")))]
pub(super) async fn resume(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(id): Path<String>,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let request_id = fields.required_text("request_id");
    let decision = fields.object("decision").flatten().unwrap_or_default();
    fields.finish()?;
    let Some(found) = look_up(&app, &who, &id).await? else {
        return Err(AppError::not_found(json!({
            "error": "Workflow job not found", "code": "JOB_NOT_FOUND", "job_id": id,
        }))
        .into());
    };
    let resumed = resume_workflow(&app, &who, &found, &request_id, decision).await?;
    let message = if resumed.is_late {
        "The answer came after the timeout: the run goes on the way for late answers."
    } else {
        "The run goes on."
    };
    Ok(Json(json!({"job_id": resumed.id, "status": "resuming", "message": message})))
}

/// Events of a workflow in the background: all of them, or those after `Last-Event-ID`; then as they come.
#[utoipa::path(get, path = "/api/v2/workflows/{job_id}/events", tag = "workflows", operation_id = "read_workflow_events",
    params(("job_id" = String, Path, description = "The job"),
        ("Last-Event-ID" = Option<String>, Header, description = "Number of the last event that was read")),
    responses((status = 200, description = "Events", content_type = "text/event-stream"),
        (status = 404, description = "No such job")))]
pub(super) async fn read_events(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let Some(found) = look_up(&app, &who, &id).await? else {
        return Err(AppError::not_found(json!({
            "error": "Background run not found", "code": "JOB_NOT_FOUND",
            "message": format!("No background run for job {id}."), "job_id": id,
        }))
        .into());
    };
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let remembered = &found.remembered;
    let mut writer = Writer::replay(
        remembered
            .get("stream_protocol")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .parse()
            .unwrap_or_default(),
        found.session_id.clone(),
        found.id.to_string(),
        remembered.get("expose_graph_state").and_then(Value::as_bool).unwrap_or(true),
        last.unwrap_or(0),
    );
    let head = writer.head();
    let first = stream::iter((!head.is_empty()).then(|| Ok::<_, AppError>(Bytes::from(head))));
    let reader = workflow::read_workflow(&app, &found);
    let events = stream::try_unfold((reader, writer), async |(mut reader, mut writer)| {
        let Some(events) = reader.next().await? else { return Ok(None) };
        let text: String = events.iter().map(|event| writer.write_logged(event)).collect();
        Ok(Some((Bytes::from(text), (reader, writer))))
    });
    Ok(sse::answer(sse::kept_alive(first.chain(events), sse::KEEP_ALIVE, sse::comment)))
}
