//! Code of custom components that an administrator has approved.

use crate::db::{Db, Tx};
use crate::entity::approved_code;
use crate::error::Result;
use crate::rows;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryOrder};

pub use crate::entity::approved_code::Model as ApprovedCode;

/// Whether code with this hash is approved.
pub async fn is_approved(db: &impl Db, hash: &str) -> Result<bool> {
    Ok(approved_code::Entity::find_by_id(hash).one(db.conn()).await?.is_some())
}

/// All of it, by name.
pub async fn list(db: &impl Db) -> Result<Vec<ApprovedCode>> {
    Ok(approved_code::Entity::find().order_by_asc(approved_code::Column::Name).all(db.conn()).await?)
}

/// Approves code; what is approved already keeps its code and gets the new name.
pub async fn put(tx: &Tx, row: ApprovedCode) -> Result<()> {
    let conflict = || {
        OnConflict::column(approved_code::Column::Hash)
            .update_columns([
                approved_code::Column::Name,
                approved_code::Column::ApprovedBy,
                approved_code::Column::ApprovedAt,
            ])
            .to_owned()
    };
    rows::insert_with::<approved_code::Entity, _>(tx, vec![row], Some(conflict)).await
}

/// Takes an approval back. False: there was none.
pub async fn delete(tx: &Tx, hash: &str) -> Result<bool> {
    Ok(rows::delete::<approved_code::Entity>(tx, approved_code::Column::Hash.eq(hash)).await? > 0)
}
