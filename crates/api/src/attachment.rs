//! Answers that a browser saves as a file.

use crate::error::ApiResult;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use langflow_app::AppError;
use std::path::Path;
use tokio_util::io::ReaderStream;

pub const ZIP: &str = "application/x-zip-compressed";
pub const BYTES: &str = "application/octet-stream";

/// Bytes as a file of this name and type.
pub fn bytes(name: &str, kind: &'static str, content: Vec<u8>) -> Response {
    named(Body::from(content), name, kind)
}

/// A file on disk, streamed. `remove`: it is unlinked at once and lives until the stream ends.
pub async fn file(path: &Path, name: &str, kind: &'static str, remove: bool) -> ApiResult<Response> {
    let opened = tokio::fs::File::open(path).await;
    if remove {
        let _ = tokio::fs::remove_file(path).await;
    }
    let file = opened.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => AppError::not_found("File not found"),
        _ => AppError::internal(error),
    })?;
    let size = file.metadata().await.map_err(AppError::internal)?.len();
    let mut response = named(Body::from_stream(ReaderStream::new(file)), name, kind);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    Ok(response)
}

fn named(body: Body, name: &str, kind: &'static str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition(name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `attachment` with the name twice: plain ASCII for old clients, UTF-8 percent-encoded for the others.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~()!".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(disposition("a.zip"), "attachment; filename=\"a.zip\"; filename*=UTF-8''a.zip");
        assert_eq!(
            disposition("ü\"\r\n;x"),
            "attachment; filename=\"____;x\"; filename*=UTF-8''%C3%BC%22%0D%0A%3Bx"
        );
    }
}
