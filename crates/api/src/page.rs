//! A window of a list on the wire.

use serde::Serialize;
use utoipa::ToSchema;

/// `{"items", "total", "page", "size", "pages"}`
#[derive(Debug, Serialize, ToSchema)]
pub struct PageBody<T> {
    pub items: Vec<T>,
    pub total: u64,
    pub page: u64,
    pub size: u64,
    pub pages: u64,
}

/// What was done, in a sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct Said {
    pub message: String,
}

impl Said {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl<T> PageBody<T> {
    pub fn new(items: Vec<T>, total: u64, page: u64, size: u64) -> Self {
        Self { items, total, page, size, pages: total.div_ceil(size.max(1)) }
    }
}
