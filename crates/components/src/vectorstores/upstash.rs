//! Upstash.

use super::store::{Ask, serve};
use super::texts::{Texts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::upstash::UpstashIndex;

/// Stores texts in an index of Upstash Vector and finds them again by meaning.
///
/// An index that was made with a model of its own needs no embedding model here.
#[derive(Component)]
#[component(
    id = "Upstash",
    aliases = ["UpstashVectorStoreComponent"],
    class = "UpstashVectorStoreComponent",
    title = "Upstash",
    icon = "Upstash",
    category = "upstash",
    module = "lfx.components.upstash.upstash.UpstashVectorStoreComponent"
)]
pub struct UpstashComponent {
    /// Address of the index.
    #[input(title = "Index URL", kind = Str, required)]
    index_url: String,
    /// The token of the index.
    #[input(title = "Index Token", required)]
    index_token: Secret,
    /// Key of the metadata that holds the text.
    #[input(title = "Text Key", kind = Str, advanced, default = "text")]
    text_key: String,
    /// A part of the index.
    #[input(title = "Namespace", kind = Str)]
    namespace: String,
    /// A condition on the metadata, in the language of Upstash.
    #[input(title = "Metadata Filter", kind = Multiline)]
    metadata_filter: String,
    #[input(group)]
    texts: Texts,
    /// The model that makes the vectors. Without one the store makes them, if it can.
    #[input(title = "Embedding")]
    embedding: Option<Handle<dyn Embedder>>,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl UpstashComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
        let ask = Ask {
            ingest: &self.texts.ingest_data.0,
            query: &self.texts.search_query,
            limit: self.number_of_results,
            embedder: self.embedding.as_ref().map(|handle| &*handle.0),
            ..Ask::default()
        };
        serve(ask, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl UpstashComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        Ok(Arc::new(UpstashIndex {
            base_url: self.index_url.trim().to_owned(),
            token: self.index_token.clone(),
            namespace: self.namespace.trim().to_owned(),
            text_key: self.text_key.clone(),
            condition: self.metadata_filter.clone(),
            egress: cx.egress(),
        }))
    }
}
