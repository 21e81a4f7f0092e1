//! Windows of lists.

use serde::Serialize;

/// A window of a list and the length of the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// How many there are without the window.
    pub total: u64,
}

impl<T> Page<T> {
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), total: self.total }
    }
}

/// Which window. Without a limit: all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub limit: Option<u64>,
    pub offset: u64,
}

/// Numbers of rows are signed in SQL; nothing lies behind this one.
pub(crate) const FARTHEST: u64 = i64::MAX as u64;

impl Window {
    pub fn new(limit: u64, offset: u64) -> Self {
        Self { limit: Some(limit), offset }
    }

    /// Page `page` (from 1) of `size` rows.
    pub fn page(page: u64, size: u64) -> Self {
        Self { limit: Some(size), offset: page.saturating_sub(1).saturating_mul(size) }
    }
}
