//! Table `variables`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A global variable of a user.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "variables")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub name: String,
    pub kind: VariableKind,
    /// As stored: encrypted for credentials.
    pub value: String,
    /// Names of the fields it fills, a list of texts.
    pub default_fields: RawJson,
    pub category: Option<String>,
    /// Taken from the environment and not edited since.
    pub is_environment_managed: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whether the value is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum VariableKind {
    #[sea_orm(string_value = "Generic")]
    Generic,
    #[sea_orm(string_value = "Credential")]
    Credential,
}
