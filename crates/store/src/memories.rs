//! Memories of flows: what they have taken in of which session, and the runs that took it.
//!
//! Functions that take the id of a memory and no owner are for callers that have looked it up by its owner.

use crate::db::{self, Db, Tx};
use crate::entity::{
    memory_base, memory_entry, memory_note, memory_run, memory_session, message, vector_collection,
};
use crate::error::Result;
use crate::page::{Page, Window};
use crate::rows;
use crate::vectors::chunks;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, NullOrdering, OnConflict, Order, Query};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::HashMap;
use uuid::Uuid;

pub use crate::entity::ingestion_run::IngestionStatus;
pub use crate::entity::memory_base::Model as MemoryBase;
pub use crate::entity::memory_entry::Model as MemoryEntry;
pub use crate::entity::memory_note::Model as MemoryNote;
pub use crate::entity::memory_run::Model as MemoryRun;
pub use crate::entity::memory_session::Model as MemorySession;
use crate::messages::StoredMessage;

/// # Errors
/// `Taken(MemoryName)`.
pub async fn insert(tx: &Tx, base: &MemoryBase) -> Result<()> {
    rows::insert::<memory_base::Entity, _>(tx, vec![base.clone()]).await
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<MemoryBase>> {
    Ok(own(owner).filter(memory_base::Column::Id.eq(id)).one(db.conn()).await?)
}

/// A memory of a flow by its name.
pub async fn find_by_name(db: &impl Db, owner: Uuid, flow: Uuid, name: &str) -> Result<Option<MemoryBase>> {
    let query =
        own(owner).filter(memory_base::Column::FlowId.eq(flow)).filter(memory_base::Column::Name.eq(name));
    Ok(query.one(db.conn()).await?)
}

/// Oldest first; of one flow, or of all.
pub async fn list(db: &impl Db, owner: Uuid, flow: Option<Uuid>, window: Window) -> Result<Page<MemoryBase>> {
    let mut query =
        own(owner).order_by_asc(memory_base::Column::CreatedAt).order_by_asc(memory_base::Column::Id);
    if let Some(flow) = flow {
        query = query.filter(memory_base::Column::FlowId.eq(flow));
    }
    db::page(db, query, window).await
}

/// Writes all columns. False: the user has no such memory.
///
/// # Errors
/// `Taken(MemoryName)`.
pub async fn save(tx: &Tx, base: &MemoryBase) -> Result<bool> {
    let is_it = memory_base::Column::Id.eq(base.id).and(memory_base::Column::UserId.eq(base.user_id));
    rows::save::<memory_base::Entity, _>(tx, base.clone(), is_it).await
}

fn own(owner: Uuid) -> Select<memory_base::Entity> {
    memory_base::Entity::find().filter(memory_base::Column::UserId.eq(owner))
}

/// Deletes the memories of flows with all they hold.
pub(crate) async fn delete_of_flows(tx: &Tx, flows: &[Uuid]) -> Result<()> {
    let doomed = Query::select()
        .column(memory_base::Column::Id)
        .from(memory_base::Entity)
        .and_where(memory_base::Column::FlowId.is_in(flows.iter().copied()))
        .to_owned();
    let which = vector_collection::Column::Id.in_subquery(doomed);
    rows::delete::<vector_collection::Entity>(tx, which).await.map(drop)
}

/// The session of a memory; it is made where it is not there. Nobody else changes it until the transaction ends.
pub async fn open_session(tx: &Tx, new: &MemorySession) -> Result<MemorySession> {
    let conflict = || {
        let columns = [memory_session::Column::MemoryBaseId, memory_session::Column::SessionId];
        OnConflict::columns(columns).update_column(memory_session::Column::SessionId).to_owned()
    };
    rows::insert_with::<memory_session::Entity, _>(tx, vec![new.clone()], Some(conflict)).await?;
    let found = sessions(new.memory_base_id)
        .filter(memory_session::Column::SessionId.eq(&new.session_id))
        .lock_exclusive()
        .one(tx.inner())
        .await?;
    Ok(found.unwrap_or_else(|| new.clone()))
}

/// Writes all columns. False: it is gone.
pub async fn save_session(tx: &Tx, session: &MemorySession) -> Result<bool> {
    let is_it = memory_session::Column::Id.eq(session.id);
    rows::save::<memory_session::Entity, _>(tx, session.clone(), is_it).await
}

/// The session that was taken in last comes first.
pub async fn list_sessions(db: &impl Db, memory: Uuid, window: Window) -> Result<Page<MemorySession>> {
    let query = sessions(memory)
        .order_by_with_nulls(memory_session::Column::LastSyncAt, Order::Desc, NullOrdering::Last)
        .order_by_asc(memory_session::Column::SessionId);
    db::page(db, query, window).await
}

/// Messages that a memory has taken in.
pub async fn total_processed(db: &impl Db, memory: Uuid) -> Result<i64> {
    Ok(sessions(memory).all(db.conn()).await?.iter().map(|session| session.total_processed).sum())
}

fn sessions(memory: Uuid) -> Select<memory_session::Entity> {
    memory_session::Entity::find().filter(memory_session::Column::MemoryBaseId.eq(memory))
}

/// The oldest messages of a session that a memory has not taken in; what failed is left out.
pub async fn waiting(
    db: &impl Db,
    base: &MemoryBase,
    session: &str,
    limit: u64,
) -> Result<Vec<StoredMessage>> {
    let query = untaken(base, session)
        .order_by_asc(message::Column::Timestamp)
        .order_by_asc(message::Column::Id)
        .limit(limit);
    Ok(query.all(db.conn()).await?)
}

/// How many messages [`waiting`] would give without a limit.
pub async fn count_waiting(db: &impl Db, base: &MemoryBase, session: &str) -> Result<u64> {
    Ok(untaken(base, session).count(db.conn()).await?)
}

fn untaken(base: &MemoryBase, session: &str) -> Select<message::Entity> {
    let taken = Query::select()
        .expr(Expr::value(1))
        .from(memory_entry::Entity)
        .and_where(memory_entry::Column::MemoryBaseId.eq(base.id))
        .and_where(
            Expr::col((memory_entry::Entity, memory_entry::Column::MessageId))
                .eq(Expr::col((message::Entity, message::Column::Id))),
        )
        .to_owned();
    message::Entity::find()
        .filter(message::Column::UserId.eq(base.user_id))
        .filter(message::Column::FlowId.eq(base.flow_id))
        .filter(message::Column::SessionId.eq(session))
        .filter(message::Column::Error.eq(false))
        .filter(message::Column::Category.ne("error"))
        .filter(Expr::not_exists(taken))
}

/// Marks messages as taken in; of those that are marked already nothing changes. Those that are not there any more
/// are passed over.
pub async fn insert_entries(tx: &Tx, mut entries: Vec<MemoryEntry>) -> Result<()> {
    let there: Vec<Uuid> = message::Entity::find()
        .filter(message::Column::Id.is_in(entries.iter().map(|entry| entry.message_id)))
        .select_only()
        .column(message::Column::Id)
        .into_tuple()
        .all(tx.inner())
        .await?;
    entries.retain(|entry| there.contains(&entry.message_id));
    let conflict = || {
        let columns = [memory_entry::Column::MemoryBaseId, memory_entry::Column::MessageId];
        OnConflict::columns(columns).update_column(memory_entry::Column::MessageId).to_owned()
    };
    rows::insert_with::<memory_entry::Entity, _>(tx, entries, Some(conflict)).await
}

pub async fn insert_note(tx: &Tx, note: &MemoryNote) -> Result<()> {
    rows::insert::<memory_note::Entity, _>(tx, vec![note.clone()]).await
}

/// Messages that were taken in, the newest first, each with its mark.
pub async fn list_taken(
    db: &impl Db,
    memory: Uuid,
    session: Option<&str>,
    window: Window,
) -> Result<Page<(StoredMessage, MemoryEntry)>> {
    let mut marks = Query::select()
        .column(memory_entry::Column::MessageId)
        .from(memory_entry::Entity)
        .and_where(memory_entry::Column::MemoryBaseId.eq(memory))
        .to_owned();
    if let Some(session) = session {
        marks.and_where(memory_entry::Column::SessionId.eq(session));
    }
    let query = message::Entity::find()
        .filter(message::Column::Id.in_subquery(marks))
        .order_by_desc(message::Column::Timestamp)
        .order_by_desc(message::Column::Id);
    let found: Page<StoredMessage> = db::page(db, query, window).await?;
    let ids = found.items.iter().map(|message| message.id);
    let marks = memory_entry::Entity::find()
        .filter(memory_entry::Column::MemoryBaseId.eq(memory))
        .filter(memory_entry::Column::MessageId.is_in(ids))
        .all(db.conn())
        .await?;
    let mut marks: HashMap<Uuid, MemoryEntry> =
        marks.into_iter().map(|mark| (mark.message_id, mark)).collect();
    let items = found.items.into_iter().filter_map(|message| {
        let mark = marks.remove(&message.id)?;
        Some((message, mark))
    });
    Ok(Page { items: items.collect(), total: found.total })
}

/// Notes of a memory, the newest first.
pub async fn list_notes(
    db: &impl Db,
    memory: Uuid,
    session: Option<&str>,
    window: Window,
) -> Result<Page<MemoryNote>> {
    let mut query = notes(memory);
    if let Some(session) = session {
        query = query.filter(memory_note::Column::SessionId.eq(session));
    }
    let query = query.order_by_desc(memory_note::Column::CreatedAt).order_by_desc(memory_note::Column::Id);
    db::page(db, query, window).await
}

fn notes(memory: Uuid) -> Select<memory_note::Entity> {
    memory_note::Entity::find().filter(memory_note::Column::MemoryBaseId.eq(memory))
}

/// Id of a chunk of a message or note.
pub fn chunk_id(of: Uuid, number: i64) -> String {
    format!("{of}:{number}")
}

fn chunk_ids(of: Uuid, chunks: i64) -> impl Iterator<Item = String> {
    (0..chunks).map(move |number| chunk_id(of, number))
}

/// Forgets everything of a memory; its sessions begin anew. Gives the sessions.
pub async fn reset(tx: &Tx, memory: Uuid) -> Result<Vec<MemorySession>> {
    chunks::clear(tx, memory).await?;
    rows::delete::<memory_entry::Entity>(tx, memory_entry::Column::MemoryBaseId.eq(memory)).await?;
    rows::delete::<memory_note::Entity>(tx, memory_note::Column::MemoryBaseId.eq(memory)).await?;
    let found = sessions(memory).order_by_asc(memory_session::Column::SessionId).all(tx.inner()).await?;
    memory_session::Entity::update_many()
        .col_expr(memory_session::Column::CursorId, Expr::value(None::<Uuid>))
        .col_expr(memory_session::Column::TotalProcessed, Expr::value(0_i64))
        .filter(memory_session::Column::MemoryBaseId.eq(memory))
        .exec(tx.inner())
        .await?;
    Ok(found)
}

/// Forgets sessions in all memories of a user: their chunks, marks, notes and progress.
pub async fn forget_sessions(tx: &Tx, owner: Uuid, names: &[String]) -> Result<()> {
    for base in own(owner).all(tx.inner()).await? {
        let is_of =
            memory_entry::Column::MemoryBaseId.eq(base.id).and(memory_entry::Column::SessionId.is_in(names));
        let marks = memory_entry::Entity::find().filter(is_of.clone()).all(tx.inner()).await?;
        let is_note = memory_note::Column::SessionId.is_in(names);
        let written = notes(base.id).filter(is_note.clone()).all(tx.inner()).await?;
        let of_marks = marks.iter().flat_map(|mark| chunk_ids(mark.message_id, mark.chunks));
        let of_notes = written.iter().flat_map(|note| chunk_ids(note.id, note.chunks));
        chunks::delete(tx, base.id, &of_marks.chain(of_notes).collect::<Vec<_>>()).await?;
        rows::delete::<memory_entry::Entity>(tx, is_of).await?;
        let is_note = memory_note::Column::MemoryBaseId.eq(base.id).and(is_note);
        rows::delete::<memory_note::Entity>(tx, is_note).await?;
        let is_session = memory_session::Column::MemoryBaseId
            .eq(base.id)
            .and(memory_session::Column::SessionId.is_in(names));
        rows::delete::<memory_session::Entity>(tx, is_session).await?;
    }
    Ok(())
}

/// Forgets messages of a user in all memories, before they are deleted. Notes stay.
pub async fn forget_messages(tx: &Tx, owner: Uuid, messages: &[Uuid]) -> Result<()> {
    let mine = Query::select()
        .column(memory_base::Column::Id)
        .from(memory_base::Entity)
        .and_where(memory_base::Column::UserId.eq(owner))
        .to_owned();
    let is_of = memory_entry::Column::MessageId
        .is_in(messages.iter().copied())
        .and(memory_entry::Column::MemoryBaseId.in_subquery(mine));
    let mut by_memory: HashMap<Uuid, Vec<String>> = HashMap::new();
    for mark in memory_entry::Entity::find().filter(is_of).all(tx.inner()).await? {
        by_memory.entry(mark.memory_base_id).or_default().extend(chunk_ids(mark.message_id, mark.chunks));
    }
    for (memory, ids) in by_memory {
        chunks::delete(tx, memory, &ids).await?;
    }
    Ok(())
}

pub async fn insert_run(tx: &Tx, run: &MemoryRun) -> Result<()> {
    rows::insert::<memory_run::Entity, _>(tx, vec![run.clone()]).await
}

/// Writes all columns. False: it is gone.
pub async fn save_run(tx: &Tx, run: &MemoryRun) -> Result<bool> {
    let is_it =
        memory_run::Column::Id.eq(run.id).and(memory_run::Column::MemoryBaseId.eq(run.memory_base_id));
    rows::save::<memory_run::Entity, _>(tx, run.clone(), is_it).await
}

/// Newest first.
pub async fn list_runs(
    db: &impl Db,
    memory: Uuid,
    session: Option<&str>,
    window: Window,
) -> Result<Page<MemoryRun>> {
    let mut query = memory_run::Entity::find().filter(memory_run::Column::MemoryBaseId.eq(memory));
    if let Some(session) = session {
        query = query.filter(memory_run::Column::SessionId.eq(session));
    }
    let query = query.order_by_desc(memory_run::Column::StartedAt).order_by_asc(memory_run::Column::Id);
    db::page(db, query, window).await
}

/// A run of a session that has begun after `since` and has not ended.
pub async fn open_run(
    db: &impl Db,
    memory: Uuid,
    session: &str,
    since: DateTime<Utc>,
) -> Result<Option<MemoryRun>> {
    let query = memory_run::Entity::find()
        .filter(memory_run::Column::MemoryBaseId.eq(memory))
        .filter(memory_run::Column::SessionId.eq(session))
        .filter(memory_run::Column::Status.is_in([IngestionStatus::Queued, IngestionStatus::Running]))
        .filter(memory_run::Column::StartedAt.gt(since));
    Ok(query.one(db.conn()).await?)
}

/// Deletes all but the newest `keep` runs of a memory.
pub async fn trim_runs(tx: &Tx, memory: Uuid, keep: u64) -> Result<()> {
    let newest = memory_run::Entity::find()
        .filter(memory_run::Column::MemoryBaseId.eq(memory))
        .order_by_desc(memory_run::Column::StartedAt)
        .offset(keep)
        .limit(1)
        .one(tx.inner())
        .await?;
    let Some(oldest) = newest else { return Ok(()) };
    let which = memory_run::Column::MemoryBaseId
        .eq(memory)
        .and(memory_run::Column::StartedAt.lte(oldest.started_at))
        .and(memory_run::Column::FinishedAt.is_not_null());
    rows::delete::<memory_run::Entity>(tx, which).await.map(drop)
}

/// Ends runs that began before `before` and were left by a server that stopped, of all users; says how many.
/// Administration.
pub async fn fail_left_over(tx: &Tx, why: &str, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64> {
    let done = memory_run::Entity::update_many()
        .col_expr(memory_run::Column::Status, Expr::value(IngestionStatus::Failed))
        .col_expr(memory_run::Column::ErrorMessage, Expr::value(why))
        .col_expr(memory_run::Column::FinishedAt, Expr::value(now))
        .filter(memory_run::Column::Status.is_in([IngestionStatus::Queued, IngestionStatus::Running]))
        .filter(memory_run::Column::StartedAt.lt(before))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected)
}

/// Memories of a flow that take messages in without being asked to.
pub async fn list_watching(db: &impl Db, owner: Uuid, flow: Uuid) -> Result<Vec<MemoryBase>> {
    let query = own(owner)
        .filter(memory_base::Column::FlowId.eq(flow))
        .filter(memory_base::Column::AutoCapture.eq(true))
        .order_by_asc(memory_base::Column::CreatedAt);
    Ok(query.all(db.conn()).await?)
}
