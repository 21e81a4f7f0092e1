//! Table `memory_notes`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// What a model wrote down of some messages.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memory_notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub memory_base_id: Uuid,
    pub session_id: String,
    pub job_id: Uuid,
    pub text: String,
    /// How many chunks it became.
    pub chunks: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
