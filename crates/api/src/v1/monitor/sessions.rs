//! Sessions: what messages with one session id form.

use super::messages::MessageItem;
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::extract::query::Query;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use langflow_app::{AppError, messages};
use serde::Serialize;
use utoipa::ToSchema;

/// Sessions that one request may delete.
const MAX_SESSIONS: usize = 500;

/// What a request has deleted.
#[derive(Serialize, ToSchema)]
pub struct DeletedSessions {
    message: String,
    /// Sessions, not messages.
    deleted_count: usize,
}

/// Session ids, the one with the newest message first.
#[utoipa::path(get, path = "/api/v1/monitor/messages/sessions", tag = "monitor", operation_id = "list_chat_sessions",
    params(("flow_id" = Option<String>, Query, description = "Of this flow"),
        ("limit" = Option<u64>, Query, description = "At most"), ("offset" = Option<u64>, Query, description = "From 0")),
    responses((status = 200, description = "Session ids", body = Vec<String>)))]
pub async fn list_sessions(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<Vec<String>>> {
    let flow = query.uuid("flow_id");
    let (limit, offset) = read_window(&mut query);
    query.finish()?;
    Ok(Json(messages::list_sessions(&app, &who, flow, limit, offset).await?))
}

/// How many sessions a list wants, and from which on.
pub(super) fn read_window(query: &mut Query) -> (Option<u64>, u64) {
    let limit = query.text("limit").is_some().then(|| query.integer("limit", 100, 1, None) as u64);
    (limit, query.integer("offset", 0, 0, None) as u64)
}

/// Gives a session another id.
#[utoipa::path(patch, path = "/api/v1/monitor/messages/session/{session_id}", tag = "monitor",
    params(("session_id" = String, Path, description = "The present id"),
        ("new_session_id" = String, Query, description = "The new id")),
    responses((status = 200, description = "Its messages", body = Vec<MessageItem>),
        (status = 404, description = "No such session")))]
pub async fn rename_session(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(old): Path<String>,
    mut query: Query,
) -> ApiResult<Json<Vec<MessageItem>>> {
    let new = query.required_text("new_session_id");
    query.finish()?;
    let renamed = messages::rename_session(&app, &who, old, new).await?;
    Ok(Json(renamed.into_iter().map(MessageItem::from).collect()))
}

/// Deletes the messages of a session.
#[utoipa::path(delete, path = "/api/v1/monitor/messages/session/{session_id}", tag = "monitor",
    params(("session_id" = String, Path, description = "Its id")),
    responses((status = 204, description = "Deleted, or there were none")))]
pub async fn delete_session(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(session): Path<String>,
) -> ApiResult<StatusCode> {
    messages::delete_sessions(&app, &who, vec![session]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes the messages of several sessions.
#[utoipa::path(delete, path = "/api/v1/monitor/messages/sessions", tag = "monitor", request_body = Vec<String>,
    responses((status = 200, description = "How many sessions", body = DeletedSessions)))]
pub async fn delete_sessions(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<Json<DeletedSessions>> {
    let sessions = body.texts()?;
    let count = sessions.len();
    if count > MAX_SESSIONS {
        return Err(AppError::bad_request(format!("At most {MAX_SESSIONS} sessions at once")).into());
    }
    messages::delete_sessions(&app, &who, sessions).await?;
    let plural = if count == 1 { "" } else { "s" };
    let message = format!("Messages deleted successfully for {count} session{plural}");
    Ok(Json(DeletedSessions { message, deleted_count: count }))
}
