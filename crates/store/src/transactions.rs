//! What went into the nodes of runs and came out.

use crate::db::{Db, Tx, page};
use crate::entity::transaction;
use crate::error::Result;
use crate::page::{Page, Window};
use crate::rows;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::HashSet;
use uuid::Uuid;

pub use crate::entity::transaction::Model as Transaction;

pub async fn insert(tx: &Tx, transactions: Vec<Transaction>) -> Result<()> {
    rows::insert::<transaction::Entity, _>(tx, transactions).await
}

/// Those of a flow, newest first.
pub async fn list(db: &impl Db, owner: Uuid, flow: Uuid, window: Window) -> Result<Page<Transaction>> {
    let query = transaction::Entity::find()
        .filter(transaction::Column::UserId.eq(owner))
        .filter(transaction::Column::FlowId.eq(flow))
        .order_by_desc(transaction::Column::Timestamp)
        .order_by_desc(transaction::Column::Id);
    page(db, query, window).await
}

/// Those of one run, oldest first.
pub async fn list_of_run(db: &impl Db, owner: Uuid, run: Uuid) -> Result<Vec<Transaction>> {
    let query = transaction::Entity::find()
        .filter(transaction::Column::UserId.eq(owner))
        .filter(transaction::Column::RunId.eq(run))
        .order_by_asc(transaction::Column::Timestamp)
        .order_by_asc(transaction::Column::Id);
    Ok(query.all(db.conn()).await?)
}

/// Keeps the newest `keep` of all flows together; deletes at most `limit` of the others, oldest first, and
/// says how many. Administration: retention.
pub async fn trim(tx: &Tx, keep: u64, limit: u64) -> Result<u64> {
    let total = transaction::Entity::find().count(tx.inner()).await?;
    let surplus = Ord::min(total.saturating_sub(keep), limit);
    if surplus == 0 {
        return Ok(0);
    }
    let oldest = transaction::Entity::find()
        .select_only()
        .column(transaction::Column::Id)
        // Ids are made in the order of time (UUID version 7), and have an index.
        .order_by_asc(transaction::Column::Id)
        .limit(surplus);
    rows::delete::<transaction::Entity>(tx, transaction::Column::Id.in_subquery(oldest.into_query())).await
}

/// Which of these ids are stored, whoever's they are. Administration: an import leaves them alone.
pub async fn known(db: &impl Db, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    rows::known::<transaction::Entity>(db, transaction::Column::Id, ids).await
}
