//! Small values of the server itself.

use crate::db::{Db, Tx};
use crate::entity::setting;
use crate::error::Result;
use crate::rows;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

pub async fn get(db: &impl Db, key: &str) -> Result<Option<String>> {
    Ok(setting::Entity::find_by_id(key).one(db.conn()).await?.map(|row| row.value))
}

/// Sets a value, whether there was one or not.
pub async fn put(tx: &Tx, key: &str, value: &str, now: DateTime<Utc>) -> Result<()> {
    let row = setting::Model { key: key.to_owned(), value: value.to_owned(), updated_at: now };
    let conflict = || {
        OnConflict::column(setting::Column::Key)
            .update_columns([setting::Column::Value, setting::Column::UpdatedAt])
            .to_owned()
    };
    rows::insert_with::<setting::Entity, _>(tx, vec![row], Some(conflict)).await
}

/// The next `limit` values whose key begins so, after the key `after`, with their keys.
pub async fn starting_with(
    db: &impl Db,
    prefix: &str,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<(String, String)>> {
    let mut query = setting::Entity::find()
        .filter(rows::begins(setting::Column::Key, prefix))
        .order_by_asc(setting::Column::Key)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(setting::Column::Key.gt(after));
    }
    Ok(query.all(db.conn()).await?.into_iter().map(|row| (row.key, row.value)).collect())
}

/// Puts a value in the place of another. False: it is no longer the one.
pub async fn replace(tx: &Tx, key: &str, old: &str, new: &str) -> Result<bool> {
    let done = setting::Entity::update_many()
        .col_expr(setting::Column::Value, Expr::value(new))
        .filter(setting::Column::Key.eq(key))
        .filter(setting::Column::Value.eq(old))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected > 0)
}
