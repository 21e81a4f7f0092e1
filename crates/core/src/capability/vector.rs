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
    /// Looks for the words of `text` too, where the index can.
    pub hybrid: bool,
    /// Hits carry their vectors, where the index can give them.
    pub with_vectors: bool,
}

/// A found record, best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub id: String,
    pub text: String,
    pub metadata: JsonMap,
    /// Larger is nearer.
    pub score: f32,
    pub vector: Option<Vec<f32>>,
}

/// A collection of vectors.
#[async_trait]
pub trait VectorIndex: Debug + Send + Sync {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault>;
    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault>;
    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault>;

    /// Which of these ids are there. An index that cannot tell knows none.
    async fn known(&self, _ids: Vec<String>) -> Result<Vec<String>, Fault> {
        Ok(Vec::new())
    }

    /// Some records, in no order that means anything.
    async fn some(&self, _limit: usize) -> Result<Vec<Hit>, Fault> {
        Err(Fault::unsupported("this vector store lists nothing without a query"))
    }
}
