//! Qdrant.

use super::store::{Ask, Choose, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::qdrant::QdrantCollection;

choice! {
    /// How nearness is measured.
    pub enum Distance { Cosine = "Cosine", Euclidean = "Euclidean", Dot = "Dot Product" }
}

choice! {
    /// Which of the nearest to give.
    pub enum SearchType { Similarity = "Similarity", Diverse = "MMR" }
}

/// Stores texts in Qdrant and finds them again by meaning.
///
/// The collection is made with the first texts. The server that runs the flow has to be allowed to call the address
/// (`LANGFLOW_SSRF_ALLOWED_HOSTS`) where it is not public.
#[derive(Component)]
#[component(
    id = "QdrantVectorStoreComponent",
    aliases = ["Qdrant"],
    class = "QdrantVectorStoreComponent",
    title = "Qdrant",
    icon = "Qdrant",
    category = "qdrant",
    module = "lfx.components.qdrant.qdrant.QdrantVectorStoreComponent"
)]
pub struct QdrantComponent {
    /// The collection.
    #[input(title = "Collection Name", kind = Str, required)]
    collection_name: String,
    /// Name of the server, where no URL is given.
    #[input(title = "Host", kind = Str, advanced, default = "localhost")]
    host: String,
    /// Port of the server, where no URL is given.
    #[input(title = "Port", advanced, default = 6333)]
    port: u32,
    /// The key of the server.
    #[input(title = "API Key", advanced)]
    api_key: Secret,
    /// Address of the server.
    #[input(title = "URL", kind = Str, advanced)]
    url: String,
    /// How nearness is measured in a new collection.
    #[input(title = "Distance Function", advanced, default = Distance::Cosine)]
    distance_func: Distance,
    /// Field of a point that holds its text.
    #[input(title = "Content Payload Key", kind = Str, advanced, default = "page_content")]
    content_payload_key: String,
    /// Field of a point that holds its metadata.
    #[input(title = "Metadata Payload Key", kind = Str, advanced, default = "metadata")]
    metadata_payload_key: String,
    #[input(group)]
    texts: EmbeddedTexts,
    /// Which of the nearest to give.
    #[input(title = "Search Type", advanced, default = SearchType::Similarity)]
    search_type: SearchType,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl QdrantComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
        let ask = Ask {
            limit: self.number_of_results,
            choose: if self.search_type == SearchType::Diverse { Choose::Diverse } else { Choose::Nearest },
            ..self.texts.ask()
        };
        serve(ask, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl QdrantComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let base_url = match self.url.trim() {
            "" => format!("http://{}:{}", self.host.trim(), self.port),
            url => url.to_owned(),
        };
        Ok(Arc::new(QdrantCollection {
            base_url,
            collection: self.collection_name.trim().to_owned(),
            key: self.api_key.clone(),
            distance: match self.distance_func {
                Distance::Cosine => "Cosine",
                Distance::Euclidean => "Euclid",
                Distance::Dot => "Dot",
            }
            .into(),
            content_key: self.content_payload_key.clone(),
            metadata_key: self.metadata_payload_key.clone(),
            egress: cx.egress(),
        }))
    }
}
