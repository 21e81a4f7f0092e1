//! Upload, list, download and deletion of attachments.

use crate::AppState;
use crate::attachment;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::path;
use crate::extract::upload;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use langflow_app::files::chat;
use langflow_app::{AppError, AppResult, ErrorKind, Principal};
use serde_json::{Value, json};
use uuid::Uuid;

/// Keeps a file with a flow; `file_path` is what runs take.
#[utoipa::path(post, path = "/api/v1/files/upload/{flow_id}", tag = "files", operation_id = "upload_chat_file",
    params(("flow_id" = String, Path, description = "Of the flow")),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, description = "Where it lies"), (status = 413, description = "Too large")))]
pub async fn upload_file(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(flow): Path<String>,
    request: Request,
) -> ApiResult<(StatusCode, Json<Value>)> {
    check_boundary(request.headers())?;
    let flow = path::uuid("flow_id", &flow)?;
    Ok((StatusCode::CREATED, Json(store(&app, &who, flow, request).await?)))
}

/// The upload of earlier releases.
#[utoipa::path(post, path = "/api/v1/upload/{flow_id}", tag = "files",
    params(("flow_id" = String, Path, description = "Of the flow")),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, description = "Where it lies")))]
pub async fn upload_file_as_before(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(flow): Path<String>,
    request: Request,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let flow = path::uuid("flow_id", &flow)?;
    Ok((StatusCode::CREATED, Json(store(&app, &who, flow, request).await?)))
}

async fn store(app: &AppState, who: &Principal, flow: Uuid, request: Request) -> ApiResult<Value> {
    chat::check_flow(app, who, flow).await?;
    let (name, upload) =
        upload::stream_file(app, request).await?.ok_or_else(|| AppError::bad_request("No file provided"))?;
    let stored = chat::store(app, flow, &name, upload).await?;
    Ok(json!({"flowId": flow, "file_path": format!("{flow}/{stored}")}))
}

/// The reference is strict about the boundary here, and says so in a plain text.
fn check_boundary(headers: &HeaderMap) -> AppResult<()> {
    let refuse = |text: &str| AppError::new(ErrorKind::Unprocessable, text);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary =
        kind.split_once("boundary=").map(|(_, rest)| rest.split(';').next().unwrap_or_default().trim());
    let Some(boundary) = boundary.filter(|_| kind.starts_with("multipart/form-data")) else {
        return Err(refuse("Content-Type header must be 'multipart/form-data' with a boundary parameter."));
    };
    let boundary = boundary.trim_matches('"');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if boundary.is_empty() || boundary.len() > 70 || !boundary.chars().all(is_plain) {
        return Err(refuse("Invalid boundary format"));
    }
    Ok(())
}

/// Names of the files of a flow.
#[utoipa::path(get, path = "/api/v1/files/list/{flow_id}", tag = "files", operation_id = "list_chat_files",
    params(("flow_id" = String, Path, description = "Of the flow")),
    responses((status = 200, description = "Names")))]
pub async fn list_files(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(flow): Path<String>,
) -> ApiResult<Json<Value>> {
    let flow = path::uuid("flow_id", &flow)?;
    Ok(Json(json!({"files": chat::list(&app, &who, flow).await?})))
}

/// A file as it came.
#[utoipa::path(get, path = "/api/v1/files/download/{flow_id}/{file_name}", tag = "files",
    params(("flow_id" = String, Path, description = "Of the flow"), ("file_name" = String, Path, description = "Of the file")),
    responses((status = 200, description = "The bytes"), (status = 404, description = "Not there")))]
pub async fn download_file(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(names): Path<(String, String)>,
) -> ApiResult<Response> {
    let (flow, name) = names;
    let found = chat::find(&app, &who, path::uuid("flow_id", &flow)?, &name).await?;
    attachment::file(found.path(), &name, attachment::BYTES, false).await
}

/// Deletes a file; one that is not there is no failure.
#[utoipa::path(delete, path = "/api/v1/files/delete/{flow_id}/{file_name}", tag = "files", operation_id = "delete_chat_file",
    params(("flow_id" = String, Path, description = "Of the flow"), ("file_name" = String, Path, description = "Of the file")),
    responses((status = 200, description = "Deleted")))]
pub async fn delete_file(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(names): Path<(String, String)>,
) -> ApiResult<Json<Value>> {
    let (flow, name) = names;
    chat::delete(&app, &who, path::uuid("flow_id", &flow)?, &name).await?;
    Ok(Json(json!({"message": format!("File {name} deleted successfully")})))
}
