//! Paths and methods that no route knows, answered as the reference does.

use crate::{AppState, editor};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An unknown path: for reading methods 404 under `/api` and a page of the editor elsewhere, 405 for the others.
pub async fn unknown_path(
    State(app): State<AppState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method == Method::GET || method == Method::HEAD {
        let is_api = uri.path() == "/api" || uri.path().starts_with("/api/");
        if !is_api {
            return editor::serve_page(&app, uri.path(), &headers).await;
        }
        return not_found();
    }
    let mut response = wrong_method();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// A known path with a method it has not. Reading what can only be written is 404, as where the reference serves its
/// editor.
pub async fn unknown_method(State(app): State<AppState>, method: Method, uri: Uri) -> Response {
    let is_reading = method == Method::GET || method == Method::HEAD;
    if is_reading && !app.settings.http.backend_only && uri.path().starts_with("/api/") {
        return not_found();
    }
    wrong_method()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({"detail": "Not Found"}))).into_response()
}

fn wrong_method() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, Json(json!({"detail": "Method Not Allowed"}))).into_response()
}
