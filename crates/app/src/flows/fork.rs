//! Copying a flow that one may read.

use super::draft::FlowDraft;
use super::{Flow, FlowType, create, not_found};
use crate::client::Client;
use crate::ctx::App;
use crate::error::AppResult;
use crate::principal::Principal;
use crate::projects::Maker;
use langflow_store::{RawJson, flows};
use uuid::Uuid;

/// What the copy has of its own.
#[derive(Clone, Debug, Default)]
pub struct Fork {
    pub name: Option<String>,
    pub data: Option<RawJson>,
}

/// Copies a flow of the caller, or a public one, into the caller's default project. The copy is private.
pub async fn fork_flow(app: &App, who: &Principal, client: &Client, id: Uuid, fork: Fork) -> AppResult<Flow> {
    let source = match flows::find(&app.store, who.user_id, id).await? {
        Some(flow) => Some(flow),
        None => super::find_public_flow(app, id).await.ok(),
    };
    let source = source.ok_or_else(not_found)?;
    let draft = FlowDraft {
        name: fork.name.unwrap_or_else(|| format!("{} (copy)", source.name)),
        description: source.description,
        icon: source.icon,
        icon_bg_color: source.icon_bg_color,
        gradient: source.gradient,
        data: fork.data.or(source.data),
        is_component: source.is_component,
        webhook: source.webhook,
        tags: source.tags,
        locked: Some(false),
        mcp_enabled: Some(false),
        flow_type: FlowType::Workflow,
        ..FlowDraft::default()
    };
    let (maker, draft) = (Maker::of(app, who, client), create::clean(app, draft));
    app.store.write_or(move |tx| Box::pin(async move { create::insert(tx, &maker, draft).await })).await
}
