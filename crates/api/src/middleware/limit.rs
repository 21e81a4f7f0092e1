//! The size limit of requests (`LANGFLOW_MAX_FILE_SIZE_UPLOAD`, megabytes).

use crate::{ApiError, AppState};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use langflow_app::{AppError, ErrorKind};

const MEGABYTE: usize = 1024 * 1024;

/// The limit as bytes.
pub fn bytes(app: &AppState) -> usize {
    usize::try_from(app.settings.http.max_file_size_upload_mb).unwrap_or(usize::MAX).saturating_mul(MEGABYTE)
}

/// Refuses a body that announces too much before a byte of it is read. What announces nothing is cut off at the limit.
pub async fn refuse_oversized(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()).and_then(|text| text.parse::<u64>().ok());
    if let Some(size) = announced
        && size > bytes(&app) as u64
    {
        return ApiError(too_large(app.settings.http.max_file_size_upload_mb, Some(size))).into_response();
    }
    next.run(request).await
}

/// The refusal, in the words clients know.
pub fn too_large(limit_mb: u64, size_bytes: Option<u64>) -> AppError {
    let got =
        size_bytes.map_or_else(|| "more".to_owned(), |n| format!("{:.2}MB", n as f64 / MEGABYTE as f64));
    AppError::new(
        ErrorKind::TooLarge,
        format!("Content size limit exceeded. Maximum allowed is {limit_mb}MB and got {got}."),
    )
}
