//! Code of custom components that runs for everybody. Not in Langflow.

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::json::JsonBody;
use crate::extract::{Caller, client};
use crate::routes::Routes;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use langflow_app::custom::{self, ApproveCode, ApprovedCode};
use serde_json::{Value, json};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Superuser, routes!(list_approved_code, approve_code))
        .add(Access::Superuser, routes!(revoke_code))
}

fn shown(code: &ApprovedCode) -> Value {
    json!({
        "hash": code.hash,
        "name": code.name,
        "code": code.code,
        "approved_by": code.approved_by,
        "approved_at": code.approved_at,
    })
}

/// All approved code, by name.
#[utoipa::path(get, path = "/api/v1/custom_component/approved", tag = "components",
    responses((status = 200, description = "The list")))]
async fn list_approved_code(
    State(app): State<AppState>,
    Caller(principal): Caller,
) -> ApiResult<Json<Vec<Value>>> {
    Ok(Json(custom::list_approved(&app, &principal).await?.iter().map(shown).collect()))
}

/// Lets code run for everybody, public flows included.
#[utoipa::path(post, path = "/api/v1/custom_component/approved", tag = "components",
    request_body(content = Object, description = "`{code, name}`"),
    responses((status = 201, description = "It is approved")))]
async fn approve_code(
    State(app): State<AppState>,
    Caller(principal): Caller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let mut fields = body.fields()?;
    let wanted = ApproveCode {
        code: fields.required_text("code"),
        name: fields.text("name").flatten().unwrap_or_default(),
    };
    fields.finish()?;
    let approved = custom::approve_code(&app, &principal, &client.0, wanted).await?;
    Ok((StatusCode::CREATED, Json(shown(&approved))))
}

/// Takes an approval back.
#[utoipa::path(delete, path = "/api/v1/custom_component/approved/{hash}", tag = "components",
    params(("hash" = String, Path, description = "Hash of the code")),
    responses((status = 204, description = "It is no longer approved"), (status = 404, description = "It was not")))]
async fn revoke_code(
    State(app): State<AppState>,
    Caller(principal): Caller,
    client: client::From,
    Path(hash): Path<String>,
) -> ApiResult<StatusCode> {
    custom::revoke_code(&app, &principal, &client.0, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}
