//! A store of files that several servers share, as a port: who implements it knows the service.

use crate::{Fault, async_trait};
use chrono::{DateTime, Utc};
use std::path::Path;

/// Files by key: parts of ids and names, parted by `/`.
#[async_trait]
pub trait SharedFiles: Send + Sync {
    /// Keeps the bytes of a file of this machine under `key`, and replaces what was there. They are durable when this
    /// ends.
    async fn put(&self, key: &str, from: &Path) -> Result<(), Fault>;
    /// Writes the bytes of `key` into a new file of this machine. `false`: there is no such key, and no file.
    async fn fetch(&self, key: &str, to: &Path) -> Result<bool, Fault>;
    /// Whether there is such a key.
    async fn exists(&self, key: &str) -> Result<bool, Fault>;
    /// The next keys, in their order, that begin with `prefix` and come after `after`; none: that was all.
    async fn list(&self, prefix: &str, after: &str) -> Result<Vec<SharedFile>, Fault>;
    /// Deletes a key; one that is not there is no failure.
    async fn delete(&self, key: &str) -> Result<(), Fault>;
}

/// A file of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedFile {
    pub key: String,
    pub size_bytes: u64,
    pub changed_at: DateTime<Utc>,
}
