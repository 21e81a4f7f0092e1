//! Documents as texts, and texts as chunks.

use crate::{Fault, async_trait};
use bytes::Bytes;
use std::fmt::Debug;

/// How a text is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitRule {
    /// Most characters of a chunk.
    pub chunk_size: i64,
    /// Characters that a chunk repeats of the one before.
    pub chunk_overlap: i64,
    /// Where to cut first; `\\n` and `\\t` stand for a new line and a tab. Empty: at paragraphs.
    pub separator: String,
}

/// Reads documents.
#[async_trait]
pub trait Documents: Debug + Send + Sync {
    /// The text of a file; its name says what it is.
    async fn text(&self, name: &str, bytes: Bytes) -> Result<String, Fault>;

    /// Cuts a text into chunks.
    async fn split(&self, text: String, rule: SplitRule) -> Result<Vec<String>, Fault>;
}
