//! What a caller says about a flow.

use super::{AccessType, Flow, FlowType, graph};
use chrono::{DateTime, Utc};
use langflow_store::RawJson;
use uuid::Uuid;

/// A flow to be made.
#[derive(Clone, Debug, Default)]
pub struct FlowDraft {
    pub id: Option<Uuid>,
    pub name: String,
    pub description: Option<String>,
    pub icon: Option<String>,
    pub icon_bg_color: Option<String>,
    pub gradient: Option<String>,
    pub data: Option<RawJson>,
    pub is_component: bool,
    pub webhook: bool,
    pub endpoint_name: Option<String>,
    pub tags: Option<RawJson>,
    pub locked: Option<bool>,
    pub mcp_enabled: Option<bool>,
    pub action_name: Option<String>,
    pub action_description: Option<String>,
    pub access_type: AccessType,
    pub flow_type: FlowType,
    pub a2a_enabled: bool,
    pub a2a_card_overrides: Option<RawJson>,
    /// Not the caller's: their default project.
    pub project_id: Option<Uuid>,
}

/// What a flow gets from the server when it is made.
pub(crate) struct Birth {
    pub id: Uuid,
    pub owner: Uuid,
    pub project_id: Uuid,
    pub version_token: Uuid,
    pub now: DateTime<Utc>,
}

impl FlowDraft {
    pub(crate) fn into_flow(self, birth: Birth) -> Flow {
        Flow {
            id: birth.id,
            user_id: Some(birth.owner),
            project_id: Some(birth.project_id),
            name: self.name,
            description: self.description,
            icon: self.icon,
            icon_bg_color: self.icon_bg_color,
            gradient: self.gradient,
            is_component: self.is_component,
            webhook: self.webhook,
            endpoint_name: self.endpoint_name,
            tags: self.tags,
            locked: self.locked,
            mcp_enabled: self.mcp_enabled,
            action_name: self.action_name,
            action_description: self.action_description,
            access_type: self.access_type,
            flow_type: self.flow_type,
            a2a_enabled: self.a2a_enabled,
            a2a_card_overrides: self.a2a_card_overrides,
            fs_path: None,
            name_key: None,
            version_token: Some(birth.version_token),
            last_modified_by: Some(birth.owner),
            created_at: birth.now,
            updated_at: birth.now,
            data: self.data,
        }
    }

    /// As a change of an existing flow: what the file says, and nothing about where it lies.
    pub(crate) fn into_change(self) -> FlowChange {
        FlowChange {
            name: Some(self.name),
            description: self.description,
            data: self.data,
            project_id: self.project_id,
            endpoint_name: self.endpoint_name.map(Some),
            mcp_enabled: self.mcp_enabled,
            locked: self.locked,
            action_name: self.action_name,
            action_description: self.action_description,
            access_type: None,
            flow_type: Some(self.flow_type),
            a2a_enabled: Some(self.a2a_enabled),
            a2a_card_overrides: self.a2a_card_overrides,
            icon: self.icon,
            icon_bg_color: self.icon_bg_color,
            gradient: self.gradient,
            tags: self.tags,
            is_component: Some(self.is_component),
        }
    }
}

/// Changes to a flow; `None` leaves a value as it is.
#[derive(Clone, Debug, Default)]
pub struct FlowChange {
    pub name: Option<String>,
    pub description: Option<String>,
    pub data: Option<RawJson>,
    /// Not the caller's: the flow stays where it is.
    pub project_id: Option<Uuid>,
    /// `Some(None)` clears it.
    pub endpoint_name: Option<Option<String>>,
    pub mcp_enabled: Option<bool>,
    pub locked: Option<bool>,
    pub action_name: Option<String>,
    pub action_description: Option<String>,
    pub access_type: Option<AccessType>,
    pub flow_type: Option<FlowType>,
    pub a2a_enabled: Option<bool>,
    pub a2a_card_overrides: Option<RawJson>,
    pub icon: Option<String>,
    pub icon_bg_color: Option<String>,
    pub gradient: Option<String>,
    pub tags: Option<RawJson>,
    pub is_component: Option<bool>,
}

impl FlowChange {
    /// Whether it changes the graph of `flow`.
    pub(crate) fn changes_data(&self, flow: &Flow) -> bool {
        match (&self.data, &flow.data) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(new), Some(old)) => !same(new, old),
        }
    }

    /// Writes the values into `flow`; times, tokens and what follows from the graph are the caller's.
    pub(crate) fn apply(self, flow: &mut Flow) {
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        set(&mut flow.name, self.name);
        set(&mut flow.description, self.description.map(Some));
        set(&mut flow.data, self.data.map(Some));
        set(&mut flow.project_id, self.project_id.map(Some));
        set(&mut flow.endpoint_name, self.endpoint_name);
        set(&mut flow.mcp_enabled, self.mcp_enabled.map(Some));
        set(&mut flow.locked, self.locked.map(Some));
        set(&mut flow.action_name, self.action_name.map(Some));
        set(&mut flow.action_description, self.action_description.map(Some));
        set(&mut flow.access_type, self.access_type);
        set(&mut flow.flow_type, self.flow_type);
        set(&mut flow.a2a_enabled, self.a2a_enabled);
        set(&mut flow.a2a_card_overrides, self.a2a_card_overrides.map(Some));
        set(&mut flow.icon, self.icon.map(Some));
        set(&mut flow.icon_bg_color, self.icon_bg_color.map(Some));
        set(&mut flow.gradient, self.gradient.map(Some));
        set(&mut flow.tags, self.tags.map(Some));
        set(&mut flow.is_component, self.is_component);
    }
}

pub(crate) fn same(one: &RawJson, other: &RawJson) -> bool {
    graph::is_same(one.get(), other.get())
}
