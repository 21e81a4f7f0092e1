//! Files in the folders of users: the rows. Their bytes lie elsewhere.

use crate::db::{Db, Tx};
use crate::entity::file;
use crate::error::Result;
use crate::rows;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

pub use crate::entity::file::Model as File;

/// # Errors
/// `Taken(FileName)`, `Taken(FilePath)`.
pub async fn insert(tx: &Tx, file: &File) -> Result<()> {
    rows::insert::<file::Entity, _>(tx, vec![file.clone()]).await
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<File>> {
    Ok(own(owner).filter(file::Column::Id.eq(id)).one(db.conn()).await?)
}

/// As [`find`], and nobody else changes the row until the transaction ends.
pub async fn lock(tx: &Tx, owner: Uuid, id: Uuid) -> Result<Option<File>> {
    Ok(own(owner).filter(file::Column::Id.eq(id)).lock_exclusive().one(tx.inner()).await?)
}

pub async fn find_many(db: &impl Db, owner: Uuid, ids: &[Uuid]) -> Result<Vec<File>> {
    Ok(own(owner).filter(file::Column::Id.is_in(ids.iter().copied())).all(db.conn()).await?)
}

pub async fn find_by_name(db: &impl Db, owner: Uuid, name: &str) -> Result<Option<File>> {
    Ok(own(owner).filter(file::Column::Name.eq(name)).one(db.conn()).await?)
}

pub async fn find_by_path(db: &impl Db, owner: Uuid, path: &str) -> Result<Option<File>> {
    Ok(own(owner).filter(file::Column::Path.eq(path)).one(db.conn()).await?)
}

/// Names that begin with `start`, for finding a free suffix.
pub async fn names_starting_with(db: &impl Db, owner: Uuid, start: &str) -> Result<Vec<String>> {
    let query = own(owner)
        .filter(rows::begins(file::Column::Name, start))
        .select_only()
        .column(file::Column::Name)
        .into_tuple();
    Ok(query.all(db.conn()).await?)
}

/// Oldest first.
pub async fn list(db: &impl Db, owner: Uuid) -> Result<Vec<File>> {
    let query = own(owner).order_by_asc(file::Column::CreatedAt).order_by_asc(file::Column::Id);
    Ok(query.all(db.conn()).await?)
}

/// Bytes of all files of a user.
pub async fn total_size_bytes(db: &impl Db, owner: Uuid) -> Result<i64> {
    let sizes: Vec<i64> =
        own(owner).select_only().column(file::Column::SizeBytes).into_tuple().all(db.conn()).await?;
    Ok(sizes.into_iter().fold(0, i64::saturating_add))
}

/// Writes all columns. False: the user has no such file.
///
/// # Errors
/// `Taken(FileName)`.
pub async fn save(tx: &Tx, file: &File) -> Result<bool> {
    let is_it = file::Column::Id.eq(file.id).and(file::Column::UserId.eq(file.user_id));
    rows::save::<file::Entity, _>(tx, file.clone(), is_it).await
}

/// Deletes rows of the owner and gives them back, so that the caller can delete the bytes.
pub async fn delete(tx: &Tx, owner: Uuid, ids: &[Uuid]) -> Result<Vec<File>> {
    let found = own(owner).filter(file::Column::Id.is_in(ids.iter().copied())).all(tx.inner()).await?;
    let which = file::Column::Id.is_in(found.iter().map(|file| file.id));
    rows::delete::<file::Entity>(tx, which).await?;
    Ok(found)
}

fn own(owner: Uuid) -> Select<file::Entity> {
    file::Entity::find().filter(file::Column::UserId.eq(owner))
}
