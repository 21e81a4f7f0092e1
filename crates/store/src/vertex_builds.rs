//! States of nodes, from which the editor restores its badges.

use crate::db::{Db, Tx};
use crate::entity::vertex_build;
use crate::error::Result;
use crate::rows;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

pub use crate::entity::vertex_build::Model as VertexBuild;

pub async fn insert(tx: &Tx, builds: Vec<VertexBuild>) -> Result<()> {
    rows::insert::<vertex_build::Entity, _>(tx, builds).await
}

/// The newest `limit` of a flow, oldest first.
pub async fn list(db: &impl Db, owner: Uuid, flow: Uuid, limit: u64) -> Result<Vec<VertexBuild>> {
    let mut found = vertex_build::Entity::find()
        .filter(vertex_build::Column::UserId.eq(owner))
        .filter(vertex_build::Column::FlowId.eq(flow))
        .order_by_desc(vertex_build::Column::Timestamp)
        .order_by_desc(vertex_build::Column::Id)
        .limit(limit)
        .all(db.conn())
        .await?;
    found.reverse();
    Ok(found)
}

/// Deletes those of a flow, and says how many there were.
pub async fn delete(tx: &Tx, owner: Uuid, flow: Uuid) -> Result<u64> {
    let which = vertex_build::Column::UserId.eq(owner).and(vertex_build::Column::FlowId.eq(flow));
    rows::delete::<vertex_build::Entity>(tx, which).await
}

/// Keeps the newest `keep` states of a node.
pub async fn trim_vertex(tx: &Tx, flow: Uuid, vertex: &str, keep: u64) -> Result<u64> {
    let old: Vec<Uuid> = vertex_build::Entity::find()
        .filter(vertex_build::Column::FlowId.eq(flow))
        .filter(vertex_build::Column::VertexId.eq(vertex))
        .select_only()
        .column(vertex_build::Column::Id)
        .order_by_desc(vertex_build::Column::Timestamp)
        .order_by_desc(vertex_build::Column::Id)
        .offset(keep)
        .limit(1000)
        .into_tuple()
        .all(tx.inner())
        .await?;
    if old.is_empty() {
        return Ok(0);
    }
    rows::delete::<vertex_build::Entity>(tx, vertex_build::Column::Id.is_in(old)).await
}

/// Keeps the newest `keep` of all flows together; deletes at most `limit` of the others, and says how many.
/// Administration: retention.
pub async fn trim(tx: &Tx, keep: u64, limit: u64) -> Result<u64> {
    let total = vertex_build::Entity::find().count(tx.inner()).await?;
    let surplus = Ord::min(total.saturating_sub(keep), limit);
    if surplus == 0 {
        return Ok(0);
    }
    let oldest = vertex_build::Entity::find()
        .select_only()
        .column(vertex_build::Column::Id)
        // Ids are made in the order of time (UUID version 7), and have an index.
        .order_by_asc(vertex_build::Column::Id)
        .limit(surplus);
    rows::delete::<vertex_build::Entity>(tx, vertex_build::Column::Id.in_subquery(oldest.into_query())).await
}
