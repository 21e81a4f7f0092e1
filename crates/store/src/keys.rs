//! API keys. The key itself is never stored, only a keyed hash of it.

use crate::db::{Db, Tx};
use crate::entity::{api_key, user};
use crate::error::Result;
use crate::recent::Topic;
use crate::rows;
use crate::store::Store;
use crate::users::User;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};
use std::sync::Arc;
use uuid::Uuid;

pub use crate::entity::api_key::Model as ApiKey;

/// # Errors
/// `Taken(ApiKey)` when the hash is there already.
pub async fn insert(tx: &Tx, key: &ApiKey) -> Result<()> {
    rows::insert::<api_key::Entity, _>(tx, vec![key.clone()]).await
}

/// The key with this hash and its user, in one query. Whether both are active and the key not expired is the
/// caller's to judge. Administration: it answers who a stranger is.
pub async fn find_by_hash(db: &impl Db, hash: &str) -> Result<Option<(ApiKey, User)>> {
    let found = api_key::Entity::find()
        .select_also(user::Entity)
        .join(
            sea_orm::JoinType::InnerJoin,
            api_key::Entity::belongs_to(user::Entity)
                .from(api_key::Column::UserId)
                .to(user::Column::Id)
                .into(),
        )
        .filter(api_key::Column::KeyHash.eq(hash))
        .one(db.conn())
        .await?;
    Ok(found.and_then(|(key, user)| Some((key, user?.into()))))
}

/// As [`find_by_hash`], remembered for a moment: for every request. A change through this store shows at
/// once, one by another process within a second, and the counters of uses may be old.
pub async fn find_recent(store: &Store, hash: &str) -> Result<Option<Arc<(ApiKey, User)>>> {
    let (recent, changes) = store.recent();
    recent.keys.get_or(changes, hash.to_owned(), find_by_hash(store, hash)).await
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<ApiKey>> {
    Ok(own(owner).filter(api_key::Column::Id.eq(id)).one(db.conn()).await?)
}

/// As [`find`], and nobody else changes the row until the transaction ends.
pub async fn lock(tx: &Tx, owner: Uuid, id: Uuid) -> Result<Option<ApiKey>> {
    Ok(own(owner).filter(api_key::Column::Id.eq(id)).lock_exclusive().one(tx.inner()).await?)
}

/// A user's keys, oldest first.
pub async fn list(db: &impl Db, owner: Uuid) -> Result<Vec<ApiKey>> {
    let query = own(owner).order_by_asc(api_key::Column::CreatedAt).order_by_asc(api_key::Column::Id);
    Ok(query.all(db.conn()).await?)
}

/// Writes all columns but the counters, which [`record_uses`] moves. False: the user has no such key.
pub async fn save(tx: &Tx, key: &ApiKey) -> Result<bool> {
    use sea_orm::{ActiveValue, IntoActiveModel};
    tx.touched().add(Topic::Accounts);
    let mut row = sea_orm::ActiveModelTrait::reset_all(key.clone().into_active_model());
    row.total_uses = ActiveValue::NotSet;
    row.last_used_at = ActiveValue::NotSet;
    let done = api_key::Entity::update_many()
        .set(row)
        .filter(api_key::Column::Id.eq(key.id))
        .filter(api_key::Column::UserId.eq(key.user_id))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected > 0)
}

/// False: the user has no such key.
pub async fn delete(tx: &Tx, owner: Uuid, id: Uuid) -> Result<bool> {
    let which = api_key::Column::Id.eq(id).and(api_key::Column::UserId.eq(owner));
    Ok(rows::delete::<api_key::Entity>(tx, which).await? > 0)
}

/// How often a key was used since the last time this was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse {
    pub id: Uuid,
    pub count: i64,
    pub last_used_at: DateTime<Utc>,
}

/// Adds to the counters. Gather uses and tell them now and then: it costs a row write per key.
pub async fn record_uses(tx: &Tx, uses: &[KeyUse]) -> Result<()> {
    for KeyUse { id, count, last_used_at } in uses {
        api_key::Entity::update_many()
            .col_expr(api_key::Column::TotalUses, Expr::col(api_key::Column::TotalUses).add(*count))
            .col_expr(api_key::Column::LastUsedAt, Expr::value(*last_used_at))
            .filter(api_key::Column::Id.eq(*id))
            .exec(tx.inner())
            .await?;
    }
    Ok(())
}

/// Runs that a key has started in its present day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunsOfDay {
    pub count: i64,
    /// A day begins with its first run, to the second.
    pub began: DateTime<Utc>,
}

/// Counts the start of a run, and gives how many there are in this day of the key. All servers of a database count
/// together. `None`: the key is gone.
pub async fn count_run(tx: &Tx, key: Uuid, now: DateTime<Utc>) -> Result<Option<RunsOfDay>> {
    const STATEMENT: &str = "INSERT INTO key_runs (key_id, began, runs) \
        SELECT id, CAST($2 AS BIGINT), 1 FROM api_keys WHERE id = $1 \
        ON CONFLICT (key_id) DO UPDATE SET \
        runs = CASE WHEN key_runs.began <= CAST($3 AS BIGINT) THEN 1 ELSE key_runs.runs + 1 END, \
        began = CASE WHEN key_runs.began <= CAST($3 AS BIGINT) THEN excluded.began ELSE key_runs.began END \
        RETURNING runs, began";
    let db = tx.inner();
    let (second, a_day_ago) = (now.timestamp(), (now - TimeDelta::days(1)).timestamp());
    let values: [sea_orm::Value; 3] = [key.into(), second.into(), a_day_ago.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), STATEMENT, values);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(None) };
    let began: i64 = row.try_get("", "began")?;
    Ok(Some(RunsOfDay {
        count: row.try_get("", "runs")?,
        began: DateTime::from_timestamp(began, 0).unwrap_or(now),
    }))
}

/// How many keys are stored under a hash that starts so. Administration.
pub async fn count_by_hash_prefix(db: &impl Db, prefix: &str) -> Result<u64> {
    Ok(api_key::Entity::find().filter(api_key::Column::KeyHash.starts_with(prefix)).count(db.conn()).await?)
}

fn own(owner: Uuid) -> sea_orm::Select<api_key::Entity> {
    api_key::Entity::find().filter(api_key::Column::UserId.eq(owner))
}
