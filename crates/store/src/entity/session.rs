//! Table `sessions`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A sign-in. Ending a session is deleting its row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub origin: SessionOrigin,
    /// Hash of the refresh token that is good now.
    pub refresh_hash: String,
    /// Hash of the token before it: good for a short grace after `rotated_at`, a sign of theft later.
    pub previous_refresh_hash: Option<String>,
    pub rotated_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub user_agent: Option<String>,
    pub ip: Option<String>,
}

/// Name of the table.
pub const TABLE: &str = "sessions";

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How a session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SessionOrigin {
    /// With a password.
    #[sea_orm(string_value = "login")]
    Login,
    /// By auto login.
    #[sea_orm(string_value = "auto_login")]
    AutoLogin,
}
