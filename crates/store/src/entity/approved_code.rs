//! Table `approved_code`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// Code of a custom component that an administrator let run for everybody.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approved_code")]
pub struct Model {
    /// SHA-256 of the code, hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// What people call the component.
    pub name: String,
    pub code: String,
    /// Name of who approved it.
    pub approved_by: String,
    pub approved_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
