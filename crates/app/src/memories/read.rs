//! What a memory has taken in, and how its runs went.

use super::base::find_memory;
use crate::{App, AppResult, Principal};
use chrono::{DateTime, Utc};
use langflow_store::memories::{self as rows, MemoryRun, MemorySession};
use langflow_store::vectors::chunks;
use langflow_store::{Page, RawJson, Window};
use uuid::Uuid;

/// Something that a memory holds: a message, or what a model wrote down of some.
#[derive(Clone, Debug)]
pub struct MemoryMessage {
    pub id: Uuid,
    pub timestamp: DateTime<Utc>,
    pub sender: String,
    pub sender_name: String,
    pub session_id: String,
    pub text: String,
    /// A list.
    pub content_blocks: RawJson,
    pub job_id: Uuid,
    pub ingested_at: DateTime<Utc>,
}

/// Sessions that a memory knows, the one taken in last first.
///
/// # Errors
/// 404
pub async fn list_sessions(
    app: &App,
    principal: &Principal,
    id: Uuid,
    page: u64,
    size: u64,
) -> AppResult<Page<MemorySession>> {
    find_memory(app, principal, id).await?;
    Ok(rows::list_sessions(&app.store, id, Window::page(page, size)).await?)
}

/// What a memory holds, the newest first; of one session, or of all.
///
/// # Errors
/// 404
pub async fn list_messages(
    app: &App,
    principal: &Principal,
    id: Uuid,
    session: Option<&str>,
    page: u64,
    size: u64,
) -> AppResult<Page<MemoryMessage>> {
    let base = find_memory(app, principal, id).await?;
    let window = Window::page(page, size);
    if base.preprocessing {
        let notes = rows::list_notes(&app.store, id, session, window).await?;
        let items = notes.items.into_iter().map(|note| MemoryMessage {
            id: note.id,
            timestamp: note.created_at,
            sender: "Machine".into(),
            sender_name: "Preprocessor".into(),
            session_id: note.session_id,
            text: note.text,
            content_blocks: RawJson::from(serde_json::json!([])),
            job_id: note.job_id,
            ingested_at: note.created_at,
        });
        return Ok(Page { items: items.collect(), total: notes.total });
    }
    let taken = rows::list_taken(&app.store, id, session, window).await?;
    let items = taken.items.into_iter().map(|(message, mark)| MemoryMessage {
        id: message.id,
        timestamp: message.timestamp,
        sender: message.sender,
        sender_name: message.sender_name,
        session_id: message.session_id,
        text: message.text,
        content_blocks: message.content_blocks,
        job_id: mark.job_id,
        ingested_at: mark.ingested_at,
    });
    Ok(Page { items: items.collect(), total: taken.total })
}

/// Runs that took messages in, the newest first.
///
/// # Errors
/// 404
pub async fn list_runs(
    app: &App,
    principal: &Principal,
    id: Uuid,
    session: Option<&str>,
    page: u64,
    size: u64,
) -> AppResult<Page<MemoryRun>> {
    find_memory(app, principal, id).await?;
    Ok(rows::list_runs(&app.store, id, session, Window::page(page, size)).await?)
}

/// Whether messages count as taken in of which nothing is there.
///
/// # Errors
/// 404
pub async fn detect_mismatch(app: &App, principal: &Principal, id: Uuid) -> AppResult<bool> {
    find_memory(app, principal, id).await?;
    let processed = rows::total_processed(&app.store, id).await?;
    Ok(processed > 0 && chunks::totals(&app.store, id).await?.chunks == 0)
}
