//! What the caller may do with objects: all with their own, nothing with those of others.

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use langflow_app::permissions::{self, ACTIONS};
use serde_json::{Map, Value, json};
use utoipa_axum::routes;

const MAX_IDS: usize = 500;

pub fn routes() -> Routes {
    Routes::new().add(Access::Session, routes!(list_permissions))
}

/// Permissions of the caller on objects.
#[utoipa::path(post, path = "/api/v1/authz/me/permissions", tag = "permissions", request_body = Object,
    responses((status = 200, description = "Actions by id")))]
async fn list_permissions(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let kind = fields.required_text("resource_type");
    if !fields.contains("resource_ids") {
        fields.missing("resource_ids");
    }
    let ids = fields.uuids("resource_ids").flatten().unwrap_or_default();
    let wanted = fields.texts("actions").flatten();
    if ids.len() > MAX_IDS {
        let msg = format!("List should have at most {MAX_IDS} items after validation, not {}", ids.len());
        fields.problem("resource_ids", "too_long", &msg);
    }
    fields.finish()?;
    let mine = permissions::own_objects(&app, &who, &kind, &ids).await?;
    let mut permissions = Map::new();
    for id in ids {
        let may: Vec<&str> = ACTIONS
            .into_iter()
            .filter(|action| {
                mine.contains(&id) && wanted.as_ref().is_none_or(|list| list.iter().any(|w| w == action))
            })
            .collect();
        permissions.insert(id.to_string(), json!(may));
    }
    Ok(Json(json!({"resource_type": kind, "permissions": permissions})))
}
