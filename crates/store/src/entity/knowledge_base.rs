//! Table `knowledge_bases`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// Texts of a user with the model that makes their vectors. Its id is that of its collection.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "knowledge_bases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub name: String,
    pub embedding_provider: String,
    pub embedding_model: String,
    /// Characters of a chunk, unless an ingestion says otherwise.
    pub chunk_size: i64,
    pub chunk_overlap: i64,
    pub separator: Option<String>,
    /// Which columns of tables become vectors and which identify a row, as the editor writes it.
    pub column_config: RawJson,
    pub status: KnowledgeStatus,
    pub failure_reason: Option<String>,
    /// Of the newest ingestion.
    pub last_job_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum KnowledgeStatus {
    #[sea_orm(string_value = "empty")]
    Empty,
    #[sea_orm(string_value = "ingesting")]
    Ingesting,
    #[sea_orm(string_value = "ready")]
    Ready,
    #[sea_orm(string_value = "failed")]
    Failed,
}
