//! Groups of the reference that this server does not have yet, answered as an installation without them
//! answers, so that its web interface hides them. `docs/compatibility.md` lists each.

use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::query::Query;
use crate::routes::Routes;
use axum::Json;
use axum::routing::{MethodRouter, get};
use serde_json::{Value, json};

pub fn routes() -> Routes {
    let fixed: [(&str, Value); 11] = [
        ("/api/v1/authz/capabilities", capabilities()),
        ("/api/v1/knowledge-base-storage/status", storage()),
        ("/api/v1/store/check/", json!({"enabled": false})),
        ("/api/v1/store/check/api_key", json!({"has_api_key": false, "is_valid": false})),
        ("/api/v1/store/tags", json!([])),
        ("/api/v1/agentic/check-config", assistant()),
        ("/api/v1/extensions/events", json!({"events": [], "settled": true})),
        ("/api/v1/integrations", json!({"providers": []})),
        ("/api/v1/integrations/policy/effective", no_policy()),
        ("/api/v1/connections", json!([])),
        ("/api/v1/voice/elevenlabs/voice_ids", json!({"error": "Voice mode is not available"})),
    ];
    let routes =
        Routes::new().add_hidden(Access::Session, "/api/v1/triggers", get(list_triggers)).add_hidden(
            Access::Session,
            "/api/v2/registration/",
            answer(json!({"message": "No user registered"})),
        );
    fixed.into_iter().fold(routes, |routes, (path, body)| routes.add_hidden(access(path), path, answer(body)))
}

/// The login page of the reference asks whether there is a store.
fn access(path: &str) -> Access {
    match path {
        "/api/v1/store/check/" | "/api/v1/store/tags" => Access::Public,
        _ => Access::Session,
    }
}

fn answer(body: Value) -> MethodRouter<crate::AppState> {
    get(move || async move { Json(body) })
}

fn capabilities() -> Value {
    json!({
        "administration": {"user": false, "team": false, "role": false},
        "features": {"team_role_assignments": false},
    })
}

fn storage() -> Value {
    json!({"stores": [], "revision": "", "running": false, "inventory": null, "is_admin": false})
}

fn no_policy() -> Value {
    json!({
        "approved_provider_ids": [], "blocked_action_keys": [], "loaded_provider_ids": [], "unrestricted": true,
        "managed_externally": false, "policy_revision": null,
    })
}

fn assistant() -> Value {
    json!({
        "enabled": false, "configured": false, "configured_providers": [], "providers": [],
        "default_provider": null, "default_model": null,
    })
}

async fn list_triggers(_caller: Caller, mut query: Query) -> ApiResult<Json<Value>> {
    query.required_uuid("flow_id");
    query.finish()?;
    Ok(Json(json!([])))
}
