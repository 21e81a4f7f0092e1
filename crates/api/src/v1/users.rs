//! Accounts.

use super::times::micros;
use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::extract::{Caller, MaybeCaller, client};
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use langflow_app::users::{self, NewUser, User, UserChange, UserFilter};
use langflow_app::users::{RawJson, Window};
use langflow_app::{AppResult, identify};
use langflow_core::Secret;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Optional, routes!(create_user))
        .add(Access::Superuser, routes!(list_users))
        .add(Access::Session, routes!(show_own_account))
        .add(Access::Session, routes!(show_user, change_user, delete_user))
        .add(Access::Session, routes!(reset_password))
}

/// An account as clients see it.
#[derive(Serialize, ToSchema)]
pub struct UserRead {
    id: Uuid,
    username: String,
    profile_image: Option<String>,
    /// Always null: stored secrets do not come back.
    store_api_key: Option<String>,
    is_active: bool,
    is_superuser: bool,
    create_at: String,
    updated_at: String,
    last_login_at: Option<String>,
    #[schema(value_type = Option<Object>)]
    optins: Option<RawJson>,
}

impl From<User> for UserRead {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            username: user.username,
            profile_image: user.profile_image,
            store_api_key: None,
            is_active: user.is_active,
            is_superuser: user.is_superuser,
            create_at: micros(user.created_at),
            updated_at: micros(user.updated_at),
            last_login_at: user.last_login_at.map(micros),
            optins: user.optins,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct UserWindow {
    total_count: u64,
    users: Vec<UserRead>,
    /// Always empty: accounts are deleted at once.
    #[schema(value_type = Object)]
    deletion_requests: Map<String, Value>,
}

/// What is to change of an account; what is left out stays.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "the body is read field by field, so that all that is wrong with it is told at once"
)]
struct UserChangeBody {
    username: Option<String>,
    profile_image: Option<String>,
    /// For superusers; one's own is changed with the present one.
    password: Option<String>,
    is_active: Option<bool>,
    is_superuser: Option<bool>,
}

/// Make an account: by oneself where sign-up is open, by a superuser always.
#[utoipa::path(post, path = "/api/v1/users/", tag = "users",
    request_body(content = Object, description = "`{username, password, optins}`"),
    responses((status = 201, body = UserRead), (status = 400, description = "The name is taken"),
        (status = 403, description = "Sign-up is closed")))]
async fn create_user(
    State(app): State<AppState>,
    caller: MaybeCaller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<impl IntoResponse> {
    let mut fields = body.fields()?;
    let new = NewUser {
        username: fields.required_text("username"),
        password: Secret::new(fields.required_text("password")),
        optins: fields.object("optins").flatten().map(|map| RawJson::from(Value::Object(map))),
    };
    fields.finish()?;
    let user = users::create_user(&app, caller.0.as_ref(), &client.0, new).await?;
    let location = format!("/api/v1/users/{}", user.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(UserRead::from(user))))
}

/// The caller's own account.
#[utoipa::path(get, path = "/api/v1/users/whoami", tag = "users", responses((status = 200, body = UserRead)))]
async fn show_own_account(State(app): State<AppState>, caller: Caller) -> ApiResult<Json<UserRead>> {
    Ok(Json(identify::account(&app, &caller.0).await?.into()))
}

/// All accounts, sorted by name. For superusers.
#[utoipa::path(get, path = "/api/v1/users/", tag = "users", params(
    ("skip" = Option<i64>, Query, description = "How many to leave out"),
    ("limit" = Option<i64>, Query, description = "How many at most, 1 to 200"),
    ("search" = Option<String>, Query, description = "Part of the name"),
    ("username" = Option<String>, Query, description = "The whole name"),
    ("is_active" = Option<bool>, Query, description = "Only those that are active, or only those that are not"),
), responses((status = 200, body = UserWindow, description = "A window of accounts, and how many there are")))]
async fn list_users(
    State(app): State<AppState>,
    caller: Caller,
    mut query: Query,
) -> ApiResult<Json<UserWindow>> {
    let skip = query.integer("skip", 0, 0, None);
    let limit = query.integer("limit", 10, 1, Some(200));
    let filter = UserFilter {
        search: query.text("search").map(str::to_owned),
        username: query.text("username").filter(|name| !name.is_empty()).map(str::to_owned),
        is_active: query.maybe_boolean("is_active"),
        window: Window::new(limit.unsigned_abs(), skip.unsigned_abs()),
    };
    query.finish()?;
    let page = users::list_users(&app, &caller.0, &filter).await?.map(UserRead::from);
    Ok(Json(UserWindow { total_count: page.total, users: page.items, deletion_requests: Map::new() }))
}

/// One account: one's own, or any for a superuser.
#[utoipa::path(get, path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = Uuid, Path)),
    responses((status = 200, body = UserRead), (status = 404)))]
async fn show_user(State(app): State<AppState>, caller: Caller, id: PathId) -> ApiResult<Json<UserRead>> {
    Ok(Json(users::find_user(&app, &caller.0, id.0).await?.into()))
}

/// Change an account: one's own, or any for a superuser.
#[utoipa::path(patch, path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = Uuid, Path)),
    request_body = UserChangeBody, responses((status = 200, body = UserRead), (status = 403), (status = 404)))]
async fn change_user(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
    body: JsonBody,
) -> ApiResult<Json<UserRead>> {
    let change = read_change(&body)?;
    Ok(Json(users::change_user(&app, &caller.0, &client.0, id.0, change).await?.into()))
}

fn read_change(body: &JsonBody) -> AppResult<UserChange> {
    let mut fields = body.fields()?;
    let change = UserChange {
        username: fields.text("username").flatten(),
        profile_image: fields.text("profile_image").flatten(),
        password: fields.text("password").flatten().map(Secret::new),
        is_active: fields.boolean("is_active").flatten(),
        is_superuser: fields.boolean("is_superuser").flatten(),
        optins: fields.object("optins").flatten().map(|map| RawJson::from(Value::Object(map))),
    };
    fields.finish()?;
    Ok(change)
}

/// Change one's own password, with the present one. Ends all other sessions.
#[utoipa::path(patch, path = "/api/v1/users/{user_id}/reset-password", tag = "users",
    params(("user_id" = Uuid, Path)),
    request_body(content = Object, description = "`{current_password, password}`"),
    responses((status = 200, body = UserRead), (status = 400)))]
async fn reset_password(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
    body: JsonBody,
) -> ApiResult<Json<UserRead>> {
    let mut fields = body.fields()?;
    let current = Secret::new(fields.required_text("current_password"));
    let new = Secret::new(fields.required_text("password"));
    fields.finish()?;
    Ok(Json(users::reset_password(&app, &caller.0, &client.0, id.0, &current, &new).await?.into()))
}

/// Delete an account and all it owns. For superusers.
#[utoipa::path(delete, path = "/api/v1/users/{user_id}", tag = "users", params(("user_id" = Uuid, Path)),
    responses((status = 202, description = "Deleted"), (status = 403), (status = 404)))]
async fn delete_user(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
) -> ApiResult<impl IntoResponse> {
    users::delete_user(&app, &caller.0, &client.0, id.0).await?;
    let request_id = app.ids.random();
    Ok((StatusCode::ACCEPTED, Json(json!({"detail": "User deletion started", "request_id": request_id}))))
}
