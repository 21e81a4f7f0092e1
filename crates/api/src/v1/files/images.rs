//! Attached images, shown in the chat. What an image is, its first bytes say, not its name.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::path;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use langflow_app::AppError;
use langflow_app::files::chat;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// An image of a flow.
#[utoipa::path(get, path = "/api/v1/files/images/{flow_id}/{file_name}", tag = "files",
    params(("flow_id" = String, Path, description = "Of the flow"), ("file_name" = String, Path, description = "Of the file")),
    responses((status = 200, description = "The image"), (status = 400, description = "Not an image"), (status = 404, description = "Not there")))]
pub async fn show_image(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(names): Path<(String, String)>,
) -> ApiResult<Response> {
    let (flow, name) = names;
    let found = chat::find(&app, &who, path::uuid("flow_id", &flow)?, &name).await?;
    image(found.path(), &name).await
}

/// An image on disk as an answer, if its first bytes say that it is one.
pub async fn image(found: &std::path::Path, name: &str) -> ApiResult<Response> {
    let mut file = tokio::fs::File::open(found).await.map_err(AppError::internal)?;
    let mut head = Vec::new();
    (&mut file).take(16).read_to_end(&mut head).await.map_err(AppError::internal)?;
    let kind = image_type(&head).ok_or_else(|| AppError::bad_request(format!("{name} is not an image")))?;
    file.rewind().await.map_err(AppError::internal)?;
    let mut response = Body::from_stream(ReaderStream::new(file)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    Ok(response)
}

/// The type of an image by its first bytes. SVG is not among them: it can carry scripts.
fn image_type(head: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
    ];
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    kinds.into_iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::image_type;

    #[test]
    fn an_image_is_known_by_its_bytes() {
        assert_eq!(image_type(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(image_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(image_type(b"<svg onload=x>"), None);
        assert_eq!(image_type(b""), None);
    }
}
