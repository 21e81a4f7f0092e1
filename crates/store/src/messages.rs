//! Stored chat messages. `owner` is the user whose flow wrote them.

use crate::db::{Db, Tx, page};
use crate::entity::message;
use crate::error::{Result, StoreError};
use crate::page::{Page, Window};
use crate::raw::RawJson;
use crate::rows;
use langflow_core::value::Category;
use langflow_core::{Json, Message};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::HashMap;
use uuid::Uuid;

pub use crate::entity::message::Model as StoredMessage;

impl StoredMessage {
    /// The row of a message that has its id. None: it has none.
    pub fn from_message(message: &Message, owner: Option<Uuid>, is_output: bool) -> Option<Self> {
        Some(Self {
            id: message.id?,
            user_id: owner,
            flow_id: message.flow_id,
            run_id: message.run_id,
            session_id: message.session_id.clone(),
            context_id: Some(message.context_id.clone()).filter(|context| !context.is_empty()),
            timestamp: message.timestamp,
            sender: message.sender.clone().unwrap_or_default(),
            sender_name: message.sender_name.clone().unwrap_or_default(),
            // PostgreSQL has no text with a NUL in it.
            text: message.text.replace('\0', "\u{fffd}"),
            files: list(&message.files),
            error: message.error,
            edit: message.edit,
            is_output,
            category: message.category.as_str().to_owned(),
            duration: message.duration,
            properties: RawJson::of(&message.properties).unwrap_or_else(|_| RawJson::null()),
            content_blocks: list(&message.content_blocks),
            session_metadata: message.session_metadata.as_ref().map(RawJson::from),
        })
    }

    /// The message as components see it.
    pub fn to_message(&self) -> Result<Message> {
        let unreadable = |error| StoreError::corrupt("message", error);
        Ok(Message {
            id: Some(self.id),
            text: self.text.clone(),
            sender: Some(self.sender.clone()),
            sender_name: Some(self.sender_name.clone()),
            session_id: self.session_id.clone(),
            context_id: self.context_id.clone().unwrap_or_default(),
            files: self.files.read().map_err(unreadable)?,
            timestamp: self.timestamp,
            flow_id: self.flow_id,
            run_id: self.run_id,
            error: self.error,
            edit: self.edit,
            properties: self.properties.read().map_err(unreadable)?,
            category: category(&self.category),
            content_blocks: self.content_blocks.read().map_err(unreadable)?,
            duration: self.duration,
            session_metadata: self.session_metadata.as_ref().map(RawJson::to_value),
            extra: langflow_core::JsonMap::new(),
        })
    }
}

/// Which messages of a conversation a component wants.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub flow_id: Option<Uuid>,
    pub session_id: Option<String>,
    pub context_id: Option<String>,
    pub sender: Option<String>,
    pub sender_name: Option<String>,
    pub limit: u64,
}

/// Which messages a list wants.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    pub flow_id: Option<Uuid>,
    pub session_id: Option<String>,
    pub sender: Option<String>,
    pub sender_name: Option<String>,
    /// Counted from the newest.
    pub window: Window,
}

/// Stores new messages and writes over those of the same id and owner. A message of somebody else with the
/// same id is left as it is. Of several with one id the last counts.
pub async fn save(tx: &Tx, messages: &[StoredMessage]) -> Result<()> {
    // PostgreSQL will not write over a row twice in one statement.
    let mut last = HashMap::with_capacity(messages.len());
    for (index, message) in messages.iter().enumerate() {
        last.insert(message.id, index);
    }
    let is_last = |(index, message): &(usize, &StoredMessage)| last.get(&message.id) == Some(index);
    let messages = messages.iter().enumerate().filter(is_last).map(|(_, message)| message.clone());
    save_each(tx, messages.collect()).await
}

/// As [`save`], where no id comes twice or the database is SQLite.
pub(crate) async fn save_each(tx: &Tx, messages: Vec<StoredMessage>) -> Result<()> {
    rows::insert_with::<message::Entity, _>(tx, messages, Some(write_over)).await
}

