//! Files of a user (contract-flows 11.3).

use crate::AppState;
use crate::access::Access;
use crate::attachment;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::extract::upload;
use crate::routes::Routes;
use crate::time;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use langflow_app::AppError;
use langflow_app::files::user::{self, File};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use utoipa_axum::routes;

/// Files larger than this are not answered as a JSON text.
const MAX_TEXT_BYTES: u64 = 16 * 1024 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_files, upload_file, delete_all_files))
        .add(Access::Session, routes!(read_file, rename_file, delete_file))
        .add(Access::Session, routes!(download_files, delete_files))
}

fn brief(file: &File) -> Value {
    json!({"id": file.id, "name": file.name, "path": file.path, "size": file.size_bytes, "provider": file.provider})
}

/// Keeps a file. A taken name gets a number; `append=true` adds to the file of that name instead.
#[utoipa::path(post, path = "/api/v2/files", tag = "files",
    params(("append" = Option<bool>, Query, description = "Add to the end of the file of that name")),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, description = "The file"), (status = 413, description = "Too large")))]
async fn upload_file(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
    request: Request,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let append = query.boolean("append", false);
    query.finish()?;
    let found = upload::stream_file(&app, request).await?;
    let (name, upload) =
        found.ok_or_else(|| AppError::field("missing", &["body", "file"], "Field required"))?;
    let file = if append {
        user::append(&app, &who, &name, upload).await?
    } else {
        user::store(&app, &who, &name, upload).await?
    };
    Ok((StatusCode::CREATED, Json(brief(&file))))
}

/// Files of the caller.
#[utoipa::path(get, path = "/api/v2/files", tag = "files", responses((status = 200, description = "Files")))]
async fn list_files(State(app): State<AppState>, Caller(who): Caller) -> ApiResult<Json<Vec<Value>>> {
    let read = |file: &File| {
        json!({
            "user_id": file.user_id, "id": file.id, "size": file.size_bytes,
            "created_at": time::micros(file.created_at), "name": file.name, "path": file.path,
            "provider": file.provider, "updated_at": time::micros(file.updated_at),
        })
    };
    Ok(Json(user::list(&app, &who).await?.iter().map(read).collect()))
}

/// The bytes of a file, or with `return_content=true` its text.
#[utoipa::path(get, path = "/api/v2/files/{file_id}", tag = "files",
    params(("file_id" = String, Path, description = "Of the file"),
        ("return_content" = Option<bool>, Query, description = "Answer the text as a JSON string")),
    responses((status = 200, description = "The file"), (status = 404, description = "Not there, or another's")))]
async fn read_file(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
    mut query: Query,
) -> ApiResult<Response> {
    let as_text = query.boolean("return_content", false);
    query.finish()?;
    let file = user::find(&app, &who, id).await?;
    let stored = user::open(&app, &file).await?;
    if !as_text {
        return attachment::file(stored.path(), &user::download_name(&file), attachment::BYTES, false).await;
    }
    let opened = tokio::fs::File::open(stored.path()).await.map_err(AppError::internal)?;
    let mut bytes = Vec::new();
    opened.take(MAX_TEXT_BYTES + 1).read_to_end(&mut bytes).await.map_err(AppError::internal)?;
    if bytes.len() as u64 > MAX_TEXT_BYTES {
        return Err(AppError::bad_request("The file is too large to be answered as text").into());
    }
    let text = String::from_utf8(bytes).map_err(|_| AppError::bad_request("The file is not UTF-8 text"))?;
    Ok(Json(text).into_response())
}

/// Gives a file another name.
#[utoipa::path(put, path = "/api/v2/files/{file_id}", tag = "files",
    params(("file_id" = String, Path, description = "Of the file"), ("name" = String, Query, description = "The new name")),
    responses((status = 200, description = "The file")))]
async fn rename_file(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
    mut query: Query,
) -> ApiResult<Json<Value>> {
    let name = query.required_text("name");
    query.finish()?;
    Ok(Json(brief(&user::rename(&app, &who, id, name).await?)))
}

/// Deletes a file.
#[utoipa::path(delete, path = "/api/v2/files/{file_id}", tag = "files",
    params(("file_id" = String, Path, description = "Of the file")),
    responses((status = 200, description = "Deleted"), (status = 404, description = "Not there, or another's")))]
async fn delete_file(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<Json<Value>> {
    let gone = user::delete(&app, &who, vec![id]).await?;
    let file = gone.first().ok_or_else(|| AppError::not_found("File not found"))?;
    Ok(Json(json!({"detail": format!("File {} deleted successfully", file.name)})))
}

/// Files as a zip.
#[utoipa::path(post, path = "/api/v2/files/batch/", tag = "files", request_body = Vec<String>,
    responses((status = 200, description = "The zip")))]
async fn download_files(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<Response> {
    let chosen = user::find_many(&app, &who, &body.uuids()?).await?;
    let made = user::zip(&app, chosen).await?;
    let name = format!("{}_langflow_files.zip", app.clock.now().format("%Y%m%d_%H%M%S"));
    attachment::file(&made, &name, attachment::ZIP, true).await
}

/// Deletes files.
#[utoipa::path(delete, path = "/api/v2/files/batch/", tag = "files", request_body = Vec<String>,
    responses((status = 200, description = "How many")))]
async fn delete_files(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let ids = body.uuids()?;
    user::find_many(&app, &who, &ids).await?;
    let gone = user::delete(&app, &who, ids).await?.len();
    Ok(Json(json!({"message": format!("{gone} files deleted successfully")})))
}

/// Deletes all files of the caller.
#[utoipa::path(delete, path = "/api/v2/files", tag = "files", responses((status = 200, description = "How many")))]
async fn delete_all_files(State(app): State<AppState>, Caller(who): Caller) -> ApiResult<Json<Value>> {
    let ids = user::list(&app, &who).await?.into_iter().map(|file| file.id).collect();
    let gone = user::delete(&app, &who, ids).await?.len();
    Ok(Json(json!({"message": format!("All {gone} files deleted successfully")})))
}
