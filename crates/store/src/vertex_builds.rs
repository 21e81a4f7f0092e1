//! States of nodes, from which the editor restores its badges.

use crate::db::{Db, Tx};
use crate::entity::vertex_build;
use crate::error::Result;
use crate::rows;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use std::collections::HashSet;
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

/// Keeps the newest `keep` of every node; deletes at most `limit` of the others, and says how many.
/// Administration: retention.
pub async fn trim_nodes(tx: &Tx, keep: u64, limit: u64) -> Result<u64> {
    let statement = format!(
        "DELETE FROM vertex_builds WHERE id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER \
         (PARTITION BY flow_id, vertex_id ORDER BY timestamp DESC, id DESC) AS place FROM vertex_builds) AS ranked \
         WHERE place > {keep} LIMIT {limit})"
    );
    Ok(tx.inner().execute_unprepared(&statement).await?.rows_affected())
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

/// Which of these ids are stored, whoever's they are. Administration: an import leaves them alone.
pub async fn known(db: &impl Db, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    rows::known::<vertex_build::Entity>(db, vertex_build::Column::Id, ids).await
}
