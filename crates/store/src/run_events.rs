//! Logs of runs: events, numbered from 1 without gaps, appended and never changed.
//!
//! Who may read a run's log is who may read the run ([`crate::runs::find`]); the functions here take its id.

use crate::db::{Db, Tx};
use crate::entity::{run_event, suspended_run};
use crate::error::Result;
use crate::rows;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

pub use crate::entity::run_event::Model as RunEvent;

/// Appends to the logs of runs. The caller numbers the events of each.
pub async fn append(tx: &Tx, events: Vec<RunEvent>) -> Result<()> {
    rows::insert::<run_event::Entity, _>(tx, events).await
}

/// Events of the run after number `after`, in order: at most `limit`, and no more than `max_bytes` of payload
/// unless the first alone is larger.
pub async fn list_after(
    db: &impl Db,
    run: Uuid,
    after: i64,
    limit: u64,
    max_bytes: u64,
) -> Result<Vec<RunEvent>> {
    let size = Expr::expr(Func::char_length(Expr::col(run_event::Column::Payload)));
    let sizes: Vec<(i64, i32)> = run_event::Entity::find()
        .filter(run_event::Column::RunId.eq(run))
        .filter(run_event::Column::Seq.gt(after))
        .order_by_asc(run_event::Column::Seq)
        .limit(limit)
        .select_only()
        .column(run_event::Column::Seq)
        .column_as(size, "size")
        .into_tuple()
        .all(db.conn())
        .await?;
    let mut total = 0u64;
    let fitting = sizes.iter().take_while(|(_, size)| {
        let is_first = total == 0;
        total = total.saturating_add(u64::try_from(*size).unwrap_or(0).max(1));
        is_first || total <= max_bytes
    });
    let Some(last) = fitting.last().map(|(seq, _)| *seq) else { return Ok(Vec::new()) };
    let query = run_event::Entity::find()
        .filter(run_event::Column::RunId.eq(run))
        .filter(run_event::Column::Seq.gt(after))
        .filter(run_event::Column::Seq.lte(last))
        .order_by_asc(run_event::Column::Seq);
    Ok(query.all(db.conn()).await?)
}

/// The number of the last event; 0: there is none.
pub async fn last(db: &impl Db, run: Uuid) -> Result<i64> {
    let last: Option<Option<i64>> = run_event::Entity::find()
        .filter(run_event::Column::RunId.eq(run))
        .select_only()
        .column_as(run_event::Column::Seq.max(), "last")
        .into_tuple()
        .one(db.conn())
        .await?;
    Ok(last.flatten().unwrap_or(0))
}

/// Deletes whole logs that hold events from before `before`, of at most `limit` runs, and says how many events
/// that were. Logs of runs that wait for a human stay: they go on. Administration: retention; `before` must lie farther
/// back than the longest run lasts.
pub async fn delete_before(tx: &Tx, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let waiting = suspended_run::Entity::find().select_only().column(suspended_run::Column::RunId);
    let runs = run_event::Entity::find()
        .filter(run_event::Column::CreatedAt.lt(before))
        .filter(run_event::Column::RunId.not_in_subquery(waiting.into_query()))
        .select_only()
        .column(run_event::Column::RunId)
        .distinct()
        .limit(limit);
    rows::delete::<run_event::Entity>(tx, run_event::Column::RunId.in_subquery(runs.into_query())).await
}
