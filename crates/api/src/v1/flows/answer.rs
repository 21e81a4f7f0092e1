//! Flows as clients see them. The order of keys is that of the reference.

use crate::page::PageBody;
use crate::time;
use langflow_app::flows::{
    Flow, FlowHeader, FlowVersion, RawJson, VersionHeader, read_access_type, read_flow_type,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A whole flow. The graph goes out as the text that was saved.
#[derive(Serialize, ToSchema)]
pub struct FlowRead {
    name: String,
    description: Option<String>,
    icon: Option<String>,
    icon_bg_color: Option<String>,
    gradient: Option<String>,
    #[schema(value_type = Option<Object>)]
    data: Option<RawJson>,
    is_component: bool,
    updated_at: String,
    webhook: bool,
    endpoint_name: Option<String>,
    #[schema(value_type = Option<Vec<String>>)]
    tags: Option<RawJson>,
    locked: Option<bool>,
    mcp_enabled: Option<bool>,
    action_name: Option<String>,
    action_description: Option<String>,
    access_type: &'static str,
    flow_type: &'static str,
    a2a_enabled: bool,
    #[schema(value_type = Option<Object>)]
    a2a_card_overrides: Option<RawJson>,
    id: Uuid,
    user_id: Option<Uuid>,
    folder_id: Option<Uuid>,
    workspace_id: Option<Uuid>,
    name_key: Option<String>,
    version_token: Option<Uuid>,
}

impl From<Flow> for FlowRead {
    fn from(flow: Flow) -> Self {
        Self {
            name: flow.name,
            description: flow.description,
            icon: flow.icon,
            icon_bg_color: flow.icon_bg_color,
            gradient: flow.gradient,
            data: flow.data,
            is_component: flow.is_component,
            updated_at: time::seconds(flow.updated_at),
            webhook: flow.webhook,
            endpoint_name: flow.endpoint_name,
            tags: flow.tags,
            locked: flow.locked,
            mcp_enabled: flow.mcp_enabled,
            action_name: flow.action_name,
            action_description: flow.action_description,
            access_type: read_access_type(flow.access_type),
            flow_type: read_flow_type(flow.flow_type),
            a2a_enabled: flow.a2a_enabled,
            a2a_card_overrides: flow.a2a_card_overrides,
            id: flow.id,
            user_id: flow.user_id,
            folder_id: flow.project_id,
            workspace_id: None,
            name_key: flow.name_key,
            version_token: flow.version_token,
        }
    }
}

pub fn flow_reads(flows: Vec<Flow>) -> Vec<FlowRead> {
    flows.into_iter().map(FlowRead::from).collect()
}

/// A flow in a list, without its graph.
#[derive(Serialize, ToSchema)]
pub struct HeaderRead {
    id: Uuid,
    name: String,
    folder_id: Option<Uuid>,
    is_component: bool,
    endpoint_name: Option<String>,
    description: Option<String>,
    #[schema(value_type = Option<Object>)]
    data: Option<RawJson>,
    access_type: &'static str,
    #[schema(value_type = Option<Vec<String>>)]
    tags: Option<RawJson>,
    mcp_enabled: Option<bool>,
    flow_type: &'static str,
    a2a_enabled: bool,
    #[schema(value_type = Option<Object>)]
    a2a_card_overrides: Option<RawJson>,
    action_name: Option<String>,
    action_description: Option<String>,
    updated_at: String,
}

impl From<FlowHeader> for HeaderRead {
    fn from(flow: FlowHeader) -> Self {
        Self {
            id: flow.id,
            name: flow.name,
            folder_id: flow.project_id,
            is_component: flow.is_component,
            endpoint_name: flow.endpoint_name,
            description: flow.description,
            data: flow.data,
            access_type: read_access_type(flow.access_type),
            tags: flow.tags,
            mcp_enabled: flow.mcp_enabled,
            flow_type: read_flow_type(flow.flow_type),
            a2a_enabled: flow.a2a_enabled,
            a2a_card_overrides: flow.a2a_card_overrides,
            action_name: flow.action_name,
            action_description: flow.action_description,
            updated_at: time::seconds(flow.updated_at),
        }
    }
}

/// A public flow and what a visitor may do with it.
#[derive(Serialize, ToSchema)]
pub struct PublicFlowRead {
    #[serde(flatten)]
    flow: FlowRead,
    public_access: PublicAccess,
}

#[derive(Serialize, ToSchema)]
struct PublicAccess {
    can_read: bool,
    can_execute: bool,
    /// Whether files can be attached. Ours, so only said where it is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    can_attach: bool,
}

impl PublicFlowRead {
    pub fn new(flow: Flow, can_attach: bool) -> Self {
        let public_access = PublicAccess { can_read: true, can_execute: true, can_attach };
        Self { flow: flow.into(), public_access }
    }
}

/// A version in a list: keys without a value are left out.
#[derive(Serialize, ToSchema)]
pub struct VersionEntry {
    id: Uuid,
    flow_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<Uuid>,
    version_number: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    retained: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retained_reason: Option<String>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    version_tag: String,
}

impl VersionEntry {
    pub fn new(version: VersionHeader, username: Option<String>) -> Self {
        Self {
            id: version.id,
            flow_id: version.flow_id,
            user_id: version.user_id,
            version_number: version.version_number,
            description: version.description,
            retained: version.retained,
            retained_reason: version.retained_reason,
            created_at: time::seconds(version.created_at),
            username,
            version_tag: format!("v{}", version.version_number),
        }
    }
}

/// A version alone: every key is there.
#[derive(Serialize, ToSchema)]
pub struct VersionRead {
    id: Uuid,
    flow_id: Uuid,
    user_id: Option<Uuid>,
    version_number: i32,
    description: Option<String>,
    retained: bool,
    retained_reason: Option<String>,
    created_at: String,
    username: Option<String>,
    version_tag: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    data: Option<RawJson>,
}

impl VersionRead {
    pub fn new(version: FlowVersion, with_data: bool) -> Self {
        Self {
            id: version.id,
            flow_id: version.flow_id,
            user_id: version.user_id,
            version_number: version.version_number,
            description: version.description,
            retained: version.retained,
            retained_reason: version.retained_reason,
            created_at: time::seconds(version.created_at),
            username: None,
            version_tag: format!("v{}", version.version_number),
            data: version.data.filter(|_| with_data),
        }
    }
}

/// What a list of flows is: all of them or a page, whole or without graphs.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum FlowListRead {
    Flows(Vec<FlowRead>),
    Headers(Vec<HeaderRead>),
    FlowPage(PageBody<FlowRead>),
    HeaderPage(PageBody<HeaderRead>),
}

/// The state that a save builds on, and who made it.
#[derive(Serialize, ToSchema)]
pub struct VersionState {
    pub version_token: Option<Uuid>,
    pub last_modified_by: Option<Uuid>,
    pub last_modified_by_username: Option<String>,
    pub updated_at: String,
}

/// Versions of a flow.
#[derive(Serialize, ToSchema)]
pub struct VersionList {
    pub entries: Vec<VersionEntry>,
    /// So many are kept of one flow.
    pub max_entries: u64,
}

/// How many flows a request has deleted.
#[derive(Serialize, ToSchema)]
pub struct Deleted {
    pub deleted: u64,
}
