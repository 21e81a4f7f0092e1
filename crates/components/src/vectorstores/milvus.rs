//! Milvus.

use super::store::{Ask, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::component::Choice;
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
    #[input(group)]
    texts: EmbeddedTexts,
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
        let ask = Ask { limit: self.number_of_results, ..self.texts.ask() };
        serve(ask, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
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
