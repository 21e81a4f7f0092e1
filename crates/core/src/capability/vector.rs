//! Vector indexes.

use crate::value::{Json, JsonMap};
use crate::{Fault, async_trait};
use std::fmt::Debug;

/// A text with its vector and metadata.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorRecord {
    pub id: String,
    pub text: String,
    pub vector: Vec<f32>,
    pub metadata: JsonMap,
}

/// What to look for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorQuery {
    pub vector: Option<Vec<f32>>,
    /// Text for lexical or hybrid search, where the index has it.
    pub text: Option<String>,
    pub limit: usize,
    /// Equality on metadata keys.
    pub filter: Option<Json>,
}

/// A found record, best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub id: String,
    pub text: String,
    pub metadata: JsonMap,
    /// Larger is nearer.
    pub score: f32,
}

/// A collection of vectors.
#[async_trait]
pub trait VectorIndex: Debug + Send + Sync {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault>;
    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault>;
    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault>;
}
