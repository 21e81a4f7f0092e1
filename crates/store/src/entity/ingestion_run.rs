//! Table `ingestion_runs`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One filling of a knowledge base.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ingestion_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub knowledge_base_id: Uuid,
    pub user_id: Uuid,
    pub job_id: Uuid,
    pub source_type: String,
    pub source_name: String,
    pub status: IngestionStatus,
    pub error_message: Option<String>,
    pub total_items: i64,
    pub succeeded: i64,
    pub failed: i64,
    pub skipped: i64,
    pub total_bytes: i64,
    pub chunks_created: i64,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// What the caller wants on every chunk.
    pub user_metadata: RawJson,
    pub source_config: RawJson,
    /// A list: what came of each file.
    pub items: RawJson,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum IngestionStatus {
    #[sea_orm(string_value = "queued")]
    Queued,
    #[sea_orm(string_value = "running")]
    Running,
    #[sea_orm(string_value = "succeeded")]
    Succeeded,
    #[sea_orm(string_value = "failed")]
    Failed,
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}
