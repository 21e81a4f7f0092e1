//! A bug in a handler becomes a 500 of the reference's form; the server keeps serving.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::any::Any;

pub fn answer(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into());
    tracing::error!(panic = what, "a handler panicked: {what}");
    let body = json!({"message": "An internal error occurred; the server log has the cause."});
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}
