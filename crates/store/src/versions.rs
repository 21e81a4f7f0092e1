//! Kept states of flows. Every look-up asks whose flow it is.

use crate::db::{Db, Tx, page_into};
use crate::entity::{flow, flow_version};
use crate::error::Result;
use crate::page::{Page, Window};
use crate::rows;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

pub use crate::entity::flow_version::Model as FlowVersion;

/// A version without its graph.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct VersionHeader {
    pub id: Uuid,
    pub flow_id: Uuid,
    pub user_id: Option<Uuid>,
    pub version_number: i32,
    pub description: Option<String>,
    pub retained: bool,
    pub retained_reason: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// The number the next version of a flow gets. Lock the flow first.
pub async fn next_number(tx: &Tx, flow: Uuid) -> Result<i32> {
    let last: Option<Option<i32>> = flow_version::Entity::find()
        .filter(flow_version::Column::FlowId.eq(flow))
        .select_only()
        .column_as(flow_version::Column::VersionNumber.max(), "last")
        .into_tuple()
        .one(tx.inner())
        .await?;
    Ok(last.flatten().unwrap_or(0).saturating_add(1))
}

/// # Errors
/// `Taken(VersionNumber)`.
pub async fn insert(tx: &Tx, version: &FlowVersion) -> Result<()> {
    rows::insert::<flow_version::Entity, _>(tx, vec![version.clone()]).await
}

pub async fn find(db: &impl Db, owner: Uuid, flow: Uuid, id: Uuid) -> Result<Option<FlowVersion>> {
    let query = own(owner, flow).filter(flow_version::Column::Id.eq(id));
    Ok(query.one(db.conn()).await?)
}

/// As [`find`], of whichever flow of the owner.
pub async fn find_of_any_flow(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<FlowVersion>> {
    let Some(version) = flow_version::Entity::find_by_id(id).one(db.conn()).await? else { return Ok(None) };
    find(db, owner, version.flow_id, id).await
}

/// Newest first, without graphs.
pub async fn list(db: &impl Db, owner: Uuid, flow: Uuid, window: Window) -> Result<Page<VersionHeader>> {
    use flow_version::Column as C;
    let query = own(owner, flow)
        .select_only()
        .columns([
            C::Id,
            C::FlowId,
            C::UserId,
            C::VersionNumber,
            C::Description,
            C::Retained,
            C::RetainedReason,
            C::CreatedAt,
        ])
        .order_by_desc(C::VersionNumber);
    page_into(db, query, window).await
}

/// False: there is no such version of the owner's flow.
pub async fn delete(tx: &Tx, owner: Uuid, flow: Uuid, id: Uuid) -> Result<bool> {
    let which = flow_version::Column::Id.eq(id).and(is_own(owner, flow));
    Ok(rows::delete::<flow_version::Entity>(tx, which).await? > 0)
}

/// Keeps the newest `keep` versions of a flow and the retained ones.
pub async fn prune(tx: &Tx, flow: Uuid, keep: u64) -> Result<u64> {
    let of_flow = || flow_version::Entity::find().filter(flow_version::Column::FlowId.eq(flow));
    if of_flow().count(tx.inner()).await? <= keep {
        return Ok(0);
    }
    let old: Vec<Uuid> = of_flow()
        .select_only()
        .column(flow_version::Column::Id)
        .order_by_desc(flow_version::Column::VersionNumber)
        .offset(keep)
        .limit(1000)
        .into_tuple()
        .all(tx.inner())
        .await?;
    let which = flow_version::Column::Id.is_in(old).and(flow_version::Column::Retained.eq(false));
    rows::delete::<flow_version::Entity>(tx, which).await
}

fn own(owner: Uuid, flow: Uuid) -> Select<flow_version::Entity> {
    flow_version::Entity::find().filter(is_own(owner, flow))
}

fn is_own(owner: Uuid, flow: Uuid) -> SimpleExpr {
    let flows = flow::Entity::find()
        .filter(flow::Column::Id.eq(flow))
        .filter(flow::Column::UserId.eq(owner))
        .select_only()
        .column(flow::Column::Id);
    flow_version::Column::FlowId.in_subquery(flows.into_query())
}
