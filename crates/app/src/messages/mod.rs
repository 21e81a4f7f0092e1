//! Stored chat messages of the caller's flows, and the sessions they form.

use crate::ctx::App;
use crate::error::{AppError, AppResult};
use crate::principal::Principal;
use crate::runs::{Visitor, virtual_flow_id};
use langflow_core::value::{Category, Properties};
use langflow_store::flows;
use langflow_store::memories;
use langflow_store::messages::{self, MessageFilter};
use langflow_store::{RawJson, Window};
use uuid::Uuid;

pub use langflow_store::messages::StoredMessage;

/// Whose messages are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    owner: Uuid,
    /// Only those of this history.
    history: Option<Uuid>,
}

impl From<&Principal> for Whose {
    /// All messages of the caller's flows.
    fn from(who: &Principal) -> Self {
        Self { owner: who.user_id, history: None }
    }
}

impl Whose {
    /// What a visitor's use of a public flow has left (contract-flows 12.2).
    ///
    /// # Errors
    /// 404 for a flow that is not public.
    pub async fn visits(app: &App, visitor: &Visitor, flow: Uuid) -> AppResult<Self> {
        let found = flows::find_public(&app.store, flow).await?;
        let owner =
            found.and_then(|flow| flow.user_id).ok_or_else(|| AppError::not_found("Flow not found"))?;
        Ok(Self { owner, history: Some(virtual_flow_id(visitor, flow)) })
    }

    fn has(self, message: &StoredMessage) -> bool {
        self.history.is_none_or(|history| message.flow_id == Some(history))
    }
}

/// Which messages.
#[derive(Clone, Debug, Default)]
pub struct ListMessages {
    pub flow_id: Option<Uuid>,
    pub session_id: Option<String>,
    pub sender: Option<String>,
    pub sender_name: Option<String>,
    pub limit: u64,
    /// Counted from the newest.
    pub offset: u64,
    pub newest_first: bool,
}

/// The window from the newest, in the order that was asked for.
pub async fn list_messages(
    app: &App,
    whose: impl Into<Whose>,
    wanted: ListMessages,
) -> AppResult<Vec<StoredMessage>> {
    let whose = whose.into();
    let filter = MessageFilter {
        flow_id: whose.history.or(wanted.flow_id),
        session_id: wanted.session_id,
        sender: wanted.sender,
        sender_name: wanted.sender_name,
        window: Window::new(wanted.limit, wanted.offset),
    };
    let mut found = messages::list_newest(&app.store, whose.owner, &filter).await?.items;
    if !wanted.newest_first {
        found.reverse();
    }
    Ok(found)
}

/// Changes to a message; `None` leaves a value as it is.
#[derive(Clone, Debug, Default)]
pub struct MessageChange {
    pub text: Option<String>,
    pub sender: Option<String>,
    pub sender_name: Option<String>,
    pub session_id: Option<String>,
    pub context_id: Option<String>,
    pub files: Option<RawJson>,
    pub edit: Option<bool>,
    pub error: Option<bool>,
    pub properties: Option<Properties>,
    pub category: Option<Category>,
    pub content_blocks: Option<RawJson>,
    pub session_metadata: Option<RawJson>,
}

/// Changes a message. A text that changes marks it as edited.
pub async fn change_message(
    app: &App,
    whose: impl Into<Whose>,
    id: Uuid,
    change: MessageChange,
) -> AppResult<StoredMessage> {
    let whose = whose.into();
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let found = messages::lock(tx, whose.owner, id).await?.filter(|message| whose.has(message));
                let mut message = found.ok_or_else(|| AppError::not_found("Message not found"))?;
                apply(&mut message, change);
                messages::save(tx, std::slice::from_ref(&message)).await?;
                Ok(message)
            })
        })
        .await
}

fn apply(message: &mut StoredMessage, change: MessageChange) {
    fn set<T>(place: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *place = value;
        }
    }
    set(&mut message.edit, change.edit);
    if change.text.as_ref().is_some_and(|text| *text != message.text) {
        message.edit = true;
    }
    set(&mut message.text, change.text);
    set(&mut message.sender, change.sender);
    set(&mut message.sender_name, change.sender_name);
    set(&mut message.session_id, change.session_id);
    set(&mut message.context_id, change.context_id.map(Some));
    set(&mut message.files, change.files);
    set(&mut message.error, change.error);
    set(&mut message.properties, change.properties.and_then(|value| RawJson::of(&value).ok()));
    set(&mut message.category, change.category.map(|category| category.as_str().to_owned()));
    set(&mut message.content_blocks, change.content_blocks);
    set(&mut message.session_metadata, change.session_metadata.map(Some));
}

/// Deletes messages of the caller, in memories too; unknown ids are passed over.
pub async fn delete_messages(app: &App, who: &Principal, ids: Vec<Uuid>) -> AppResult<u64> {
    let owner = who.user_id;
    let work = app.store.write(move |tx| {
        Box::pin(async move {
            memories::forget_messages(tx, owner, &ids).await?;
            messages::delete(tx, owner, &ids).await
        })
    });
    Ok(work.await?)
}

/// Session ids, the one with the newest message first.
pub async fn list_sessions(
    app: &App,
    whose: impl Into<Whose>,
    flow: Option<Uuid>,
    limit: Option<u64>,
    offset: u64,
) -> AppResult<Vec<String>> {
    let Whose { owner, history } = whose.into();
    Ok(messages::list_sessions(&app.store, owner, history.or(flow), Window { limit, offset }).await?)
}

/// Gives a session another id and answers its messages.
pub async fn rename_session(
    app: &App,
    whose: impl Into<Whose>,
    old: String,
    new: String,
) -> AppResult<Vec<StoredMessage>> {
    const MOST: u64 = 10_000;
    let Whose { owner, history } = whose.into();
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                if history.is_none() {
                    // Memories take its messages in anew, under the new id.
                    memories::forget_sessions(tx, owner, std::slice::from_ref(&old)).await?;
                }
                if messages::rename_session(tx, owner, history, &old, &new).await? == 0 {
                    return Err(AppError::not_found("No messages found with the given session ID"));
                }
                let filter = MessageFilter {
                    flow_id: history,
                    session_id: Some(new),
                    window: Window::new(MOST, 0),
                    ..MessageFilter::default()
                };
                let mut found = messages::list_newest(tx, owner, &filter).await?.items;
                found.reverse();
                Ok(found)
            })
        })
        .await
}

/// Deletes the messages of sessions, with what the owner's memories hold of them, and says how many messages there
/// were. What visitors delete touches no memory: sessions of others may have the same name.
pub async fn delete_sessions(app: &App, whose: impl Into<Whose>, sessions: Vec<String>) -> AppResult<u64> {
    let Whose { owner, history } = whose.into();
    let work = app.store.write(move |tx| {
        Box::pin(async move {
            if history.is_none() {
                memories::forget_sessions(tx, owner, &sessions).await?;
            }
            messages::delete_sessions(tx, owner, history, &sessions).await
        })
    });
    Ok(work.await?)
}
