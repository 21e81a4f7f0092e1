//! Table `memory_sessions`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// How far a memory has come with a session.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memory_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub memory_base_id: Uuid,
    pub session_id: String,
    /// The last message that was taken in.
    pub cursor_id: Option<Uuid>,
    /// Messages taken in.
    pub total_processed: i64,
    /// Runs that have ended since.
    pub pending_runs: i64,
    pub last_sync_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
