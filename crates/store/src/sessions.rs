//! Sign-ins. A session ends when its row goes.

use crate::db::{Db, Tx};
use crate::entity::{session, user};
use crate::error::Result;
use crate::recent::Topic;
use crate::rows;
use crate::store::Store;
use crate::users::User;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use std::sync::Arc;
use uuid::Uuid;

pub use crate::entity::session::{Model as Session, SessionOrigin};

pub async fn insert(tx: &Tx, session: &Session) -> Result<()> {
    rows::insert::<session::Entity, _>(tx, vec![session.clone()]).await
}

/// The session and its user, in one query.
pub async fn find_with_user(db: &impl Db, id: Uuid) -> Result<Option<(Session, User)>> {
    with_user(db, session::Column::Id.eq(id).into()).await
}

/// As [`find_with_user`], remembered for a moment: for every request. A change through this store shows at
/// once, one by another process within a second, and `last_seen_at` may be old.
pub async fn find_recent(store: &Store, id: Uuid) -> Result<Option<Arc<(Session, User)>>> {
    let (recent, changes) = store.recent();
    recent.sessions.get_or(changes, id, find_with_user(store, id)).await
}

/// The session whose refresh token, now or before the last rotation, has this hash. The caller compares
/// hashes and `rotated_at` to tell a repeat within the grace from theft.
pub async fn find_by_refresh_hash(db: &impl Db, hash: &str) -> Result<Option<(Session, User)>> {
    let is_it = Condition::any()
        .add(session::Column::RefreshHash.eq(hash))
        .add(session::Column::PreviousRefreshHash.eq(hash));
    with_user(db, is_it).await
}

async fn with_user(db: &impl Db, which: Condition) -> Result<Option<(Session, User)>> {
    let found = session::Entity::find()
        .select_also(user::Entity)
        .join(
            sea_orm::JoinType::InnerJoin,
            session::Entity::belongs_to(user::Entity)
                .from(session::Column::UserId)
                .to(user::Column::Id)
                .into(),
        )
        .filter(which)
        .one(db.conn())
        .await?;
    Ok(found.and_then(|(session, user)| Some((session, user?.into()))))
}

/// A user's sessions, latest first.
pub async fn list(db: &impl Db, owner: Uuid) -> Result<Vec<Session>> {
    let query = session::Entity::find()
        .filter(session::Column::UserId.eq(owner))
        .order_by_desc(session::Column::LastSeenAt);
    Ok(query.all(db.conn()).await?)
}

/// Puts a new refresh token in the place of the one with `old_hash`. False: that was no longer the one, so
/// somebody else rotated first.
pub async fn rotate(
    tx: &Tx,
    id: Uuid,
    old_hash: &str,
    new_hash: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<bool> {
    tx.touched().add(Topic::Accounts);
    let done = session::Entity::update_many()
        .col_expr(session::Column::PreviousRefreshHash, Expr::value(old_hash))
        .col_expr(session::Column::RefreshHash, Expr::value(new_hash))
        .col_expr(session::Column::RotatedAt, Expr::value(now))
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .col_expr(session::Column::ExpiresAt, Expr::value(expires_at))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::RefreshHash.eq(old_hash))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Notes that a session was used.
pub async fn touch(tx: &Tx, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(at))
        .filter(session::Column::Id.eq(id))
        .exec(tx.inner())
        .await?;
    Ok(())
}

/// Ends one session of a user. False: there was none.
pub async fn delete(tx: &Tx, owner: Uuid, id: Uuid) -> Result<bool> {
    let which = session::Column::Id.eq(id).and(session::Column::UserId.eq(owner));
    Ok(rows::delete::<session::Entity>(tx, which).await? > 0)
}

/// Ends all sessions of a user but `except`.
pub async fn delete_of_user(tx: &Tx, owner: Uuid, except: Option<Uuid>) -> Result<u64> {
    let mut which = Condition::all().add(session::Column::UserId.eq(owner));
    if let Some(except) = except {
        which = which.add(session::Column::Id.ne(except));
    }
    rows::delete::<session::Entity>(tx, which).await
}

/// Sweeps what has run out.
pub async fn delete_expired(tx: &Tx, now: DateTime<Utc>) -> Result<u64> {
    rows::delete::<session::Entity>(tx, session::Column::ExpiresAt.lte(now)).await
}

/// Ends all sessions that began so. Administration: auto login was turned off.
pub async fn delete_by_origin(tx: &Tx, origin: SessionOrigin) -> Result<u64> {
    rows::delete::<session::Entity>(tx, session::Column::Origin.eq(origin)).await
}
