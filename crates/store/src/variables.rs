//! Global variables. Values come and go as stored; encryption is the caller's.

use crate::db::{Db, Tx};
use crate::entity::variable;
use crate::error::Result;
use crate::rows;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub use crate::entity::variable::{Model as Variable, VariableKind};

/// # Errors
/// `Taken(VariableName)`.
pub async fn insert(tx: &Tx, variable: &Variable) -> Result<()> {
    rows::insert::<variable::Entity, _>(tx, vec![variable.clone()]).await
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<Variable>> {
    Ok(own(owner).filter(variable::Column::Id.eq(id)).one(db.conn()).await?)
}

/// As [`find`], and nobody else changes the row until the transaction ends.
pub async fn lock(tx: &Tx, owner: Uuid, id: Uuid) -> Result<Option<Variable>> {
    Ok(own(owner).filter(variable::Column::Id.eq(id)).lock_exclusive().one(tx.inner()).await?)
}

/// By the exact name.
pub async fn find_by_name(db: &impl Db, owner: Uuid, name: &str) -> Result<Option<Variable>> {
    Ok(own(owner).filter(variable::Column::Name.eq(name)).one(db.conn()).await?)
}

/// Those of a user that have one of these names.
pub async fn find_by_names(db: &impl Db, owner: Uuid, names: &[String]) -> Result<Vec<Variable>> {
    Ok(own(owner).filter(variable::Column::Name.is_in(names)).all(db.conn()).await?)
}

/// All of a user, by name.
pub async fn list(db: &impl Db, owner: Uuid) -> Result<Vec<Variable>> {
    let query = own(owner).order_by_asc(variable::Column::Name).order_by_asc(variable::Column::Id);
    Ok(query.all(db.conn()).await?)
}

/// Writes all columns. False: the user has no such variable.
///
/// # Errors
/// `Taken(VariableName)`.
pub async fn save(tx: &Tx, variable: &Variable) -> Result<bool> {
    let is_it = variable::Column::Id.eq(variable.id).and(variable::Column::UserId.eq(variable.user_id));
    rows::save::<variable::Entity, _>(tx, variable.clone(), is_it).await
}

/// False: the user has no such variable.
pub async fn delete(tx: &Tx, owner: Uuid, id: Uuid) -> Result<bool> {
    let which = variable::Column::Id.eq(id).and(variable::Column::UserId.eq(owner));
    Ok(rows::delete::<variable::Entity>(tx, which).await? > 0)
}

/// The next `limit` variables of all users after `after`, by id. Administration: turning the secret key.
pub async fn all_after(db: &impl Db, after: Option<Uuid>, limit: u64) -> Result<Vec<Variable>> {
    let mut query = variable::Entity::find().order_by_asc(variable::Column::Id).limit(limit);
    if let Some(after) = after {
        query = query.filter(variable::Column::Id.gt(after));
    }
    Ok(query.all(db.conn()).await?)
}

/// Puts a value in the place of another. False: it is no longer the one. Administration, as [`all_after`].
pub async fn replace_value(tx: &Tx, id: Uuid, old: &str, new: &str) -> Result<bool> {
    let done = variable::Entity::update_many()
        .col_expr(variable::Column::Value, Expr::value(new))
        .filter(variable::Column::Id.eq(id))
        .filter(variable::Column::Value.eq(old))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected > 0)
}

fn own(owner: Uuid) -> sea_orm::Select<variable::Entity> {
    variable::Entity::find().filter(variable::Column::UserId.eq(owner))
}
