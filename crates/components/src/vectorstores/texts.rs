//! Inputs that the nodes of vector stores share.

use super::store::Ask;
use langflow_core::component::{DataLike, Handle};
use langflow_core::prelude::*;

/// Texts that go in, and what is looked for.
#[derive(Inputs)]
pub struct Texts {
    /// Texts to store.
    #[input(title = "Ingest Data", handles = ["Data", "DataFrame", "Table"])]
    pub ingest_data: Many<DataLike>,
    /// What to look for.
    #[input(title = "Search Query", kind = Query, tool_mode)]
    pub search_query: String,
}

/// The same, and the model that the store cannot do without.
#[derive(Inputs)]
pub struct EmbeddedTexts {
    #[input(group)]
    pub texts: Texts,
    /// The model that makes the vectors.
    #[input(title = "Embedding", required)]
    pub embedding: Handle<dyn Embedder>,
}

impl EmbeddedTexts {
    /// What is asked of the store, the nearest first.
    pub fn ask(&self) -> Ask<'_> {
        Ask {
            ingest: &self.texts.ingest_data.0,
            query: &self.texts.search_query,
            embedder: Some(&*self.embedding.0),
            ..Ask::default()
        }
    }
}

/// What was found as a table.
pub fn as_table(found: Vec<Data>) -> Table {
    Table::from_rows(found.into_iter().map(|data| data.data))
}
