//! The OpenAPI document and a page that shows it. The page loads nothing from elsewhere.

use crate::access::Access;
use crate::routes::Routes;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::OpenApi;

/// Scripts and styles are files of their own, so that a strict policy holds.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// `/openapi.json` and `/docs` for this document.
pub fn routes(document: &OpenApi) -> Routes {
    let json: &'static str = Box::leak(document.to_json().unwrap_or_default().into_boxed_str());
    Routes::new()
        .add_hidden(
            Access::Public,
            "/openapi.json",
            get(move || async move { text("application/json", json) }),
        )
        .add_hidden(Access::Public, "/docs", get(page))
        .add_hidden(
            Access::Public,
            "/docs/docs.js",
            get(|| async { text("text/javascript", include_str!("docs/docs.js")) }),
        )
        .add_hidden(
            Access::Public,
            "/docs/docs.css",
            get(|| async { text("text/css", include_str!("docs/docs.css")) }),
        )
}

async fn page() -> Response {
    let mut response = Html(include_str!("docs/index.html")).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

fn text(kind: &'static str, body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}
