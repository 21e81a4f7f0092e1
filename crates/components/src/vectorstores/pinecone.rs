//! Pinecone.

use super::store::{Ask, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::pinecone::PineconeIndex;

/// Stores texts in an index of Pinecone and finds them again by meaning.
///
/// The index must be there; nearness is measured as it was made.
#[derive(Component)]
#[component(
    id = "Pinecone",
    class = "PineconeVectorStoreComponent",
    title = "Pinecone",
    icon = "Pinecone",
    category = "pinecone",
    module = "lfx.components.pinecone.pinecone.PineconeVectorStoreComponent"
)]
pub struct PineconeComponent {
    /// The index.
    #[input(title = "Index Name", kind = Str, required)]
    index_name: String,
    /// A part of the index.
    #[input(title = "Namespace", kind = Str)]
    namespace: String,
    /// The key of Pinecone.
    #[input(title = "Pinecone API Key", required)]
    pinecone_api_key: Secret,
    /// Key of the metadata that holds the text.
    #[input(title = "Text Key", kind = Str, advanced, default = "text")]
    text_key: String,
    #[input(group)]
    texts: EmbeddedTexts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl PineconeComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
        let ask = Ask { limit: self.number_of_results, ..self.texts.ask() };
        serve(ask, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl PineconeComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        if self.index_name.trim().is_empty() {
            return Err(Fault::missing("no index is named").at_field("index_name"));
        }
        Ok(Arc::new(PineconeIndex {
            index: self.index_name.trim().to_owned(),
            namespace: self.namespace.trim().to_owned(),
            key: self.pinecone_api_key.clone(),
            text_key: self.text_key.clone(),
            egress: cx.egress(),
        }))
    }
}
