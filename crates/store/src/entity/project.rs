//! Table `projects`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A project: a folder of flows.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// None: a shelf of the server itself.
    pub user_id: Option<Uuid>,
    pub parent_id: Option<Uuid>,
    pub name: String,
    pub description: Option<String>,
    /// As stored: secrets inside are encrypted.
    pub auth_settings: Option<RawJson>,
    /// The user's first project, made by the server.
    pub is_default: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
