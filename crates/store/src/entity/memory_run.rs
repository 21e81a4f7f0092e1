//! Table `memory_runs`.

use super::ingestion_run::IngestionStatus;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One taking in of a session's messages. Its id is that of its job.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memory_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub memory_base_id: Uuid,
    pub session_id: String,
    pub status: IngestionStatus,
    pub error_message: Option<String>,
    /// Messages that waited when it began.
    pub total_messages: i64,
    pub done_messages: i64,
    pub chunks_created: i64,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
