//! Small values of the server itself.

use crate::db::{Db, Tx};
use crate::entity::setting;
use crate::error::Result;
use crate::rows;
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;

pub async fn get(db: &impl Db, key: &str) -> Result<Option<String>> {
    Ok(setting::Entity::find_by_id(key).one(db.conn()).await?.map(|row| row.value))
}

/// Sets a value, whether there was one or not.
pub async fn put(tx: &Tx, key: &str, value: &str, now: DateTime<Utc>) -> Result<()> {
    let row = setting::Model { key: key.to_owned(), value: value.to_owned(), updated_at: now };
    let conflict = OnConflict::column(setting::Column::Key)
        .update_columns([setting::Column::Value, setting::Column::UpdatedAt])
        .to_owned();
    rows::insert_with::<setting::Entity, _>(tx, vec![row], Some(conflict)).await
}
