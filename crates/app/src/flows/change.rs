//! Changing a flow: the lock, the version token, and what is kept of a graph that is replaced.

use super::draft::{FlowChange, same};
use super::{Flow, create, graph, locked, not_found, publish, taken, versions};
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::principal::Principal;
use chrono::{DateTime, Utc};
use langflow_store::{RawJson, Tx, flows, projects, users};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Changes a flow of the caller.
///
/// `expected` is the version token the caller has seen. With another token stored, a change of the graph is
/// refused (409). Without `expected` the last save wins, and the graph it replaces is kept as a version.
pub async fn change_flow(
    app: &App,
    who: &Principal,
    client: &Client,
    id: Uuid,
    mut change: FlowChange,
    expected: Option<Uuid>,
) -> AppResult<Flow> {
    change.data = change.data.map(|data| create::without_secrets(app, data));
    let save = Save::of(app, who, client, ErrorKind::BadRequest);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let flow = flows::lock(tx, save.owner, id).await?.ok_or_else(not_found)?;
                save.change(tx, flow, change, expected).await
            })
        })
        .await
}

/// Replaces the graph after the caller has seen what it replaces, which is kept as a version.
pub async fn overwrite_flow(
    app: &App,
    who: &Principal,
    client: &Client,
    id: Uuid,
    data: RawJson,
    expected: Uuid,
) -> AppResult<Flow> {
    let data = create::without_secrets(app, data);
    let save = Save::of(app, who, client, ErrorKind::Conflict);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut flow = flows::lock(tx, save.owner, id).await?.ok_or_else(not_found)?;
                if flow.locked == Some(true) {
                    return Err(locked());
                }
                if flow.version_token != Some(expected) {
                    return Err(conflict(tx, &flow, expected).await?);
                }
                if flow.data.as_ref().is_none_or(|old| !same(old, &data)) {
                    save.keep_replaced(tx, &flow, "Replaced by an overwrite").await?;
                }
                save.set_graph(&mut flow, data);
                save.write(tx, &flow).await?;
                Ok(flow)
            })
        })
        .await
}

/// Who saves, when, and under which rules.
pub(super) struct Save {
    pub owner: Uuid,
    pub who: Principal,
    pub client: Client,
    pub now: DateTime<Utc>,
    pub ids: Arc<dyn langflow_core::ids::Ids>,
    /// The kind of refusal for a name that is taken.
    pub taken_as: ErrorKind,
    pub max_versions: u64,
}

impl Save {
    /// `client` is where the request comes from, for the audit log.
    pub fn of(app: &App, who: &Principal, client: &Client, taken_as: ErrorKind) -> Self {
        Self {
            owner: who.user_id,
            who: who.clone(),
            client: client.clone(),
            now: app.clock.now(),
            ids: app.ids.clone(),
            taken_as,
            max_versions: app.settings.flows.max_versions,
        }
    }

    pub async fn change(
        &self,
        tx: &Tx,
        mut flow: Flow,
        mut change: FlowChange,
        expected: Option<Uuid>,
    ) -> AppResult<Flow> {
        if let Some(project) = change.project_id
            && projects::find(tx, self.owner, project).await?.is_none()
        {
            change.project_id = None;
        }
        if flow.locked == Some(true) && !only_unlocks(&flow, &change) {
            return Err(locked());
        }
        let new_graph = change.changes_data(&flow).then(|| change.data.take()).flatten();
        change.data = None;
        if let Some(graph) = new_graph {
            match expected {
                Some(token) if flow.version_token != Some(token) => {
                    return Err(conflict(tx, &flow, token).await?);
                }
                Some(_) => {}
                None => self.keep_replaced(tx, &flow, "Replaced by a save without a version token").await?,
            }
            self.set_graph(&mut flow, graph);
        }
        let access = flow.access_type;
        change.apply(&mut flow);
        publish::record(tx, &self.who, &self.client, Some(access), &flow, self.now).await?;
        flow.webhook = flow.data.as_ref().is_some_and(|data| graph::has_webhook(data.get()));
        self.write(tx, &flow).await.map(|()| Flow {
            updated_at: self.now,
            last_modified_by: Some(self.owner),
            ..flow
        })
    }

    pub fn set_graph(&self, flow: &mut Flow, data: RawJson) {
        flow.webhook = graph::has_webhook(data.get());
        flow.data = Some(data);
        flow.version_token = Some(self.ids.random());
        flow.updated_at = self.now;
        flow.last_modified_by = Some(self.owner);
    }

    pub async fn write(&self, tx: &Tx, flow: &Flow) -> AppResult<()> {
        let flow = Flow { updated_at: self.now, last_modified_by: Some(self.owner), ..flow.clone() };
        let kept = flows::save(tx, &flow).await.map_err(|e| taken(e, self.taken_as))?;
        if kept { Ok(()) } else { Err(not_found()) }
    }

    /// Keeps the graph of `flow` as a version of its last author, if there is anything in it.
    pub async fn keep_replaced(&self, tx: &Tx, flow: &Flow, why: &str) -> AppResult<()> {
        if !flow.data.as_ref().is_some_and(|data| graph::has_nodes(data.get())) {
            return Ok(());
        }
        let author = flow.last_modified_by.unwrap_or(self.owner);
        versions::insert(tx, self, flow, author, Some(why.to_owned())).await.map(drop)
    }
}

/// Whether all that a locked flow would see change is its lock.
fn only_unlocks(flow: &Flow, change: &FlowChange) -> bool {
    let mut other = change.clone();
    other.locked = None;
    if !change.changes_data(flow) {
        other.data = None;
    }
    let mut changed = flow.clone();
    other.apply(&mut changed);
    changed == *flow
}

/// The refusal of a save that has not seen the latest graph.
pub(super) async fn conflict(tx: &Tx, flow: &Flow, expected: Uuid) -> AppResult<AppError> {
    let author = match flow.last_modified_by {
        Some(id) => users::find(tx, id).await?.map(|user| json!({"id": user.id, "username": user.username})),
        None => None,
    };
    Ok(AppError::conflict(json!({
        "code": "flow_version_conflict",
        "message": "The flow has changed since it was loaded.",
        "flow_id": flow.id,
        "expected_version_token": expected,
        "current_version_token": flow.version_token,
        "modified_by": author,
        "modified_at": flow.updated_at.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(),
    })))
}
