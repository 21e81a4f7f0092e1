//! What the editor asks before it draws: limits, switches, hints.

use crate::AppState;
use crate::access::Access;
use crate::extract::MaybeCaller;
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use langflow_app::App;
use serde_json::{Map, Value, json};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new().add(Access::Optional, routes!(get_config))
}

/// Settings for the editor: a subset for anonymous callers, all of them for signed-in ones.
#[utoipa::path(get, path = "/api/v1/config", tag = "health", responses((status = 200, description = "Settings")))]
async fn get_config(State(app): State<AppState>, MaybeCaller(caller): MaybeCaller) -> Json<Value> {
    let mut config = public(&app);
    if caller.is_some() {
        full(&app, &mut config);
    }
    Json(Value::Object(config))
}

fn public(app: &App) -> Map<String, Value> {
    let editor = &app.settings.editor;
    object(json!({
        "feature_flags": {
            "wxo_deployments": false, "mvp_components": false, "instance_migration": false,
            "data_subject_requests": false,
        },
        "max_file_size_upload": app.settings.http.max_file_size_upload_mb,
        "event_delivery": editor.event_delivery,
        "voice_mode_available": false,
        "frontend_timeout": editor.frontend_timeout_seconds,
        "mcp_base_url": app.settings.mcp.base_url,
        "enable_extension_reload": false,
        "authz_enabled": false,
        "catalog_governance_enabled": false,
        "substitute_outdated_component_code": true,
        "type": "public",
        "allow_custom_components": app.settings.flows.allow_custom_components,
    }))
}

fn full(app: &App, config: &mut Map<String, Value>) {
    let (editor, flows) = (&app.settings.editor, &app.settings.flows);
    config.extend(object(json!({
        "type": "full",
        "serialization_max_items_length": flows.max_items_length,
        "serialization_max_text_length": flows.max_text_length,
        "auto_saving": editor.auto_saving,
        "auto_saving_interval": editor.auto_saving_interval_ms,
        "health_check_max_retries": editor.health_check_max_retries,
        "webhook_polling_interval": editor.webhook_polling_interval_ms,
        "public_flow_cleanup_interval": flows.public_cleanup_interval_seconds,
        "public_flow_expiration": flows.public_expiration_seconds,
        "webhook_auth_enable": app.settings.auth.webhook_auth_enable,
        "default_folder_name": flows.default_folder_name,
        "hide_getting_started_progress": editor.hide_getting_started_progress,
        "embedded_mode": editor.embedded_mode,
        "hide_logout_button": editor.hide_logout_button,
        "hide_new_project_button": editor.hide_new_project_button,
        "hide_new_flow_button": editor.hide_new_flow_button,
        "hide_starter_projects": editor.hide_starter_projects,
        "mcp_servers_locked": app.settings.mcp.servers_locked,
        "custom_component_admin_only": false,
        "a2a_enabled": false,
        "agentic_experience": false,
        "assistant_max_message_length": 2000,
        "local_vector_store_available": true,
        "default_vector_store_backend": "sqlite",
        "configured_vector_store_backends": [],
        "blocked_component_types": [],
    })));
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
