//! Headers that tell browsers what they may do with an answer.
//!
//! What is not a page may neither load anything nor be framed; pages (the editor, the API documentation) set
//! a policy of their own. Answers of the API are not kept by caches unless their handler says otherwise.

use crate::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), payment=(), usb=()"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
];
/// Half a year.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=15552000");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

pub async fn add(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        set(headers, name, value);
    }
    if is_api {
        set(headers, header::CACHE_CONTROL, NO_STORE);
    }
    if app.settings.auth.serves_tls {
        set(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

/// What a handler said stays.
fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
