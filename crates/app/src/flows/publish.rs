//! What the audit log says of flows that strangers may open.

use super::Flow;
use crate::audit::Entry;
use crate::client::Client;
use crate::error::AppResult;
use crate::principal::Principal;
use chrono::{DateTime, Utc};
use langflow_store::Tx;
use langflow_store::flows::AccessType;
use serde_json::json;

/// Records that a flow became public, or private again. `before` is what it was; `None`: it is new.
pub(super) async fn record(
    tx: &Tx,
    who: &Principal,
    client: &Client,
    before: Option<AccessType>,
    flow: &Flow,
    now: DateTime<Utc>,
) -> AppResult<()> {
    if before.unwrap_or_default() == flow.access_type {
        return Ok(());
    }
    let action = if flow.access_type == AccessType::Public { "publish.flow" } else { "unpublish.flow" };
    let entry = Entry::new(now, action, "flow", flow.id).by(who, client).with(json!({"name": flow.name}));
    Ok(entry.append(tx).await?)
}
