//! Health and version.

use crate::AppState;
use crate::access::Access;
use crate::routes::Routes;
use axum::Json;
use serde_json::{Value, json};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new().add(Access::Public, routes!(health)).add(Access::Public, routes!(version))
}

/// The process answers.
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, description = "Up")))]
async fn health() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// The version this server speaks.
#[utoipa::path(get, path = "/api/v1/version", tag = "health", responses((status = 200, description = "Version")))]
async fn version(_: axum::extract::State<AppState>) -> Json<Value> {
    Json(json!({"version": "1.13.0", "main_version": "1.13.0", "package": "Langflow"}))
}
