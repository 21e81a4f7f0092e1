//! FAISS.

use super::store::{Ask, serve};
use langflow_core::capability::VectorIndex;
use langflow_core::component::{DataLike, Handle};
use langflow_core::prelude::*;

/// Stores texts in the vector store of the server, in place of files of FAISS, and finds them again by meaning.
///
/// The index is the collection of that name. Index files that FAISS has written are not read.
#[derive(Component)]
#[component(
    id = "FAISS",
    aliases = ["FaissVectorStoreComponent"],
    class = "FaissVectorStoreComponent",
    title = "FAISS",
    icon = "FAISS",
    category = "FAISS",
    module = "lfx.components.FAISS.faiss.FaissVectorStoreComponent"
)]
pub struct FaissComponent {
    /// The index.
    #[input(title = "Index Name", kind = Str, default = "langflow_index")]
    index_name: String,
    /// Kept for stored flows: keeps indexes of one name apart.
    #[input(title = "Persist Directory", kind = Str)]
    persist_directory: String,
    /// Texts to store.
    #[input(title = "Ingest Data", handles = ["Data", "DataFrame", "Table"])]
    ingest_data: Many<DataLike>,
    /// What to look for.
    #[input(title = "Search Query", kind = Query, tool_mode)]
    search_query: String,
    /// The model that makes the vectors.
    #[input(title = "Embedding", required)]
    embedding: Handle<dyn Embedder>,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl FaissComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx).await?;
        let ask = Ask {
            ingest: &self.ingest_data.0,
            query: &self.search_query,
            limit: self.number_of_results,
            embedder: Some(&*self.embedding.0),
            ..Ask::default()
        };
        serve(ask, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(self.search_documents(cx).await?.into_iter().map(|data| data.data)))
    }
}

impl FaissComponent {
    async fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        cx.log(
            "notice",
            "The texts of this node are kept in the vector store of the server; files of FAISS are not read.",
        );
        let (folder, index) = (self.persist_directory.trim(), self.index_name.trim());
        let name = if folder.is_empty() { index.to_owned() } else { format!("{folder}/{index}") };
        cx.vectors().open(&name).await
    }
}