fn write_over() -> OnConflict {
    let columns = message::Column::iter()
        .filter(|column| !matches!(column, message::Column::Id | message::Column::UserId));
    let same_owner = Expr::col((message::Entity, message::Column::UserId))
        .eq(Expr::col(("excluded", message::Column::UserId)))
        .or(Expr::col((message::Entity, message::Column::UserId)).is_null());
    OnConflict::column(message::Column::Id).update_columns(columns).action_and_where(same_owner).to_owned()
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<StoredMessage>> {
    Ok(own(owner).filter(message::Column::Id.eq(id)).one(db.conn()).await?)
}

/// As [`find`], and nobody else changes the row until the transaction ends.
pub async fn lock(tx: &Tx, owner: Uuid, id: Uuid) -> Result<Option<StoredMessage>> {
    Ok(own(owner).filter(message::Column::Id.eq(id)).lock_exclusive().one(tx.inner()).await?)
}

/// The newest `limit` that match, oldest first.
pub async fn history(db: &impl Db, owner: Uuid, wanted: &History) -> Result<Vec<StoredMessage>> {
    let mut which = Condition::all();
    if let Some(flow) = wanted.flow_id {
        which = which.add(message::Column::FlowId.eq(flow));
    }
    if let Some(session) = &wanted.session_id {
        which = which.add(message::Column::SessionId.eq(session));
    }
    if let Some(context) = &wanted.context_id {
        which = which.add(message::Column::ContextId.eq(context));
    }
    if let Some(sender) = &wanted.sender {
        which = which.add(message::Column::Sender.eq(sender));
    }
    if let Some(name) = &wanted.sender_name {
        which = which.add(message::Column::SenderName.eq(name));
    }
    let mut found = newest_first(own(owner).filter(which)).limit(wanted.limit).all(db.conn()).await?;
    found.reverse();
    Ok(found)
}

/// The window from the newest, newest first.
pub async fn list_newest(db: &impl Db, owner: Uuid, filter: &MessageFilter) -> Result<Page<StoredMessage>> {
    let mut which = Condition::all();
    if let Some(flow) = filter.flow_id {
        which = which.add(message::Column::FlowId.eq(flow));
    }
    if let Some(session) = &filter.session_id {
        which = which.add(message::Column::SessionId.eq(session));
    }
    if let Some(sender) = &filter.sender {
        which = which.add(message::Column::Sender.eq(sender));
    }
    if let Some(name) = &filter.sender_name {
        which = which.add(message::Column::SenderName.eq(name));
    }
    page(db, newest_first(own(owner).filter(which)), filter.window).await
}

/// Session ids, the one with the newest message first.
pub async fn list_sessions(
    db: &impl Db,
    owner: Uuid,
    flow: Option<Uuid>,
    window: Window,
) -> Result<Vec<String>> {
    let mut query = own(owner)
        .select_only()
        .column(message::Column::SessionId)
        .group_by(message::Column::SessionId)
        .order_by_desc(message::Column::Timestamp.max())
        .order_by_asc(message::Column::SessionId);
    if let Some(flow) = flow {
        query = query.filter(message::Column::FlowId.eq(flow));
    }
    Ok(crate::db::windowed(query, window).into_tuple().all(db.conn()).await?)
}

/// Gives the messages of a session another session id, and says how many there were.
pub async fn rename_session(tx: &Tx, owner: Uuid, flow: Option<Uuid>, old: &str, new: &str) -> Result<u64> {
    let done = message::Entity::update_many()
        .col_expr(message::Column::SessionId, Expr::value(new))
        .filter(of(owner, flow))
        .filter(message::Column::SessionId.eq(old))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected)
}

/// Deletes messages of the owner, and says how many there were.
pub async fn delete(tx: &Tx, owner: Uuid, ids: &[Uuid]) -> Result<u64> {
    let which = message::Column::UserId.eq(owner).and(message::Column::Id.is_in(ids.iter().copied()));
    rows::delete::<message::Entity>(tx, which).await
}

/// Deletes the messages of these sessions, and says how many there were.
pub async fn delete_sessions(tx: &Tx, owner: Uuid, flow: Option<Uuid>, sessions: &[String]) -> Result<u64> {
    let which = of(owner, flow).add(message::Column::SessionId.is_in(sessions));
    rows::delete::<message::Entity>(tx, which).await
}

/// Messages of the owner, of one flow if one is named.
fn of(owner: Uuid, flow: Option<Uuid>) -> Condition {
    Condition::all()
        .add(message::Column::UserId.eq(owner))
        .add_option(flow.map(|flow| message::Column::FlowId.eq(flow)))
}

fn own(owner: Uuid) -> Select<message::Entity> {
    message::Entity::find().filter(message::Column::UserId.eq(owner))
}

fn newest_first(query: Select<message::Entity>) -> Select<message::Entity> {
    query.order_by_desc(message::Column::Timestamp).order_by_desc(message::Column::Id)
}

fn list(items: &[Json]) -> RawJson {
    RawJson::of(items).unwrap_or_else(|_| RawJson::null())
}

fn category(text: &str) -> Category {
    match text {
        "error" => Category::Error,
        "warning" => Category::Warning,
        "info" => Category::Info,
        _ => Category::Message,
    }
}
