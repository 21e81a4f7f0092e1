//! FAISS.

use super::store::{Ask, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
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
    #[input(group)]
    texts: EmbeddedTexts,
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
        let ask = Ask { limit: self.number_of_results, ..self.texts.ask() };
        serve(ask, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
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
