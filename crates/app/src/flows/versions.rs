//! Kept states of a flow.

use super::change::{Save, conflict};
use super::{Flow, FlowVersion, VersionHeader, locked, not_found};
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::principal::Principal;
use langflow_store::{Page, Tx, Window, flows, versions};
use uuid::Uuid;

fn no_version() -> AppError {
    AppError::not_found("Version entry not found")
}

/// Newest first, without graphs.
pub async fn list_versions(
    app: &App,
    who: &Principal,
    flow: Uuid,
    limit: u64,
    offset: u64,
) -> AppResult<Page<VersionHeader>> {
    super::find_flow(app, who, flow).await?;
    Ok(versions::list(&app.store, who.user_id, flow, Window::new(limit, offset)).await?)
}

/// Keeps the present graph.
pub async fn create_version(
    app: &App,
    who: &Principal,
    client: &Client,
    flow: Uuid,
    description: Option<String>,
) -> AppResult<FlowVersion> {
    let save = Save::of(app, who, client, ErrorKind::Conflict);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let flow = flows::lock(tx, save.owner, flow).await?.ok_or_else(not_found)?;
                insert(tx, &save, &flow, save.owner, description).await
            })
        })
        .await
}

pub async fn find_version(app: &App, who: &Principal, flow: Uuid, id: Uuid) -> AppResult<FlowVersion> {
    super::find_flow(app, who, flow).await?;
    versions::find(&app.store, who.user_id, flow, id).await?.ok_or_else(no_version)
}

pub async fn delete_version(app: &App, who: &Principal, flow: Uuid, id: Uuid) -> AppResult<()> {
    let owner = who.user_id;
    let gone = app
        .store
        .write(move |tx| Box::pin(async move { versions::delete(tx, owner, flow, id).await }))
        .await?;
    if gone { Ok(()) } else { Err(no_version()) }
}

/// Makes a version the present graph; `save_draft` keeps the one it replaces.
pub async fn activate_version(
    app: &App,
    who: &Principal,
    client: &Client,
    flow: Uuid,
    id: Uuid,
    save_draft: bool,
    expected: Option<Uuid>,
) -> AppResult<Flow> {
    let save = Save::of(app, who, client, ErrorKind::Conflict);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut flow = flows::lock(tx, save.owner, flow).await?.ok_or_else(not_found)?;
                let version = versions::find(tx, save.owner, flow.id, id).await?.ok_or_else(no_version)?;
                let data = version.data.ok_or_else(|| AppError::bad_request("The version has no data"))?;
                if flow.locked == Some(true) {
                    return Err(locked());
                }
                if let Some(token) = expected
                    && flow.version_token != Some(token)
                {
                    return Err(conflict(tx, &flow, token).await?);
                }
                if save_draft {
                    let why = format!("Replaced by version {}", version.version_number);
                    save.keep_replaced(tx, &flow, &why).await?;
                }
                save.set_graph(&mut flow, data);
                save.write(tx, &flow).await?;
                Ok(flow)
            })
        })
        .await
}

/// Inserts the next version and prunes the oldest. The flow is locked by the caller.
pub(super) async fn insert(
    tx: &Tx,
    save: &Save,
    flow: &Flow,
    author: Uuid,
    description: Option<String>,
) -> AppResult<FlowVersion> {
    let version = FlowVersion {
        id: save.ids.random(),
        flow_id: flow.id,
        user_id: Some(author),
        version_number: versions::next_number(tx, flow.id).await?,
        description,
        retained: false,
        retained_reason: None,
        created_at: save.now,
        data: flow.data.clone(),
    };
    versions::insert(tx, &version).await?;
    versions::prune(tx, flow.id, save.max_versions).await?;
    Ok(version)
}
