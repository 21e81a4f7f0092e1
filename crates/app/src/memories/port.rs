//! The memory of a flow as a vector index.

use super::base::collection_of;
use crate::App;
use crate::vectors::EmbeddedIndex;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::{Fault, async_trait};
use langflow_store::memories::MemoryBase;
use serde_json::json;

pub(crate) fn index_of(app: &App, base: &MemoryBase) -> EmbeddedIndex {
    EmbeddedIndex::new(app.store.clone(), collection_of(base))
}

/// A memory as somebody without an account sees it: only what was said in their own session.
#[derive(Debug)]
pub(crate) struct SessionOnly {
    pub index: EmbeddedIndex,
    pub session_id: String,
}

fn refused() -> Fault {
    Fault::refused("a memory is read here, and only that of this session")
}

#[async_trait]
impl VectorIndex for SessionOnly {
    async fn upsert(&self, _records: Vec<VectorRecord>) -> Result<(), Fault> {
        Err(refused())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let filter = Some(json!({ "session_id": self.session_id }));
        self.index.search(VectorQuery { filter, ..query }).await
    }

    async fn delete(&self, _ids: Vec<String>) -> Result<(), Fault> {
        Err(refused())
    }
}
