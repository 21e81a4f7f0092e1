//! The `file` part of a multipart body.

use crate::AppState;
use crate::error::ApiResult;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use langflow_app::files::{FileArea, Incoming};
use langflow_app::{AppError, ErrorKind};

/// A file that is held in memory, within the limit of JSON bodies.
#[derive(Debug)]
pub struct SmallFile {
    pub name: String,
    pub bytes: Bytes,
}

/// The part `file` of the body; `None` when there is none, or no multipart body at all.
pub async fn small_file(state: &AppState, request: Request) -> ApiResult<Option<SmallFile>> {
    let Ok(mut form) = Multipart::from_request(request, state).await else { return Ok(None) };
    while let Some(field) = form.next_field().await.map_err(|e| refuse(&e))? {
        if field.name() == Some("file") && field.file_name().is_some() {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|e| refuse(&e))?;
            return Ok(Some(SmallFile { name, bytes }));
        }
    }
    Ok(None)
}

/// Streams the part `file` to disk: its name and what came. What is not finished is removed.
pub async fn stream_file(state: &AppState, request: Request) -> ApiResult<Option<(String, Incoming)>> {
    let limit = state.settings.http.max_file_size_upload_mb.saturating_mul(1024 * 1024);
    stream_file_within(state, request, limit).await
}

/// The same within a limit of its own, in bytes.
pub async fn stream_file_within(
    state: &AppState,
    mut request: Request,
    limit: u64,
) -> ApiResult<Option<(String, Incoming)>> {
    // The limit of bodies that are held in memory is not for these: the stack and `Incoming` count them.
    DefaultBodyLimit::disable().apply(&mut request);
    let Ok(mut form) = Multipart::from_request(request, state).await else { return Ok(None) };
    while let Some(mut field) = form.next_field().await.map_err(|e| refuse(&e))? {
        if field.name() != Some("file") || field.file_name().is_none() {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut upload = Incoming::begin(&FileArea::of(state), &*state.ids, limit).await?;
        while let Some(piece) = field.chunk().await.map_err(|e| refuse(&e))? {
            upload.write(&piece).await?;
        }
        return Ok(Some((name, upload)));
    }
    Ok(None)
}

fn refuse(error: &MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        AppError::new(ErrorKind::TooLarge, "Content size limit exceeded.")
    } else {
        AppError::new(ErrorKind::Unprocessable, "Invalid multipart formatting")
    }
}
