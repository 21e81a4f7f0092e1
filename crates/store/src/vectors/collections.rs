//! Collections: the rows.

use super::{Collection, CollectionKind};
use crate::db::{Db, Tx};
use crate::entity::vector_collection as table;
use crate::error::Result;
use crate::rows;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// Inserts the collection unless one of its name is there, and gives the one that is.
pub async fn open(tx: &Tx, new: &Collection) -> Result<Collection> {
    let conflict = || {
        OnConflict::columns([table::Column::UserId, table::Column::Kind, table::Column::Name])
            .update_column(table::Column::Name)
            .to_owned()
    };
    rows::insert_with::<table::Entity, _>(tx, vec![new.clone()], Some(conflict)).await?;
    let found = find_by_name(tx, new.user_id, new.kind, &new.name).await?;
    Ok(found.unwrap_or_else(|| new.clone()))
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<Collection>> {
    Ok(own(owner).filter(table::Column::Id.eq(id)).one(db.conn()).await?)
}

pub async fn find_by_name(
    db: &impl Db,
    owner: Uuid,
    kind: CollectionKind,
    name: &str,
) -> Result<Option<Collection>> {
    let query = own(owner).filter(table::Column::Kind.eq(kind)).filter(table::Column::Name.eq(name));
    Ok(query.one(db.conn()).await?)
}

/// By name.
pub async fn list(db: &impl Db, owner: Uuid, kind: CollectionKind) -> Result<Vec<Collection>> {
    let query = own(owner).filter(table::Column::Kind.eq(kind)).order_by_asc(table::Column::Name);
    Ok(query.all(db.conn()).await?)
}

/// As [`find`], and nobody else changes the row until the transaction ends.
pub async fn lock(tx: &Tx, owner: Uuid, id: Uuid) -> Result<Option<Collection>> {
    Ok(own(owner).filter(table::Column::Id.eq(id)).lock_exclusive().one(tx.inner()).await?)
}

/// Fixes the length of its vectors, unless it is fixed.
pub async fn set_dimensions(tx: &Tx, owner: Uuid, id: Uuid, dimensions: i64) -> Result<()> {
    table::Entity::update_many()
        .col_expr(table::Column::Dimensions, Expr::value(dimensions))
        .filter(table::Column::Id.eq(id))
        .filter(table::Column::UserId.eq(owner))
        .filter(table::Column::Dimensions.eq(0))
        .exec(tx.inner())
        .await?;
    Ok(())
}

/// Deletes a collection with all that hangs on it. False: the user has no such collection.
pub async fn delete(tx: &Tx, owner: Uuid, id: Uuid) -> Result<bool> {
    let which = table::Column::Id.eq(id).and(table::Column::UserId.eq(owner));
    Ok(rows::delete::<table::Entity>(tx, which).await? > 0)
}

fn own(owner: Uuid) -> Select<table::Entity> {
    table::Entity::find().filter(table::Column::UserId.eq(owner))
}
