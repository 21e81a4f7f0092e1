//! What the repositories share.

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::recent::Topic;
use parking_lot::RwLock;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    Iterable, QueryFilter, QuerySelect, QueryTrait, Statement,
};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// Rows one statement inserts at most. The widest table has 27 columns, and SQLite takes 32766 values.
const MAX_ROWS: usize = 64;

/// Texts of statements that insert, by table, whether a row there already is written over, rows and database.
/// There is one rule of writing over for a table. Few: the sizes are those of [`batch`].
type Texts = HashMap<(&'static str, bool, usize, bool), Arc<str>>;

/// To put such a text together takes as long as to execute it.
static TEXTS: LazyLock<RwLock<Texts>> = LazyLock::new(RwLock::default);

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
    conflict: Option<fn() -> OnConflict>,
) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let mut rest = rows;
    while !rest.is_empty() {
        let later = rest.split_off(batch(rest.len()));
        tx.inner().execute_raw(insertion::<E, A>(tx, rest, conflict)).await?;
        rest = later;
    }
    Ok(())
}

fn insertion<E, A>(tx: &Tx, rows: Vec<E::Model>, conflict: Option<fn() -> OnConflict>) -> Statement
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let backend = tx.inner().get_database_backend();
    let key = (E::default().table_name(), conflict.is_some(), rows.len(), tx.is_postgres());
    let known = TEXTS.read().get(&key).cloned();
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    let Some(text) = known else {
        let mut query = E::insert_many(rows);
        if let Some(conflict) = conflict {
            query = query.on_conflict(conflict());
        }
        let statement = query.build(backend);
        TEXTS.write().insert(key, statement.sql.as_str().into());
        return statement;
    };
    // A row has a value for every column, in the order of the text.
    let values = rows
        .flat_map(|mut row| E::Column::iter().filter_map(move |column| row.take(column).into_value()))
        .collect::<Vec<_>>();
    Statement::from_sql_and_values(backend, &*text, values)
}

/// Which of these ids are there. Administration: ids alone, to leave alone what was taken over before.
pub(crate) async fn known<E: EntityTrait>(
    db: &impl Db,
    id: E::Column,
    ids: &[Uuid],
) -> Result<HashSet<Uuid>> {
    let query = E::find().select_only().column(id).filter(id.is_in(ids.iter().copied()));
    Ok(query.into_tuple::<Uuid>().all(db.conn()).await?.into_iter().collect())
}

/// How many of `waiting` rows the next statement takes: a power of two, so that there are few texts of
/// statements and each stays prepared.
fn batch(waiting: usize) -> usize {
    match waiting {
        0 => 0,
        MAX_ROWS.. => MAX_ROWS,
        _ => 1 << waiting.ilog2(),
    }
}

/// Writes all columns of a row. False: it is not there.
pub(crate) async fn save<E, A>(tx: &Tx, row: E::Model, is_it: SimpleExpr) -> Result<bool>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + Send,
{
    touch::<E>(tx);
    let row = row.into_active_model().reset_all();
    Ok(E::update_many().set(row).filter(is_it).exec(tx.inner()).await?.rows_affected > 0)
}

/// Deletes what matches, and says how many.
pub(crate) async fn delete<E: EntityTrait>(
    tx: &Tx,
    which: impl sea_orm::sea_query::IntoCondition,
) -> Result<u64> {
    touch::<E>(tx);
    let which = which.into_condition();
    Ok(E::delete_many().filter(which).exec(tx.inner()).await?.rows_affected)
}

/// What was remembered of this table is old when the transaction is committed. New rows make nothing old.
fn touch<E: EntityTrait>(tx: &Tx) {
    if let Some(topic) = Topic::of(E::default().table_name()) {
        tx.touched().add(topic);
    }
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

#[cfg(test)]
mod tests {
    use super::batch;

    #[test]
    fn all_rows_go_in_batches_of_few_sizes() {
        for (rows, batches) in
            [(0, vec![]), (1, vec![1]), (5, vec![4, 1]), (64, vec![64]), (200, vec![64, 64, 64, 8])]
        {
            let (mut left, mut got) = (rows, Vec::new());
            while left > 0 {
                got.push(batch(left));
                left -= batch(left);
            }
            assert_eq!(got, batches);
        }
    }
}
