//! Table `vector_collections`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A set of vectors that is searched together.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vector_collections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub kind: CollectionKind,
    /// One for each kind of a user.
    pub name: String,
    /// Length of its vectors; 0 until the first is there.
    pub dimensions: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a collection belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CollectionKind {
    #[sea_orm(string_value = "knowledge")]
    Knowledge,
    #[sea_orm(string_value = "memory")]
    Memory,
    /// The store of nodes.
    #[sea_orm(string_value = "store")]
    Store,
}
