//! Who can be asked: the store outside a write, the transaction inside one.

use crate::error::Result;
use crate::page::{FARTHEST, Page, Window};
use crate::recent::Touched;
use crate::store::Store;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult,
    PaginatorTrait, QuerySelect, Select,
};

/// What look-ups take: a [`Store`] (its readers) or a [`Tx`] (sees what the transaction has written).
pub trait Db: Sync + sealed::Sealed {
    #[doc(hidden)]
    type Conn: ConnectionTrait + Send + Sync;
    #[doc(hidden)]
    fn conn(&self) -> &Self::Conn;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Store {}
    impl Sealed for super::Tx {}
}

impl Db for Store {
    type Conn = DatabaseConnection;

    fn conn(&self) -> &DatabaseConnection {
        self.reader()
    }
}

/// A write transaction. [`Store::write`] makes it; it is committed when the closure returns `Ok`.
pub struct Tx {
    inner: DatabaseTransaction,
    touched: Touched,
}

impl Tx {
    pub(crate) fn new(inner: DatabaseTransaction) -> Self {
        Self { inner, touched: Touched::default() }
    }

    pub(crate) fn into_parts(self) -> (DatabaseTransaction, Touched) {
        (self.inner, self.touched)
    }

    pub(crate) fn touched(&self) -> &Touched {
        &self.touched
    }

    pub(crate) fn inner(&self) -> &DatabaseTransaction {
        &self.inner
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == DbBackend::Postgres
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

impl Db for Tx {
    type Conn = DatabaseTransaction;

    fn conn(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// Rows of `query` in the window, and their number without it. The number costs a query only when the
/// window does not tell it.
pub(crate) async fn page<E, M>(db: &impl Db, query: Select<E>, window: Window) -> Result<Page<M>>
where
    E: EntityTrait<Model = M>,
    M: FromQueryResult + Sized + Send + Sync,
{
    let counted = query.clone();
    let items = windowed(query, window).all(db.conn()).await?;
    let total = total(db, counted, window, items.len()).await?;
    Ok(Page { items, total })
}

/// As [`page`], for a struct of fewer columns.
pub(crate) async fn page_into<E, P>(db: &impl Db, query: Select<E>, window: Window) -> Result<Page<P>>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Sized + Send + Sync,
    P: FromQueryResult + Send + Sync,
{
    let counted = query.clone();
    let items = windowed(query, window).into_model::<P>().all(db.conn()).await?;
    let total = total(db, counted, window, items.len()).await?;
    Ok(Page { items, total })
}

pub(crate) fn windowed<E: EntityTrait>(query: Select<E>, window: Window) -> Select<E> {
    match window.limit {
        None if window.offset == 0 => query,
        // SQLite wants a limit before an offset.
        limit => query.limit(limit.unwrap_or(FARTHEST).min(FARTHEST)).offset(window.offset.min(FARTHEST)),
    }
}

async fn total<E>(db: &impl Db, query: Select<E>, window: Window, got: usize) -> Result<u64>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Sized + Send + Sync,
{
    let got = got as u64;
    let is_last = window.limit.is_none_or(|limit| got < limit);
    if is_last && (got > 0 || window.offset == 0) {
        return Ok(window.offset + got);
    }
    Ok(query.count(db.conn()).await?)
}
