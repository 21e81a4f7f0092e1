//! The audit log: who did what, in a chain that shows whether a row was changed or taken out.
//!
//! Each entry carries the hash of the one before and a hash over itself, so that [`verify`] finds the first
//! entry that was altered. Somebody who can write the database can make the whole chain anew; keep the last
//! hash elsewhere to notice that.

use crate::db::{Db, Tx, page};
use crate::entity::audit;
use crate::error::Result;
use crate::page::{Page, Window};
use crate::raw::RawJson;
use crate::rows;
use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use uuid::Uuid;

pub use crate::entity::audit::Model as AuditEntry;

/// What happened. The store numbers and chains it.
#[derive(Clone, Debug)]
pub struct AuditRecord {
    pub at: DateTime<Utc>,
    pub actor_id: Option<Uuid>,
    /// Name of the actor, or of what acted: `server`, `command line`, the name tried at a failed sign-in.
    pub actor: String,
    /// Which credential, by kind and id: `session …`, `key …`.
    pub credential: Option<String>,
    /// `verb.noun`: `create.key`, `login.failed`.
    pub action: String,
    pub object_kind: String,
    pub object_id: Option<String>,
    /// `ok`, `refused`, `failed`.
    pub outcome: String,
    pub ip: Option<String>,
    pub request_id: Option<String>,
    pub details: Option<RawJson>,
}

/// Which entries.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub actor_id: Option<Uuid>,
    pub action: Option<String>,
    pub object_kind: Option<String>,
    pub object_id: Option<String>,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub window: Window,
}

/// Where a chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// All is as it was written; this many entries.
    Whole(u64),
    /// The entry with this number, or the one that should be there, is not as it was written.
    BrokenAt(i64),
}

/// Number under which writers of the log wait for each other (PostgreSQL).
const LOCK: i64 = 0x6c61_6e67_6175_6474;

/// Appends to the log, in the transaction of what it records.
pub async fn append(tx: &Tx, record: AuditRecord) -> Result<()> {
    if tx.is_postgres() {
        tx.inner().execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    let last = audit::Entity::find().order_by_desc(audit::Column::Seq).one(tx.inner()).await?;
    let (seq, previous_hash) =
        last.map_or((1, String::new()), |last| (last.seq.saturating_add(1), last.hash));
    let mut entry = AuditEntry {
        seq,
        at: record.at,
        actor_id: record.actor_id,
        actor: record.actor,
        credential: record.credential,
        action: record.action,
        object_kind: record.object_kind,
        object_id: record.object_id,
        outcome: record.outcome,
        ip: record.ip,
        request_id: record.request_id,
        details: record.details,
        previous_hash,
        hash: String::new(),
    };
    entry.hash = hash(&entry);
    rows::insert::<audit::Entity, _>(tx, vec![entry]).await
}

/// Newest first.
pub async fn list(db: &impl Db, filter: &AuditFilter) -> Result<Page<AuditEntry>> {
    let mut which = Condition::all();
    if let Some(actor) = filter.actor_id {
        which = which.add(audit::Column::ActorId.eq(actor));
    }
    if let Some(action) = &filter.action {
        which = which.add(audit::Column::Action.eq(action));
    }
    if let Some(kind) = &filter.object_kind {
        which = which.add(audit::Column::ObjectKind.eq(kind));
    }
    if let Some(id) = &filter.object_id {
        which = which.add(audit::Column::ObjectId.eq(id));
    }
    if let Some(from) = filter.from {
        which = which.add(audit::Column::At.gte(from));
    }
    if let Some(until) = filter.until {
        which = which.add(audit::Column::At.lt(until));
    }
    page(db, audit::Entity::find().filter(which).order_by_desc(audit::Column::Seq), filter.window).await
}

/// Entries after number `after`, oldest first, for export.
pub async fn entries_after(db: &impl Db, after: i64, limit: u64) -> Result<Vec<AuditEntry>> {
    let query = audit::Entity::find()
        .filter(audit::Column::Seq.gt(after))
        .order_by_asc(audit::Column::Seq)
        .limit(limit);
    Ok(query.all(db.conn()).await?)
}

/// The newest entry.
pub async fn last(db: &impl Db) -> Result<Option<AuditEntry>> {
    Ok(audit::Entity::find().order_by_desc(audit::Column::Seq).one(db.conn()).await?)
}

/// Walks the whole log. A log that retention has cut begins later than at 1; what is there must chain.
pub async fn verify(db: &impl Db) -> Result<Chain> {
    let mut count = 0;
    let mut last: Option<AuditEntry> = None;
    loop {
        let batch = entries_after(db, last.as_ref().map_or(0, |entry| entry.seq), 1000).await?;
        if batch.is_empty() {
            return Ok(Chain::Whole(count));
        }
        for entry in batch {
            if let Some(last) = &last {
                let expected = last.seq.saturating_add(1);
                if entry.seq != expected {
                    return Ok(Chain::BrokenAt(expected));
                }
                if entry.previous_hash != last.hash {
                    return Ok(Chain::BrokenAt(entry.seq));
                }
            }
            if entry.hash != hash(&entry) {
                return Ok(Chain::BrokenAt(entry.seq));
            }
            count += 1;
            last = Some(entry);
        }
    }
}

/// Deletes entries before `before`, oldest first. The chain of the rest still holds.
pub async fn delete_before(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    rows::delete::<audit::Entity>(tx, audit::Column::At.lt(before)).await
}

/// Over all fields, each with its length in front, so that no two entries read the same.
fn hash(entry: &AuditEntry) -> String {
    let at = entry.at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let actor_id = entry.actor_id.map(|id| id.to_string());
    let fields: [Option<&str>; 13] = [
        Some(&entry.previous_hash),
        Some(&at),
        actor_id.as_deref(),
        Some(&entry.actor),
        entry.credential.as_deref(),
        Some(&entry.action),
        Some(&entry.object_kind),
        entry.object_id.as_deref(),
        Some(&entry.outcome),
        entry.ip.as_deref(),
        entry.request_id.as_deref(),
        entry.details.as_ref().map(RawJson::get),
        None,
    ];
    let mut digest = Sha256::new();
    digest.update(entry.seq.to_be_bytes());
    for field in fields {
        match field {
            Some(text) => {
                digest.update((text.len() as u64).to_be_bytes());
                digest.update(text.as_bytes());
            }
            None => digest.update(u64::MAX.to_be_bytes()),
        }
    }
    digest.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
