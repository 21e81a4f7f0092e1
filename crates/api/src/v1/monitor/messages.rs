//! Stored chat messages.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::fields::Fields;
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::time;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use langflow_app::AppResult;
use langflow_app::flows::RawJson;
use langflow_app::messages::{self, ListMessages, MessageChange, StoredMessage};
use langflow_core::value::{Category, Properties};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A message in a list. `files` is a JSON text here, as clients expect it.
#[derive(Serialize, ToSchema)]
pub struct MessageItem {
    id: Uuid,
    flow_id: Option<Uuid>,
    timestamp: String,
    sender: String,
    sender_name: String,
    session_id: String,
    context_id: String,
    text: String,
    files: String,
    edit: bool,
    duration: Option<f64>,
    #[schema(value_type = Object)]
    properties: RawJson,
    category: String,
    #[schema(value_type = Vec<Object>)]
    content_blocks: RawJson,
    #[schema(value_type = Option<Object>)]
    session_metadata: Option<RawJson>,
}

impl From<StoredMessage> for MessageItem {
    fn from(message: StoredMessage) -> Self {
        Self {
            id: message.id,
            flow_id: message.flow_id,
            timestamp: time::message(message.timestamp),
            sender: message.sender,
            sender_name: message.sender_name,
            session_id: message.session_id,
            context_id: message.context_id.unwrap_or_default(),
            text: message.text,
            files: message.files.get().to_owned(),
            edit: message.edit,
            duration: message.duration,
            properties: message.properties,
            category: message.category,
            content_blocks: message.content_blocks,
            session_metadata: message.session_metadata,
        }
    }
}

/// A message alone. `files` is a list.
#[derive(Serialize, ToSchema)]
pub struct MessageRead {
    timestamp: String,
    sender: String,
    sender_name: String,
    session_id: String,
    context_id: String,
    text: String,
    #[schema(value_type = Vec<String>)]
    files: RawJson,
    error: bool,
    edit: bool,
    #[schema(value_type = Object)]
    properties: RawJson,
    category: String,
    #[schema(value_type = Vec<Object>)]
    content_blocks: RawJson,
    #[schema(value_type = Option<Object>)]
    session_metadata: Option<RawJson>,
    id: Uuid,
    flow_id: Option<Uuid>,
    run_id: Option<Uuid>,
}

impl From<StoredMessage> for MessageRead {
    fn from(message: StoredMessage) -> Self {
        Self {
            timestamp: time::message(message.timestamp),
            sender: message.sender,
            sender_name: message.sender_name,
            session_id: message.session_id,
            context_id: message.context_id.unwrap_or_default(),
            text: message.text,
            files: message.files,
            error: message.error,
            edit: message.edit,
            properties: message.properties,
            category: message.category,
            content_blocks: message.content_blocks,
            session_metadata: message.session_metadata,
            id: message.id,
            flow_id: message.flow_id,
            run_id: message.run_id,
        }
    }
}

/// Messages of the caller's flows; the window counts from the newest.
#[utoipa::path(get, path = "/api/v1/monitor/messages", tag = "monitor",
    params(("flow_id" = Option<String>, Query, description = "Of this flow"),
        ("session_id" = Option<String>, Query, description = "Of this session"),
        ("sender" = Option<String>, Query, description = "User or Machine"),
        ("sender_name" = Option<String>, Query, description = "By this name"),
        ("order" = Option<String>, Query, description = "ASC or DESC"),
        ("limit" = Option<u64>, Query, description = "At most 200; 100 by default"),
        ("offset" = Option<u64>, Query, description = "From the newest")),
    responses((status = 200, description = "Messages", body = Vec<MessageItem>)))]
pub async fn list_messages(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<Vec<MessageItem>>> {
    let wanted = ListMessages { flow_id: query.uuid("flow_id"), ..read_filter(&mut query) };
    query.finish()?;
    let found = messages::list_messages(&app, &who, wanted).await?;
    Ok(Json(found.into_iter().map(MessageItem::from).collect()))
}

/// Which messages a list wants; the flow is not read here.
pub(super) fn read_filter(query: &mut Query) -> ListMessages {
    ListMessages {
        flow_id: None,
        session_id: query.text("session_id").map(str::to_owned),
        sender: query.text("sender").map(str::to_owned),
        sender_name: query.text("sender_name").map(str::to_owned),
        limit: query.integer("limit", 100, 1, Some(200)) as u64,
        offset: query.integer("offset", 0, 0, None) as u64,
        newest_first: query.text("order").is_some_and(|order| order.eq_ignore_ascii_case("desc")),
    }
}

/// Changes a message.
#[utoipa::path(put, path = "/api/v1/monitor/messages/{message_id}", tag = "monitor", request_body = Object,
    params(("message_id" = String, Path, description = "Of the message")),
    responses((status = 200, description = "The message", body = MessageRead),
        (status = 404, description = "Not there, or another's")))]
pub async fn change_message(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
    body: JsonBody,
) -> ApiResult<Json<MessageRead>> {
    Ok(Json(messages::change_message(&app, &who, id, read_change(&body)?).await?.into()))
}

/// # Errors
/// 422 that names every field that does not fit.
pub(super) fn read_change(body: &JsonBody) -> AppResult<MessageChange> {
    let mut fields = body.fields()?;
    let change = change_of(&mut fields);
    fields.finish()?;
    Ok(change)
}

fn change_of(fields: &mut Fields<'_>) -> MessageChange {
    MessageChange {
        text: fields.text("text").flatten(),
        sender: fields.text("sender").flatten(),
        sender_name: fields.text("sender_name").flatten(),
        session_id: fields.text("session_id").flatten(),
        context_id: fields.text("context_id").flatten(),
        files: fields.texts("files").flatten().and_then(|files| RawJson::of(&files).ok()),
        edit: fields.boolean("edit").flatten(),
        error: fields.boolean("error").flatten(),
        properties: properties(fields),
        category: category(fields),
        content_blocks: blocks(fields),
        session_metadata: metadata(fields),
    }
}

fn properties(fields: &mut Fields<'_>) -> Option<Properties> {
    let raw = fields.raw("properties").flatten()?;
    match serde_json::from_str(raw.get()) {
        Ok(properties) => Some(properties),
        Err(error) => {
            fields.value_error("properties", &error.to_string());
            None
        }
    }
}

fn category(fields: &mut Fields<'_>) -> Option<Category> {
    Some(match fields.choice("category", &["message", "error", "warning", "info"]).flatten()? {
        "error" => Category::Error,
        "warning" => Category::Warning,
        "info" => Category::Info,
        _ => Category::Message,
    })
}

fn blocks(fields: &mut Fields<'_>) -> Option<RawJson> {
    let raw = fields.raw("content_blocks").flatten()?;
    if !raw.get().starts_with('[') {
        fields.problem("content_blocks", "list_type", "Input should be a valid list");
        return None;
    }
    Some(raw.to_owned().into())
}

fn metadata(fields: &mut Fields<'_>) -> Option<RawJson> {
    fields.object("session_metadata").flatten()?;
    fields.raw("session_metadata").flatten().map(|raw| raw.to_owned().into())
}

/// Deletes messages; unknown ids are passed over.
#[utoipa::path(delete, path = "/api/v1/monitor/messages", tag = "monitor", request_body = Vec<String>,
    responses((status = 204, description = "Deleted")))]
pub async fn delete_messages(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<StatusCode> {
    messages::delete_messages(&app, &who, body.uuids()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
