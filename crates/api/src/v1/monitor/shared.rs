//! Messages of shared playgrounds (contract-flows 12.2).
//!
//! A visitor of a public flow, known by the cookie `client_id` or by being signed in, has a history of his own there.
//! Nothing else of the flow's owner is to be seen here.

use super::messages::{MessageItem, MessageRead, read_change, read_filter};
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::MaybeCaller;
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::v1::build_public::visitor;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use langflow_app::messages::{self, Whose};
use langflow_app::{AppError, AppResult, ErrorKind};

/// The largest change of a message, in bytes: visitors have no account that could be asked about it.
const LARGEST_CHANGE: usize = 1 << 20;
/// The longest name of a session, in characters.
const LONGEST_SESSION: usize = 256;

/// The history that a request means; reads the rest of the query as well.
async fn history<T>(
    app: &AppState,
    caller: &MaybeCaller,
    headers: &HeaderMap,
    mut query: Query,
    rest: impl FnOnce(&mut Query) -> T,
) -> AppResult<(Whose, T)> {
    let flow = query.required_uuid("source_flow_id");
    let rest = rest(&mut query);
    query.finish()?;
    Ok((Whose::visits(app, &visitor(app, caller, headers)?, flow).await?, rest))
}

/// Messages of the caller's visits to a public flow.
#[utoipa::path(get, path = "/api/v1/monitor/messages/shared", tag = "monitor", operation_id = "list_shared_messages",
    params(("source_flow_id" = String, Query, description = "The public flow"),
        ("session_id" = Option<String>, Query, description = "Of this session"),
        ("sender" = Option<String>, Query, description = "User or Machine"),
        ("sender_name" = Option<String>, Query, description = "By this name"),
        ("order" = Option<String>, Query, description = "ASC or DESC"),
        ("limit" = Option<u64>, Query, description = "At most 200; 100 by default"),
        ("offset" = Option<u64>, Query, description = "From the newest")),
    responses((status = 200, description = "Messages", body = Vec<MessageItem>),
        (status = 400, description = "No client_id cookie"), (status = 404, description = "No such public flow")))]
pub async fn list_messages(
    State(app): State<AppState>,
    caller: MaybeCaller,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Json<Vec<MessageItem>>> {
    let (whose, wanted) = history(&app, &caller, &headers, query, read_filter).await?;
    let found = messages::list_messages(&app, whose, wanted).await?;
    Ok(Json(found.into_iter().map(MessageItem::from).collect()))
}

/// Sessions of the caller's visits to a public flow, the one with the newest message first.
#[utoipa::path(get, path = "/api/v1/monitor/messages/shared/sessions", tag = "monitor",
    operation_id = "list_shared_sessions",
    params(("source_flow_id" = String, Query, description = "The public flow"),
        ("limit" = Option<u64>, Query, description = "At most"), ("offset" = Option<u64>, Query, description = "From 0")),
    responses((status = 200, description = "Session ids", body = Vec<String>),
        (status = 400, description = "No client_id cookie"), (status = 404, description = "No such public flow")))]
pub async fn list_sessions(
    State(app): State<AppState>,
    caller: MaybeCaller,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Json<Vec<String>>> {
    let window = |query: &mut Query| super::sessions::read_window(query);
    let (whose, (limit, offset)) = history(&app, &caller, &headers, query, window).await?;
    Ok(Json(messages::list_sessions(&app, whose, None, limit, offset).await?))
}

/// Changes a message of the caller's visits.
#[utoipa::path(put, path = "/api/v1/monitor/messages/shared/{message_id}", tag = "monitor",
    operation_id = "change_shared_message", request_body = Object,
    params(("message_id" = String, Path, description = "Of the message"),
        ("source_flow_id" = String, Query, description = "The public flow")),
    responses((status = 200, description = "The message", body = MessageRead),
        (status = 400, description = "No client_id cookie"),
        (status = 404, description = "No such public flow, or no such message of this visitor"),
        (status = 413, description = "Too large"), (status = 422, description = "Fields that do not fit")))]
pub async fn change_message(
    State(app): State<AppState>,
    caller: MaybeCaller,
    headers: HeaderMap,
    PathId(id): PathId,
    query: Query,
    body: JsonBody,
) -> ApiResult<Json<MessageRead>> {
    if body.text().len() > LARGEST_CHANGE {
        let text = format!("A change of a message has at most {LARGEST_CHANGE} bytes");
        return Err(AppError::new(ErrorKind::TooLarge, text).into());
    }
    let (whose, ()) = history(&app, &caller, &headers, query, |_| ()).await?;
    Ok(Json(messages::change_message(&app, whose, id, read_change(&body)?).await?.into()))
}

/// Gives a session of the caller's visits another id.
#[utoipa::path(patch, path = "/api/v1/monitor/messages/shared/session/{session_id}", tag = "monitor",
    operation_id = "rename_shared_session",
    params(("session_id" = String, Path, description = "The present id"),
        ("source_flow_id" = String, Query, description = "The public flow"),
        ("new_session_id" = String, Query, description = "The new id, of at most 256 characters")),
    responses((status = 200, description = "Its messages", body = Vec<MessageItem>),
        (status = 400, description = "No client_id cookie, or an id that is too long"),
        (status = 404, description = "No such public flow, or no such session of this visitor")))]
pub async fn rename_session(
    State(app): State<AppState>,
    caller: MaybeCaller,
    headers: HeaderMap,
    Path(old): Path<String>,
    query: Query,
) -> ApiResult<Json<Vec<MessageItem>>> {
    let new = |query: &mut Query| query.required_text("new_session_id");
    let (whose, new) = history(&app, &caller, &headers, query, new).await?;
    if new.chars().count() > LONGEST_SESSION {
        let text = format!("A session id has at most {LONGEST_SESSION} characters");
        return Err(AppError::bad_request(text).into());
    }
    let renamed = messages::rename_session(&app, whose, old, new).await?;
    Ok(Json(renamed.into_iter().map(MessageItem::from).collect()))
}

/// Deletes the messages of a session of the caller's visits.
#[utoipa::path(delete, path = "/api/v1/monitor/messages/shared/session/{session_id}", tag = "monitor",
    operation_id = "delete_shared_session",
    params(("session_id" = String, Path, description = "Its id"),
        ("source_flow_id" = String, Query, description = "The public flow")),
    responses((status = 204, description = "Deleted, or there were none"),
        (status = 400, description = "No client_id cookie"), (status = 404, description = "No such public flow")))]
pub async fn delete_session(
    State(app): State<AppState>,
    caller: MaybeCaller,
    headers: HeaderMap,
    Path(session): Path<String>,
    query: Query,
) -> ApiResult<StatusCode> {
    let (whose, ()) = history(&app, &caller, &headers, query, |_| ()).await?;
    messages::delete_sessions(&app, whose, vec![session]).await?;
    Ok(StatusCode::NO_CONTENT)
}
