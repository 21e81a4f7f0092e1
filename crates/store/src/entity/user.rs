//! Table `users`.

use crate::raw::RawJson;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A row of the accounts; [`crate::users::User`] is what callers see.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub username: String,
    /// The name in lower case: names differ by more than case.
    pub username_key: String,
    pub password_hash: String,
    pub profile_image: Option<String>,
    pub store_api_key: Option<String>,
    pub is_active: bool,
    pub is_superuser: bool,
    pub optins: Option<RawJson>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub last_login_at: Option<DateTime<Utc>>,
    pub retired_at: Option<DateTime<Utc>>,
}

/// Name of the table.
pub const TABLE: &str = "users";

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
