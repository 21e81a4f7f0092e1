//! Looking flows up.

use super::{Flow, FlowHeader, FlowType, graph, not_found};
use crate::ctx::App;
use crate::error::AppResult;
use crate::principal::Principal;
use chrono::{DateTime, Utc};
use langflow_store::flows::{self, FlowFilter, FlowOrder};
use langflow_store::{Page, Window, users};
use serde_json::value::RawValue;
use std::collections::HashMap;
use uuid::Uuid;

/// Which flows of the caller, and how much of each.
#[derive(Clone, Debug, Default)]
pub struct ListFlows {
    pub project_id: Option<Uuid>,
    /// Flows of the default project alone, when no project is named.
    pub default_project_only: bool,
    pub is_component: Option<bool>,
    pub flow_type: Option<FlowType>,
    pub search: Option<String>,
    pub latest_first: bool,
    /// `(page, size)`, page from 1; none: all.
    pub page: Option<(u64, u64)>,
    /// Without graphs.
    pub headers: bool,
}

/// Whole flows or headers, as asked.
#[derive(Clone, Debug)]
pub enum FlowList {
    Whole(Page<Flow>),
    Headers(Page<FlowHeader>),
}

/// The flow of the caller.
pub async fn find_flow(app: &App, who: &Principal, id: Uuid) -> AppResult<Flow> {
    flows::find(&app.store, who.user_id, id).await?.ok_or_else(not_found)
}

/// A public flow, its secret fields emptied.
pub async fn find_public_flow(app: &App, id: Uuid) -> AppResult<Flow> {
    let mut flow = flows::find_public(&app.store, id).await?.ok_or_else(not_found)?;
    flow.data = flow.data.map(|data| {
        let raw: Box<RawValue> = data.into_inner();
        graph::blank_secrets(&raw).unwrap_or(raw).into()
    });
    Ok(flow)
}

/// Flows of the caller.
pub async fn list_flows(app: &App, who: &Principal, wanted: ListFlows) -> AppResult<FlowList> {
    let project_id = match wanted.project_id {
        None if wanted.default_project_only => Some(crate::projects::default_project(app, who).await?.id),
        other => other,
    };
    let filter = FlowFilter {
        project_id,
        is_component: wanted.is_component,
        flow_type: wanted.flow_type,
        search: wanted.search,
        order: if wanted.latest_first { FlowOrder::Updated } else { FlowOrder::Created },
        window: wanted.page.map_or_else(Window::default, |(page, size)| Window::page(page, size)),
        ..FlowFilter::default()
    };
    Ok(if wanted.headers {
        FlowList::Headers(flows::list_headers(&app.store, who.user_id, &filter).await?)
    } else {
        FlowList::Whole(flows::list(&app.store, who.user_id, &filter).await?)
    })
}

/// What an editor compares before it runs or saves.
#[derive(Clone, Debug)]
pub struct VersionState {
    pub version_token: Option<Uuid>,
    pub last_modified_by: Option<Uuid>,
    pub last_modified_by_username: Option<String>,
    pub updated_at: DateTime<Utc>,
}

pub async fn read_version_state(app: &App, who: &Principal, id: Uuid) -> AppResult<VersionState> {
    let flow = find_flow(app, who, id).await?;
    let author = match flow.last_modified_by {
        Some(author) => users::find(&app.store, author).await?.map(|user| user.username),
        None => None,
    };
    Ok(VersionState {
        version_token: flow.version_token,
        last_modified_by: flow.last_modified_by,
        last_modified_by_username: author,
        updated_at: flow.updated_at,
    })
}

/// Names of users, for showing who changed something.
pub async fn find_usernames(app: &App, mut ids: Vec<Uuid>) -> AppResult<HashMap<Uuid, String>> {
    ids.sort_unstable();
    ids.dedup();
    let mut names = HashMap::with_capacity(ids.len());
    for id in ids {
        names.extend(users::find(&app.store, id).await?.map(|user| (id, user.username)));
    }
    Ok(names)
}
