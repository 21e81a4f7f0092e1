//! The old name of projects: every path answers 307 with the new one, method and body kept.

use crate::access::Access;
use crate::routes::Routes;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

pub fn routes() -> Routes {
    Routes::new().add_hidden(Access::Public, "/api/v1/folders/", any(redirect)).add_hidden(
        Access::Public,
        "/api/v1/folders/{*rest}",
        any(redirect),
    )
}

async fn redirect(uri: Uri) -> Response {
    let target = uri.path_and_query().map_or("", |p| p.as_str()).replacen("/folders", "/projects", 1);
    match HeaderValue::from_str(&target) {
        Ok(target) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, target)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
