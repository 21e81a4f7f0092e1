//! Table `flows`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A flow, or a saved component.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub project_id: Option<Uuid>,
    pub name: String,
    pub description: Option<String>,
    pub icon: Option<String>,
    pub icon_bg_color: Option<String>,
    pub gradient: Option<String>,
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
    pub fs_path: Option<String>,
    pub name_key: Option<String>,
    /// Changes with every change of `data`.
    pub version_token: Option<Uuid>,
    pub last_modified_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The graph as the editor saved it.
    pub data: Option<RawJson>,
}

/// Name of the table.
pub const TABLE: &str = "flows";

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Who may open a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AccessType {
    #[default]
    #[sea_orm(string_value = "PRIVATE")]
    Private,
    #[sea_orm(string_value = "PUBLIC")]
    Public,
}

/// What a flow is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum FlowType {
    #[default]
    #[sea_orm(string_value = "workflow")]
    Workflow,
    #[sea_orm(string_value = "agent")]
    Agent,
}
