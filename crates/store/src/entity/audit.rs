//! Table `audit`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One entry of the audit log. Each carries the hash of the one before.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    /// From 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor_id: Option<Uuid>,
    /// Name of the actor at the time.
    pub actor: String,
    pub credential: Option<String>,
    pub action: String,
    pub object_kind: String,
    pub object_id: Option<String>,
    pub outcome: String,
    pub ip: Option<String>,
    pub request_id: Option<String>,
    pub details: Option<RawJson>,
    pub previous_hash: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
