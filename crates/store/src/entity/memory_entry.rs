//! Table `memory_entries`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A message that a memory has taken in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memory_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub memory_base_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    pub session_id: String,
    pub job_id: Uuid,
    /// How many chunks it became; 0 where a note stands for it.
    pub chunks: i64,
    pub ingested_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
