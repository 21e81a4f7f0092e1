//! Table `api_keys`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// An API key. The key itself is not stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub name: Option<String>,
    /// Keyed hash of the whole key.
    pub key_hash: String,
    /// First characters, for lists.
    pub prefix: String,
    /// Last four characters, for lists.
    pub last4: String,
    pub is_active: bool,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub total_uses: i64,
    /// A list of scope names; none: the rights of the user.
    pub scopes: Option<RawJson>,
    pub limit_per_minute: Option<i64>,
    pub limit_per_day: Option<i64>,
    /// The key this one replaces.
    pub rolled_from: Option<Uuid>,
}

/// Name of the table.
pub const TABLE: &str = "api_keys";

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
