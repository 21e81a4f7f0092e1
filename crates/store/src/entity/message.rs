//! Table `messages`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A stored chat message.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The flow's owner.
    pub user_id: Option<Uuid>,
    pub flow_id: Option<Uuid>,
    pub run_id: Option<Uuid>,
    pub session_id: String,
    pub context_id: Option<String>,
    pub timestamp: DateTime<Utc>,
    pub sender: String,
    pub sender_name: String,
    pub text: String,
    /// A list.
    pub files: RawJson,
    pub error: bool,
    pub edit: bool,
    pub is_output: bool,
    pub category: String,
    /// Seconds.
    pub duration: Option<f64>,
    pub properties: RawJson,
    /// A list.
    pub content_blocks: RawJson,
    pub session_metadata: Option<RawJson>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
