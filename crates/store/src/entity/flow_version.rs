//! Table `flow_versions`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A kept state of a flow.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flow_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub flow_id: Uuid,
    /// Whose state it is.
    pub user_id: Option<Uuid>,
    /// From 1, per flow.
    pub version_number: i32,
    pub description: Option<String>,
    /// Not to be pruned.
    pub retained: bool,
    pub retained_reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub data: Option<RawJson>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
