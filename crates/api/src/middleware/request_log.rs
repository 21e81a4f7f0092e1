//! A span around every request and one line at its end. Queries, headers and bodies are never logged.

use super::RequestId;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument as _;

pub async fn log_request(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let span = tracing::info_span!("request", id = %id, %method, path = %path);
    async move {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        // Microseconds are enough to read.
        let duration_ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        if is_probe(&path) {
            tracing::debug!(status, duration_ms, "{method} {path} answered {status}");
        } else {
            let route = route.unwrap_or_default();
            tracing::info!(status, duration_ms, route, "{method} {path} answered {status}");
        }
        response
    }
    .instrument(span)
    .await
}

/// Asked every few seconds by whoever watches the server.
fn is_probe(path: &str) -> bool {
    matches!(path, "/health" | "/health_check" | "/healthz" | "/metrics")
}
