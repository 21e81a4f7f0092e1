//! The audit log: who did what, with which credential, from where, and how it ended.
//!
//! An entry is written in the transaction of the change it tells of: neither is there without the other.

use crate::client::Client;
use crate::identify::require_superuser;
use crate::{App, AppResult, Principal};
use chrono::{DateTime, SecondsFormat, Utc};
use langflow_store::audit::{self as rows, AuditRecord};
use langflow_store::{Page, RawJson, StoreError, Tx};
use serde_json::{Value, json};

pub use langflow_store::audit::{AuditEntry, AuditFilter, Chain};

/// An entry about to be written.
#[derive(Clone, Debug)]
pub struct Entry(AuditRecord);

impl Entry {
    /// `action` reads `verb.noun`; the object is what it was done to.
    pub fn new(at: DateTime<Utc>, action: &str, object_kind: &str, object_id: impl ToString) -> Self {
        Self(AuditRecord {
            at,
            actor_id: None,
            actor: "server".into(),
            credential: None,
            action: action.into(),
            object_kind: object_kind.into(),
            object_id: Some(object_id.to_string()),
            outcome: "ok".into(),
            ip: None,
            request_id: None,
            details: None,
        })
    }

    pub fn by(mut self, principal: &Principal, client: &Client) -> Self {
        self.0.actor_id = Some(principal.user_id);
        self.0.actor.clone_from(&principal.username);
        self.0.credential = Some(principal.credential.describe());
        self.from(client)
    }

    /// Somebody who is only known by the name he gave.
    pub fn by_name(mut self, name: &str, client: &Client) -> Self {
        self.0.actor = name.chars().filter(|c| !c.is_control()).take(100).collect();
        self.from(client)
    }

    fn from(mut self, client: &Client) -> Self {
        self.0.ip = client.address_text();
        self.0.request_id.clone_from(&client.request_id);
        self
    }

    /// It was asked for and not done.
    pub fn refused(mut self) -> Self {
        self.0.outcome = "refused".into();
        self
    }

    /// Never a secret.
    pub fn with(mut self, details: Value) -> Self {
        self.0.details = Some(RawJson::from(details));
        self
    }

    /// Writes it with the change it tells of.
    pub async fn append(self, tx: &Tx) -> Result<(), StoreError> {
        rows::append(tx, self.0).await
    }

    /// Writes it alone: what it tells of changed nothing.
    pub async fn record(self, app: &App) -> AppResult<()> {
        app.store.write(move |tx| Box::pin(async move { self.append(tx).await })).await?;
        Ok(())
    }
}

/// Entries, newest first. For superusers.
pub async fn list_entries(
    app: &App,
    principal: &Principal,
    filter: &AuditFilter,
) -> AppResult<Page<AuditEntry>> {
    require_superuser(principal)?;
    Ok(rows::list(&app.store, filter).await?)
}

/// The next `limit` entries after number `after`, oldest first, for export. For superusers.
pub async fn export_entries(
    app: &App,
    principal: &Principal,
    after: i64,
    limit: u64,
) -> AppResult<Vec<AuditEntry>> {
    require_superuser(principal)?;
    Ok(rows::entries_after(&app.store, after, limit).await?)
}

/// Whether the chain of hashes is whole. For superusers.
pub async fn verify_chain(app: &App, principal: &Principal) -> AppResult<Chain> {
    require_superuser(principal)?;
    Ok(rows::verify(&app.store).await?)
}

/// An entry as it is exported: the members of `GET /api/v1/audits`.
pub fn shown(entry: &AuditEntry) -> Value {
    json!({
        "seq": entry.seq,
        "at": entry.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "user_id": entry.actor_id,
        "actor": entry.actor,
        "credential": entry.credential,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "outcome": entry.outcome,
        "address": entry.ip,
        "request_id": entry.request_id,
        "details": entry.details,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    })
}

/// Deletes what is older than the retention. The server does it once a day.
pub(crate) async fn trim(app: &App) -> AppResult<u64> {
    let days = app.settings.auth.audit_retention_days;
    if days == 0 {
        return Ok(0);
    }
    let before = app.clock.now() - chrono::TimeDelta::days(i64::from(days));
    Ok(app.store.write(move |tx| Box::pin(async move { rows::delete_before(tx, before).await })).await?)
}
