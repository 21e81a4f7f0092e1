//! Milvus.

use super::store::{Ask, serve};
use langflow_core::capability::VectorIndex;
use langflow_core::component::{Choice, DataLike, Handle};
use langflow_core::prelude::*;
use langflow_providers::vector::milvus::MilvusCollection;

choice! {
    /// How fresh a search is.
    pub enum Consistency { Bounded = "Bounded", Session = "Session", Strong = "Strong", Eventual = "Eventual" }
}

/// Stores texts in Milvus or Zilliz Cloud and finds them again by meaning.
///
/// The collection is made with the first texts. A file in place of an address (Milvus Lite) is not supported.
#[derive(Component)]
#[component(
    id = "Milvus",
    aliases = ["MilvusVectorStoreComponent"],
    class = "MilvusVectorStoreComponent",
    title = "Milvus",
    icon = "Milvus",
    category = "milvus",
    module = "lfx.components.milvus.milvus.MilvusVectorStoreComponent"
)]
pub struct MilvusComponent {
    /// The collection.
    #[input(title = "Collection Name", kind = Str, default = "langflow")]
    collection_name: String,
    /// Address of the server.
    #[input(title = "Connection URI", kind = Str, default = "http://localhost:19530")]
    uri: String,
    /// `user:password`, or a key of Zilliz Cloud.
    #[input(title = "Token")]
    password: Secret,
    /// Field of the key.
    #[input(title = "Primary Field Name", kind = Str, default = "pk")]
    primary_field: String,
    /// Field of the text.
    #[input(title = "Text Field Name", kind = Str, default = "text")]
    text_field: String,
    /// Field of the vector.
    #[input(title = "Vector Field Name", kind = Str, default = "vector")]
    vector_field: String,
    /// How fresh a search is, in a new collection.
    #[input(title = "Consistencey Level", advanced, default = Consistency::Session)]
    consistency_level: Consistency,
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
impl MilvusComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
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

impl MilvusComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        if !self.uri.trim().starts_with("http") {
            return Err(Fault::unsupported(
                "a file of Milvus Lite cannot be opened; give the address of a server",
            )
            .at_field("uri"));
        }
        Ok(Arc::new(MilvusCollection {
            base_url: self.uri.trim().to_owned(),
            token: self.password.clone(),
            collection: self.collection_name.trim().to_owned(),
            primary_field: self.primary_field.clone(),
            text_field: self.text_field.clone(),
            vector_field: self.vector_field.clone(),
            consistency: Choice::as_str(self.consistency_level).to_owned(),
            egress: cx.egress(),
        }))
    }
}
