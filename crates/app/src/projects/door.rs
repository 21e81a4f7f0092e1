//! What the audit log says of projects whose flows anybody may run over MCP.

use super::Project;
use crate::audit::Entry;
use crate::client::Client;
use crate::principal::Principal;
use chrono::{DateTime, Utc};
use langflow_store::{RawJson, StoreError, Tx};
use serde_json::json;

/// Records that a project asks MCP clients for no key any more, or asks again. `before` are the settings it had.
pub(crate) async fn record(
    tx: &Tx,
    who: &Principal,
    client: &Client,
    before: Option<&RawJson>,
    project: &Project,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let is_open = asks_nothing(project.auth_settings.as_ref());
    if asks_nothing(before) == is_open {
        return Ok(());
    }
    let action = if is_open { "open.project" } else { "close.project" };
    let entry = Entry::new(now, action, "project", project.id).by(who, client);
    entry.with(json!({"name": project.name})).append(tx).await
}

fn asks_nothing(settings: Option<&RawJson>) -> bool {
    settings.is_some_and(|settings| settings.to_value().get("auth_type").is_some_and(|kind| kind == "none"))
}
