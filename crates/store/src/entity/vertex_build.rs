//! Table `vertex_builds`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// The last state of a node, as the editor shows it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vertex_builds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub flow_id: Uuid,
    pub run_id: Option<Uuid>,
    pub vertex_id: String,
    pub timestamp: DateTime<Utc>,
    pub valid: bool,
    pub params: Option<String>,
    pub data: Option<RawJson>,
    pub artifacts: Option<RawJson>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
