//! What the repositories share.

use crate::db::Tx;
use crate::error::Result;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
};

/// Values one statement may carry; SQLite allows 32766.
const MAX_VALUES: usize = 30_000;

/// Inserts all rows, many to a statement.
pub(crate) async fn insert<E, A>(tx: &Tx, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    insert_with::<E, A>(tx, rows, None).await
}

/// Inserts all rows, and does what `conflict` says where a row is there already.
pub(crate) async fn insert_with<E, A>(
    tx: &Tx,
    rows: Vec<E::Model>,
    conflict: Option<OnConflict>,
) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let per_statement = MAX_VALUES / E::Column::iter().count().max(1);
    let mut rest = rows;
    while !rest.is_empty() {
        let later = rest.split_off(Ord::min(rest.len(), per_statement));
        let mut statement = E::insert_many(rest.into_iter().map(IntoActiveModel::into_active_model));
        if let Some(conflict) = &conflict {
            statement = statement.on_conflict(conflict.clone());
        }
        statement.exec_without_returning(tx.inner()).await?;
        rest = later;
    }
    Ok(())
}

/// Writes all columns of a row. False: it is not there.
pub(crate) async fn save<E, A>(tx: &Tx, row: E::Model, is_it: SimpleExpr) -> Result<bool>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + Send,
{
    let row = row.into_active_model().reset_all();
    Ok(E::update_many().set(row).filter(is_it).exec(tx.inner()).await?.rows_affected > 0)
}

/// Deletes what matches, and says how many.
pub(crate) async fn delete<E: EntityTrait>(
    tx: &Tx,
    which: impl sea_orm::sea_query::IntoCondition,
) -> Result<u64> {
    let which = which.into_condition();
    Ok(E::delete_many().filter(which).exec(tx.inner()).await?.rows_affected)
}

/// `column` holds `text`, whatever its case (ASCII).
pub(crate) fn holds(column: impl ColumnTrait, text: &str) -> SimpleExpr {
    let pattern = LikeExpr::new(format!("%{}%", escape(&text.to_lowercase()))).escape('\\');
    Expr::expr(sea_orm::sea_query::Func::lower(column.into_expr())).like(pattern)
}

/// `column` begins with `text`.
pub(crate) fn begins(column: impl ColumnTrait, text: &str) -> SimpleExpr {
    column.into_expr().like(LikeExpr::new(format!("{}%", escape(text))).escape('\\'))
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
