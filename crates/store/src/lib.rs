//! Entities, migrations and repositories on SQLite and PostgreSQL.

use std::fmt;

/// A failure of the store.
#[derive(Debug)]
pub enum StoreError {
    Busy,
}
impl StoreError {
    /// The same call may succeed later: the database is locked or not reachable.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy)
    }
}
impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("busy")
    }
}
impl std::error::Error for StoreError {}

/// The store.
pub struct Store;
