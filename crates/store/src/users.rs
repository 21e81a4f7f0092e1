//! Accounts. Administration: these functions take no owner.

use crate::db::{Db, Tx, page};
use crate::entity::{message, run, transaction, user, vertex_build};
use crate::error::Result;
use crate::page::{Page, Window};
use crate::raw::RawJson;
use crate::recent::Topic;
use crate::rows;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::fmt;
use uuid::Uuid;

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub id: Uuid,
    /// Unique, whatever its case.
    pub username: String,
    pub password_hash: String,
    pub profile_image: Option<String>,
    /// Encrypted key of the Langflow store, as the reference keeps it.
    pub store_api_key: Option<String>,
    pub is_active: bool,
    pub is_superuser: bool,
    pub optins: Option<RawJson>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub last_login_at: Option<DateTime<Utc>>,
    /// The superuser of auto login, put to rest when auto login was turned off.
    pub retired_at: Option<DateTime<Utc>>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, username, is_active, is_superuser, .. } = self;
        write!(
            f,
            "User {{ id: {id}, username: {username:?}, is_active: {is_active}, is_superuser: {is_superuser}, .. }}"
        )
    }
}

/// Which users.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Part of the name, whatever its case.
    pub search: Option<String>,
    /// The whole name, exactly.
    pub username: Option<String>,
    pub is_active: Option<bool>,
    pub window: Window,
}

/// # Errors
/// `Taken(Username)`.
pub async fn insert(tx: &Tx, user: &User) -> Result<()> {
    rows::insert::<user::Entity, _>(tx, vec![row(user)]).await
}

pub async fn find(db: &impl Db, id: Uuid) -> Result<Option<User>> {
    Ok(user::Entity::find_by_id(id).one(db.conn()).await?.map(User::from))
}

/// As [`find`], and nobody else changes the row until the transaction ends.
pub async fn lock(tx: &Tx, id: Uuid) -> Result<Option<User>> {
    Ok(user::Entity::find_by_id(id).lock_exclusive().one(tx.inner()).await?.map(User::from))
}

/// By the exact name, as sign-in wants it.
pub async fn find_by_name(db: &impl Db, username: &str) -> Result<Option<User>> {
    Ok(find_by_any_case(db, username).await?.filter(|user| user.username == username))
}

/// By the name in any case: whether a new account may take it.
pub async fn find_by_any_case(db: &impl Db, username: &str) -> Result<Option<User>> {
    let query = user::Entity::find().filter(user::Column::UsernameKey.eq(key(username)));
    Ok(query.one(db.conn()).await?.map(User::from))
}

/// Sorted by name.
pub async fn list(db: &impl Db, filter: &UserFilter) -> Result<Page<User>> {
    let mut query = user::Entity::find().order_by_asc(user::Column::Username).order_by_asc(user::Column::Id);
    if let Some(search) = filter.search.as_deref().filter(|text| !text.is_empty()) {
        query = query.filter(rows::holds(user::Column::UsernameKey, search));
    }
    if let Some(username) = &filter.username {
        query = query.filter(user::Column::Username.eq(username));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(user::Column::IsActive.eq(is_active));
    }
    Ok(page(db, query, filter.window).await?.map(User::from))
}

/// Writes all columns. False: there is no such user.
///
/// # Errors
/// `Taken(Username)`.
pub async fn save(tx: &Tx, user: &User) -> Result<bool> {
    rows::save::<user::Entity, _>(tx, row(user), user::Column::Id.eq(user.id)).await
}

/// Notes a sign-in.
pub async fn touch_login(tx: &Tx, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::LastLoginAt, Expr::value(at))
        .col_expr(user::Column::UpdatedAt, Expr::value(at))
        .filter(user::Column::Id.eq(id))
        .exec(tx.inner())
        .await?;
    Ok(())
}

/// Deletes the account and all it owns. Files on disk are the caller's. False: there is no such user.
pub async fn delete(tx: &Tx, id: Uuid) -> Result<bool> {
    // The flows go by the foreign key.
    tx.touched().add(Topic::Flows);
    crate::runs::delete_events_of_user(tx, id).await?;
    rows::delete::<message::Entity>(tx, message::Column::UserId.eq(id)).await?;
    rows::delete::<run::Entity>(tx, run::Column::UserId.eq(id)).await?;
    rows::delete::<transaction::Entity>(tx, transaction::Column::UserId.eq(id)).await?;
    rows::delete::<vertex_build::Entity>(tx, vertex_build::Column::UserId.eq(id)).await?;
    Ok(rows::delete::<user::Entity>(tx, user::Column::Id.eq(id)).await? > 0)
}

/// How many accounts have a password hash that starts so.
pub async fn count_by_hash_prefix(db: &impl Db, prefix: &str) -> Result<u64> {
    let query = user::Entity::find().filter(user::Column::PasswordHash.starts_with(prefix));
    Ok(query.count(db.conn()).await?)
}

pub async fn count(db: &impl Db) -> Result<u64> {
    Ok(user::Entity::find().count(db.conn()).await?)
}

/// Any active superuser, the oldest first.
pub async fn find_superuser(db: &impl Db) -> Result<Option<User>> {
    let query = superusers().order_by_asc(user::Column::CreatedAt).order_by_asc(user::Column::Id);
    Ok(query.one(db.conn()).await?.map(User::from))
}

/// Whether an active superuser would be left without `id`. Inside a write it holds until the commit: the
/// rows of all superusers are locked, so that two who go at the same time wait for each other.
pub async fn has_other_superuser(tx: &Tx, id: Uuid) -> Result<bool> {
    let all = superusers().order_by_asc(user::Column::Id).lock_exclusive().all(tx.inner()).await?;
    Ok(all.iter().any(|user| user.id != id))
}

fn superusers() -> sea_orm::Select<user::Entity> {
    user::Entity::find().filter(user::Column::IsSuperuser.eq(true)).filter(user::Column::IsActive.eq(true))
}

fn key(username: &str) -> String {
    username.to_lowercase()
}

fn row(user: &User) -> user::Model {
    let user = user.clone();
    user::Model {
        id: user.id,
        username_key: key(&user.username),
        username: user.username,
        password_hash: user.password_hash,
        profile_image: user.profile_image,
        store_api_key: user.store_api_key,
        is_active: user.is_active,
        is_superuser: user.is_superuser,
        optins: user.optins,
        created_at: user.created_at,
        updated_at: user.updated_at,
        last_login_at: user.last_login_at,
        retired_at: user.retired_at,
    }
}

impl From<user::Model> for User {
    fn from(row: user::Model) -> Self {
        Self {
            id: row.id,
            username: row.username,
            password_hash: row.password_hash,
            profile_image: row.profile_image,
            store_api_key: row.store_api_key,
            is_active: row.is_active,
            is_superuser: row.is_superuser,
            optins: row.optins,
            created_at: row.created_at,
            updated_at: row.updated_at,
            last_login_at: row.last_login_at,
            retired_at: row.retired_at,
        }
    }
}
