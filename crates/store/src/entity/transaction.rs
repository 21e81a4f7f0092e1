//! Table `transactions`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// What went into a node and came out, once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub flow_id: Uuid,
    pub run_id: Option<Uuid>,
    pub session_id: Option<String>,
    pub timestamp: DateTime<Utc>,
    pub vertex_id: String,
    pub target_id: Option<String>,
    pub status: String,
    pub error: Option<String>,
    pub inputs: Option<RawJson>,
    pub outputs: Option<RawJson>,
    /// What the node is called, where it is known.
    pub display_name: Option<String>,
    /// From its start to `timestamp`, in milliseconds.
    pub duration_ms: Option<i64>,
    /// Tokens: `{input_tokens, output_tokens, total_tokens}`.
    pub usage: Option<RawJson>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
