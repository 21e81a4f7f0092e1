//! Health and version.

use crate::AppState;
use crate::access::Access;
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use langflow_app::App;
use serde_json::{Value, json};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Public, routes!(health))
        .add(Access::Public, routes!(health_check))
        .add(Access::Public, routes!(healthz))
        .add(Access::Public, routes!(version))
}

/// The process answers.
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, description = "Up")))]
async fn health() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// The process answers and its database too.
#[utoipa::path(get, path = "/health_check", tag = "health",
    responses((status = 200, description = "Up"), (status = 500, description = "A part is down")))]
async fn health_check(State(app): State<AppState>) -> (StatusCode, Json<Value>) {
    match check(&app).await {
        Ok(body) => (StatusCode::OK, Json(body)),
        Err(body) => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"detail": body}))),
    }
}

/// Ready to serve: what an orchestrator asks.
#[utoipa::path(get, path = "/healthz", tag = "health",
    responses((status = 200, description = "Ready"), (status = 503, description = "Not ready")))]
async fn healthz(State(app): State<AppState>) -> (StatusCode, Json<Value>) {
    match check(&app).await {
        Ok(body) => (StatusCode::OK, Json(body)),
        Err(body) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"detail": body}))),
    }
}

async fn check(app: &App) -> Result<Value, Value> {
    match app.store.ping().await {
        Ok(()) => Ok(json!({"status": "ok", "chat": "ok", "db": "ok"})),
        Err(error) => {
            tracing::error!(%error, "the database does not answer: {error}");
            Err(json!({"status": "nok", "chat": "ok", "db": "error check the server logs"}))
        }
    }
}

/// The version this server speaks.
#[utoipa::path(get, path = "/api/v1/version", tag = "health", responses((status = 200, description = "Version")))]
async fn version() -> Json<Value> {
    Json(json!({"version": "1.13.0", "main_version": "1.13.0", "package": "Langflow"}))
}
