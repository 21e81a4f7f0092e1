//! Table `suspended_runs`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// What a run that waits for a human is continued from.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suspended_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    pub user_id: Uuid,
    /// Which answer it takes.
    pub request_id: String,
    pub request: RawJson,
    /// The message that shows the question.
    pub message_id: Option<Uuid>,
    /// Encrypted by the caller.
    pub state: String,
    pub suspended_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
