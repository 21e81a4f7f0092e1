//! API keys of the caller.

use super::times;
use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::json::{JsonBody, MaybeJsonBody};
use crate::extract::path::PathId;
use crate::extract::{Caller, client};
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use chrono::TimeDelta;
use langflow_app::AppResult;
use langflow_app::keys::{self, ApiKey, MadeKey, NewKey, format};
use langflow_app::users::RawJson;
use langflow_core::Secret;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

/// The hours an old key lives beside its successor when nobody says.
const OVERLAP_HOURS: i64 = 24;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_keys, create_key, delete_keys))
        .add(Access::Session, routes!(delete_key, rename_key))
        .add(Access::Session, routes!(roll_key))
        .add(Access::Session, routes!(save_store_key))
}

/// A key as clients see it, in the order of the reference.
#[derive(Serialize, ToSchema)]
struct KeyRead {
    name: Option<String>,
    last_used_at: Option<String>,
    total_uses: i64,
    is_active: bool,
    expires_at: Option<String>,
    id: Uuid,
    /// The key: in clear where it was just made, else its first and last characters.
    api_key: String,
    user_id: Uuid,
    /// What the key may do; all its user may, where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<RawJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit_per_minute: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit_per_day: Option<i64>,
    /// Absent where the key was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct KeyList {
    total_count: usize,
    user_id: Uuid,
    api_keys: Vec<KeyRead>,
}

/// What a new key is made of.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the body is read field by field, so that all that is wrong with it is told at once"
)]
struct NewKeyBody {
    name: Option<String>,
    expires_at: Option<String>,
    /// Such as `flows:run`, or `run:<flow id>`; all its user may, when left out.
    scopes: Option<Vec<String>>,
    limit_per_minute: Option<i64>,
    limit_per_day: Option<i64>,
}

/// The caller's keys, masked.
#[utoipa::path(get, path = "/api/v1/api_key/", tag = "api keys",
    responses((status = 200, body = KeyList, description = "The keys, and how many")))]
async fn list_keys(State(app): State<AppState>, caller: Caller) -> ApiResult<Json<KeyList>> {
    let keys = keys::list_keys(&app, &caller.0).await?;
    let api_keys: Vec<KeyRead> = keys.iter().map(masked).collect();
    Ok(Json(KeyList { total_count: api_keys.len(), user_id: caller.0.user_id, api_keys }))
}

/// Make a key. Its text is in the answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/api_key/", tag = "api keys",
    request_body = NewKeyBody, responses((status = 200, body = KeyRead, description = "The key in clear")))]
async fn create_key(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<impl IntoResponse> {
    let new = read_new(&body)?;
    let made = keys::create_key(&app, &caller.0, &client.0, new).await?;
    Ok(in_clear(&made))
}

fn read_new(body: &JsonBody) -> AppResult<NewKey> {
    let mut fields = body.fields()?;
    let new = NewKey {
        name: fields.text("name").flatten(),
        expires_at: times::read(&mut fields, "expires_at"),
        created_at: times::read(&mut fields, "created_at"),
        scopes: fields.texts("scopes").flatten(),
        limit_per_minute: fields.integer("limit_per_minute").flatten(),
        limit_per_day: fields.integer("limit_per_day").flatten(),
    };
    fields.finish()?;
    Ok(new)
}

/// Delete several keys: all, or none when one is not the caller's.
#[utoipa::path(delete, path = "/api/v1/api_key/", tag = "api keys", request_body = Vec<Uuid>,
    responses((status = 200, description = "Deleted"), (status = 400, description = "One is not there")))]
async fn delete_keys(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let ids = body.uuids()?;
    let deleted = ids.len();
    keys::delete_keys(&app, &caller.0, &client.0, ids).await?;
    Ok(Json(json!({"detail": "API Keys deleted", "deleted": deleted})))
}

/// Delete a key. The next request with it is refused.
#[utoipa::path(delete, path = "/api/v1/api_key/{api_key_id}", tag = "api keys", params(("api_key_id" = Uuid, Path)),
    responses((status = 200, description = "Deleted"), (status = 400, description = "Not there")))]
async fn delete_key(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
) -> ApiResult<Json<Value>> {
    keys::delete_keys(&app, &caller.0, &client.0, vec![id.0]).await?;
    Ok(Json(json!({"detail": "API Key deleted"})))
}

/// Give a key another name.
#[utoipa::path(patch, path = "/api/v1/api_key/{api_key_id}", tag = "api keys", params(("api_key_id" = Uuid, Path)),
    request_body(content = Object, description = "`{name}`"),
    responses((status = 200, body = KeyRead, description = "The key, masked")))]
async fn rename_key(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
    body: JsonBody,
) -> ApiResult<Json<KeyRead>> {
    let mut fields = body.fields()?;
    let name = fields.text("name").flatten();
    fields.finish()?;
    let key = keys::rename_key(&app, &caller.0, &client.0, id.0, name).await?;
    Ok(Json(masked(&key)))
}

/// Replace a key by a new one with the same rights; the old one stays good for some hours.
#[utoipa::path(post, path = "/api/v1/api_key/{api_key_id}/roll", tag = "api keys",
    params(("api_key_id" = Uuid, Path)), request_body(content = Option<Object>, description = "`{overlap_hours}`"),
    responses((status = 200, body = KeyRead, description = "The new key in clear")))]
async fn roll_key(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
    body: MaybeJsonBody,
) -> ApiResult<impl IntoResponse> {
    let mut hours = OVERLAP_HOURS;
    if let Some(body) = &body.0 {
        let mut fields = body.fields()?;
        hours = fields.integer("overlap_hours").flatten().unwrap_or(OVERLAP_HOURS);
        fields.finish()?;
    }
    let overlap = TimeDelta::hours(hours.clamp(0, 720));
    let made = keys::roll_key(&app, &caller.0, &client.0, id.0, overlap).await?;
    Ok(in_clear(&made))
}

/// Keep a key of the Langflow store, encrypted.
#[utoipa::path(post, path = "/api/v1/api_key/store", tag = "api keys",
    request_body(content = Object, description = "`{api_key}`"),
    responses((status = 200, description = "Kept")))]
async fn save_store_key(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let key = Secret::new(fields.required_text("api_key"));
    fields.finish()?;
    keys::save_store_key(&app, &caller.0, &client.0, &key).await?;
    Ok(Json(json!({"detail": "API Key saved"})))
}

/// What clear and masked keys have in common.
fn common(key: &ApiKey, text: &str) -> KeyRead {
    KeyRead {
        name: key.name.clone(),
        last_used_at: key.last_used_at.map(times::seconds),
        total_uses: key.total_uses,
        is_active: key.is_active,
        expires_at: key.expires_at.map(times::seconds),
        id: key.id,
        api_key: text.to_owned(),
        user_id: key.user_id,
        scopes: key.scopes.clone(),
        limit_per_minute: key.limit_per_minute,
        limit_per_day: key.limit_per_day,
        created_at: None,
    }
}

fn masked(key: &ApiKey) -> KeyRead {
    let text = format::masked(&key.prefix, &key.last4, format::LENGTH);
    KeyRead { created_at: Some(times::seconds(key.created_at)), ..common(key, &text) }
}

fn in_clear(made: &MadeKey) -> impl IntoResponse + use<> {
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, Json(common(&made.row, made.key.expose())))
}
