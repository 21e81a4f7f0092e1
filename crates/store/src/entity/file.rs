//! Table `files`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A file in the folder of a user.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// Without the extension.
    pub name: String,
    /// Storage path `<user id>/<file name>`.
    pub path: String,
    pub size_bytes: i64,
    pub provider: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
