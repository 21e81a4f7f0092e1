//! Runs that wait for a human. Their rows go with the wait: an answer takes them, an end deletes them, and so does the
//! deletion of the run, its flow or its user.

use crate::db::{Db, Tx};
use crate::entity::{run, suspended_run};
use crate::error::Result;
use crate::raw::RawJson;
use crate::rows;
use crate::runs::RunStatus;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

pub use crate::entity::suspended_run::Model as SuspendedRun;

/// Tokens that a run has used so far: input, output, all.
pub type Tokens = (i64, i64, i64);

/// A run that is there begins to wait. False: it has ended, or waits already.
pub async fn suspend(tx: &Tx, row: SuspendedRun, tokens: Tokens) -> Result<bool> {
    let done = run::Entity::update_many()
        .col_expr(run::Column::Status, Expr::value(RunStatus::Suspended))
        .col_expr(run::Column::InputTokens, Expr::value(tokens.0))
        .col_expr(run::Column::OutputTokens, Expr::value(tokens.1))
        .col_expr(run::Column::TotalTokens, Expr::value(tokens.2))
        .filter(run::Column::Id.eq(row.run_id))
        .filter(run::Column::FinishedAt.is_null())
        .filter(run::Column::Status.ne(RunStatus::Suspended))
        .exec(tx.inner())
        .await?;
    if done.rows_affected == 0 {
        return Ok(false);
    }
    insert(tx, row).await?;
    Ok(true)
}

/// A run has ended: nothing is continued.
pub(crate) async fn delete(tx: &Tx, run: Uuid) -> Result<()> {
    rows::delete::<suspended_run::Entity>(tx, suspended_run::Column::RunId.eq(run)).await.map(drop)
}

/// The row of a run that was stored as suspended.
pub async fn insert(tx: &Tx, row: SuspendedRun) -> Result<()> {
    rows::insert::<suspended_run::Entity, _>(tx, vec![row]).await
}

pub async fn find(db: &impl Db, owner: Uuid, run: Uuid) -> Result<Option<SuspendedRun>> {
    let own = suspended_run::Column::UserId.eq(owner);
    Ok(suspended_run::Entity::find_by_id(run).filter(own).one(db.conn()).await?)
}

/// What these runs of the owner ask.
pub async fn requests(db: &impl Db, owner: Uuid, runs: &[Uuid]) -> Result<HashMap<Uuid, RawJson>> {
    let found: Vec<(Uuid, RawJson)> = suspended_run::Entity::find()
        .filter(suspended_run::Column::UserId.eq(owner))
        .filter(suspended_run::Column::RunId.is_in(runs.iter().copied()))
        .select_only()
        .column(suspended_run::Column::RunId)
        .column(suspended_run::Column::Request)
        .into_tuple()
        .all(db.conn())
        .await?;
    Ok(found.into_iter().collect())
}

/// How many runs of the owner wait.
pub async fn count(db: &impl Db, owner: Uuid) -> Result<u64> {
    Ok(suspended_run::Entity::find().filter(suspended_run::Column::UserId.eq(owner)).count(db.conn()).await?)
}

/// Takes what a run is continued from, and lines the run up for this start of a server. `None`: it does not wait for
/// this answer (any more); of several callers one gets it.
pub async fn take(
    tx: &Tx,
    owner: Uuid,
    run: Uuid,
    request_id: &str,
    boot: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<SuspendedRun>> {
    let Some(found) = find(tx, owner, run).await?.filter(|row| row.request_id == request_id) else {
        return Ok(None);
    };
    let which = suspended_run::Column::RunId.eq(run).and(suspended_run::Column::RequestId.eq(request_id));
    if rows::delete::<suspended_run::Entity>(tx, which).await? == 0 {
        return Ok(None);
    }
    let done = run::Entity::update_many()
        .col_expr(run::Column::Status, Expr::value(RunStatus::Queued))
        .col_expr(run::Column::BootId, Expr::value(boot))
        .col_expr(run::Column::StartedAt, Expr::value(now))
        .filter(run::Column::Id.eq(run))
        .filter(run::Column::Status.eq(RunStatus::Suspended))
        .exec(tx.inner())
        .await?;
    Ok((done.rows_affected > 0).then_some(found))
}

/// Ends the wait of a run, and with it the run. Gives the owner and the message that shows the question; `None`: it does
/// not wait. Administration: the caller has made sure that the run may be ended.
pub async fn end(
    tx: &Tx,
    run: Uuid,
    status: RunStatus,
    error: RawJson,
    now: DateTime<Utc>,
) -> Result<Option<(Uuid, Option<Uuid>)>> {
    let found: Option<(Uuid, Option<Uuid>)> = suspended_run::Entity::find_by_id(run)
        .select_only()
        .column(suspended_run::Column::UserId)
        .column(suspended_run::Column::MessageId)
        .into_tuple()
        .one(tx.inner())
        .await?;
    let Some(found) = found else { return Ok(None) };
    if rows::delete::<suspended_run::Entity>(tx, suspended_run::Column::RunId.eq(run)).await? == 0 {
        return Ok(None);
    }
    let done = run::Entity::update_many()
        .col_expr(run::Column::Status, Expr::value(status))
        .col_expr(run::Column::FinishedAt, Expr::value(now))
        .col_expr(run::Column::Error, Expr::value(error))
        .filter(run::Column::Id.eq(run))
        .filter(run::Column::FinishedAt.is_null())
        .exec(tx.inner())
        .await?;
    Ok((done.rows_affected > 0).then_some(found))
}

/// Ids of all that waits after `after`, in their order. Administration: re-encrypting.
pub async fn ids_after(db: &impl Db, after: Option<Uuid>, limit: u64) -> Result<Vec<Uuid>> {
    let mut query = suspended_run::Entity::find()
        .order_by_asc(suspended_run::Column::RunId)
        .limit(limit)
        .select_only()
        .column(suspended_run::Column::RunId);
    if let Some(after) = after {
        query = query.filter(suspended_run::Column::RunId.gt(after));
    }
    Ok(query.into_tuple().all(db.conn()).await?)
}

/// What a run is continued from, encrypted. Administration: re-encrypting.
pub async fn state(db: &impl Db, run: Uuid) -> Result<Option<String>> {
    let found: Option<String> = suspended_run::Entity::find_by_id(run)
        .select_only()
        .column(suspended_run::Column::State)
        .into_tuple()
        .one(db.conn())
        .await?;
    Ok(found)
}

/// Writes it in place of another text. False: it is not there, or has another one. Administration: re-encrypting.
pub async fn replace_state(tx: &Tx, run: Uuid, old: &str, new: &str) -> Result<bool> {
    let done = suspended_run::Entity::update_many()
        .col_expr(suspended_run::Column::State, Expr::value(new))
        .filter(suspended_run::Column::RunId.eq(run))
        .filter(suspended_run::Column::State.eq(old))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Runs that have waited since before `before`, the oldest first. Administration: giving them up.
pub async fn waiting_since(db: &impl Db, before: DateTime<Utc>, limit: u64) -> Result<Vec<Uuid>> {
    Ok(suspended_run::Entity::find()
        .filter(suspended_run::Column::SuspendedAt.lt(before))
        .order_by_asc(suspended_run::Column::SuspendedAt)
        .limit(limit)
        .select_only()
        .column(suspended_run::Column::RunId)
        .into_tuple()
        .all(db.conn())
        .await?)
}
