//! Projects: the folders of flows.

use crate::db::{Db, Tx};
use crate::entity::project;
use crate::error::Result;
use crate::raw::RawJson;
use crate::rows;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub use crate::entity::project::Model as Project;

/// # Errors
/// `Taken(ProjectName)`, `Taken(Id)`.
pub async fn insert(tx: &Tx, project: &Project) -> Result<()> {
    rows::insert::<project::Entity, _>(tx, vec![project.clone()]).await
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<Project>> {
    Ok(own(owner).filter(project::Column::Id.eq(id)).one(db.conn()).await?)
}

/// As [`find`], and nobody else changes the row until the transaction ends.
pub async fn lock(tx: &Tx, owner: Uuid, id: Uuid) -> Result<Option<Project>> {
    Ok(own(owner).filter(project::Column::Id.eq(id)).lock_exclusive().one(tx.inner()).await?)
}

/// A project of anybody. Administration: which project's rules a request falls under.
pub async fn find_any(db: &impl Db, id: Uuid) -> Result<Option<Project>> {
    Ok(project::Entity::find_by_id(id).one(db.conn()).await?)
}

pub async fn find_by_name(db: &impl Db, owner: Uuid, name: &str) -> Result<Option<Project>> {
    Ok(own(owner).filter(project::Column::Name.eq(name)).one(db.conn()).await?)
}

/// The default project: the one marked so; else none.
pub async fn find_default(db: &impl Db, owner: Uuid) -> Result<Option<Project>> {
    let query =
        own(owner).filter(project::Column::IsDefault.eq(true)).order_by_asc(project::Column::CreatedAt);
    Ok(query.one(db.conn()).await?)
}

/// All of a user: the default one first, the others by name.
pub async fn list(db: &impl Db, owner: Uuid) -> Result<Vec<Project>> {
    let query = own(owner)
        .order_by_desc(project::Column::IsDefault)
        .order_by_asc(project::Column::Name)
        .order_by_asc(project::Column::Id);
    Ok(query.all(db.conn()).await?)
}

/// Names that begin with `start`, for finding a free suffix.
pub async fn names_starting_with(db: &impl Db, owner: Uuid, start: &str) -> Result<Vec<String>> {
    let query = own(owner)
        .filter(rows::begins(project::Column::Name, start))
        .select_only()
        .column(project::Column::Name)
        .into_tuple();
    Ok(query.all(db.conn()).await?)
}

/// The next `limit` projects of all users that have settings of their own, after `after`, by id. Administration: turning
/// the secret key.
pub async fn with_settings_after(db: &impl Db, after: Option<Uuid>, limit: u64) -> Result<Vec<Project>> {
    let mut query = project::Entity::find()
        .filter(project::Column::AuthSettings.is_not_null())
        .order_by_asc(project::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(project::Column::Id.gt(after));
    }
    Ok(query.all(db.conn()).await?)
}

/// Puts settings in the place of others. False: they are no longer those. Administration, as [`with_settings_after`].
pub async fn replace_settings(tx: &Tx, id: Uuid, old: &RawJson, new: &RawJson) -> Result<bool> {
    let done = project::Entity::update_many()
        .col_expr(project::Column::AuthSettings, Expr::value(new.get()))
        .filter(project::Column::Id.eq(id))
        .filter(project::Column::AuthSettings.eq(old.get()))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Writes all columns. False: the user has no such project.
///
/// # Errors
/// `Taken(ProjectName)`.
pub async fn save(tx: &Tx, project: &Project) -> Result<bool> {
    let is_it = project::Column::Id.eq(project.id).and(project::Column::UserId.eq(project.user_id));
    rows::save::<project::Entity, _>(tx, project.clone(), is_it).await
}

/// Deletes the project and the flows in it, with all that belongs to them. False: the user has none such.
pub async fn delete(tx: &Tx, owner: Uuid, id: Uuid) -> Result<bool> {
    if lock(tx, owner, id).await?.is_none() {
        return Ok(false);
    }
    crate::flows::delete_in_project(tx, owner, id).await?;
    let which = project::Column::Id.eq(id).and(project::Column::UserId.eq(owner));
    Ok(rows::delete::<project::Entity>(tx, which).await? > 0)
}

fn own(owner: Uuid) -> sea_orm::Select<project::Entity> {
    project::Entity::find().filter(project::Column::UserId.eq(owner))
}
