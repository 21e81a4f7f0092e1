//! Builds of public flows by visitors (contract-flows 9.9).

use super::build::{delivery, read_body, read_job, stream_build};
use super::files::images::image;
use crate::AppState;
use crate::access::Access;
use crate::cookies;
use crate::error::ApiResult;
use crate::extract::MaybeCaller;
use crate::extract::client::From;
use crate::extract::json::MaybeJsonBody;
use crate::extract::path::{self, PathId};
use crate::extract::query::Query;
use crate::extract::upload;
use crate::routes::Routes;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use langflow_app::files::visitors;
use langflow_app::runs::{
    Delivery, Visitor, count_visitor_run, find_public_job, prepare_public_build, start_build,
};
use langflow_app::{AppError, Credential};
use serde_json::{Value, json};
use utoipa_axum::routes;

/// Longer names of visitors are no cookies of ours.
const LONGEST_CLIENT: usize = 128;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Optional, routes!(build_public_flow))
        .add(Access::Optional, routes!(read_public_events))
        .add(Access::Optional, routes!(cancel_public))
        .add(Access::Optional, routes!(attach_public_file))
        .add(Access::Optional, routes!(show_public_image))
}

/// Build a public flow.
#[utoipa::path(post, path = "/api/v1/build_public_tmp/{flow_id}/flow", tag = "builds",
    params(("flow_id" = String, Path, description = "The flow")),
    request_body(content = Option<Object>, description = "`{inputs, files}`"),
    responses((status = 200, description = "A job id, or events"), (status = 400, description = "No client_id cookie"),
        (status = 404, description = "No such public flow"), (status = 429, description = "Too many runs from this address")))]
async fn build_public_flow(
    State(app): State<AppState>,
    caller: MaybeCaller,
    From(client): From,
    PathId(flow_id): PathId,
    mut query: Query,
    headers: HeaderMap,
    body: MaybeJsonBody,
) -> ApiResult<Response> {
    let delivery = delivery(&mut query, Delivery::Polling);
    let mut wanted = read_body(body.0.as_ref().map_or("{}", |b| b.text()))?;
    wanted.flow_id = flow_id;
    wanted.start_component_id = query.text("start_component_id").map(str::to_owned);
    wanted.stop_component_id = query.text("stop_component_id").map(str::to_owned);
    wanted.log_builds = false;
    query.finish()?;
    let visitor = visitor(&app, &caller, &headers)?;
    count_visitor_run(&app, &client)?;
    let build = prepare_public_build(&app, &visitor, wanted).await?;
    if delivery != Delivery::Direct {
        return Ok(Json(json!({ "job_id": start_build(&app, build).await? })).into_response());
    }
    Ok(stream_build(&app, build))
}

/// Events of a visitor's build.
#[utoipa::path(get, path = "/api/v1/build_public_tmp/{job_id}/events", tag = "builds",
    params(("job_id" = String, Path, description = "The job")),
    responses((status = 200, description = "Events"), (status = 400, description = "No client_id cookie"),
        (status = 404, description = "No such job")))]
async fn read_public_events(
    State(app): State<AppState>,
    caller: MaybeCaller,
    PathId(job_id): PathId,
    mut query: Query,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let delivery = delivery(&mut query, Delivery::Streaming);
    query.finish()?;
    let job = find_public_job(&app, &visitor(&app, &caller, &headers)?, job_id).await?;
    read_job(&app, &job, delivery).await
}

/// Stop a visitor's build.
#[utoipa::path(post, path = "/api/v1/build_public_tmp/{job_id}/cancel", tag = "builds",
    params(("job_id" = String, Path, description = "The job")),
    responses((status = 200, description = "Stopped"), (status = 400, description = "No client_id cookie"),
        (status = 404, description = "No such job")))]
async fn cancel_public(
    State(app): State<AppState>,
    caller: MaybeCaller,
    PathId(job_id): PathId,
    headers: HeaderMap,
) -> ApiResult<Json<Value>> {
    let visitor = visitor(&app, &caller, &headers)?;
    find_public_job(&app, &visitor, job_id).await?.cancel(&app).await?;
    Ok(Json(json!({"success": true, "message": "Flow build cancelled successfully"})))
}

/// Keep a file that a visitor attaches; `file_path` is what their builds take.
#[utoipa::path(post, path = "/api/v1/build_public_tmp/{flow_id}/files", tag = "builds",
    params(("flow_id" = String, Path, description = "The flow")),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, description = "Where it lies"), (status = 400, description = "No client_id cookie, or no file"),
        (status = 403, description = "Visitors may attach nothing"), (status = 404, description = "No such public flow"),
        (status = 413, description = "Too large"), (status = 429, description = "No room, or too many from this address")))]
async fn attach_public_file(
    State(app): State<AppState>,
    caller: MaybeCaller,
    From(client): From,
    PathId(flow_id): PathId,
    request: Request,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let visitor = visitor(&app, &caller, request.headers())?;
    count_visitor_run(&app, &client)?;
    let id = visitors::check_room(&app, &visitor, flow_id).await?;
    let limit = app.settings.runs.public_upload_bytes;
    let (name, upload) = upload::stream_file_within(&app, request, limit)
        .await?
        .ok_or_else(|| AppError::bad_request("No file provided"))?;
    let stored = visitors::store(&app, id, &name, upload).await?;
    Ok((StatusCode::CREATED, Json(json!({"flowId": flow_id, "file_path": format!("{id}/{stored}")}))))
}

/// An image that the visitor attached.
#[utoipa::path(get, path = "/api/v1/build_public_tmp/{flow_id}/files/{file_name}", tag = "builds",
    params(("flow_id" = String, Path, description = "The flow"), ("file_name" = String, Path, description = "Of the file")),
    responses((status = 200, description = "The image"), (status = 400, description = "Not an image"), (status = 404, description = "Not there")))]
async fn show_public_image(
    State(app): State<AppState>,
    caller: MaybeCaller,
    Path((flow_id, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let visitor = visitor(&app, &caller, &headers)?;
    let found = visitors::find(&app, &visitor, path::uuid("flow_id", &flow_id)?, &name).await?;
    image(found.path(), &name).await
}

/// Somebody signed in counts as themselves, unless everybody is signed in anyway.
pub(crate) fn visitor(
    app: &AppState,
    caller: &MaybeCaller,
    headers: &HeaderMap,
) -> Result<Visitor, AppError> {
    if let Some(who) = &caller.0
        && matches!(who.credential, Credential::Session { .. })
        && !app.settings.auth.auto_login
    {
        return Ok(Visitor::User(who.user_id));
    }
    cookies::read(headers, "client_id")
        .filter(|client| !client.is_empty() && client.len() <= LONGEST_CLIENT)
        .map(Visitor::Client)
        .ok_or_else(|| AppError::bad_request("No client_id cookie found"))
}
