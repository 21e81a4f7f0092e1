//! Chroma DB.

use super::store::{Ask, Choose, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::chroma::ChromaCollection;

choice! {
    /// Which of the nearest to give.
    pub enum SearchType { Similarity = "Similarity", Diverse = "MMR" }
}

/// Stores texts in a Chroma server and finds them again by meaning.
///
/// Without the name of a server the texts go into the vector store of this server, under the name of the collection.
/// Files that Chroma has written are not read.
#[derive(Component)]
#[component(
    id = "Chroma",
    aliases = ["ChromaDB", "ChromaVectorStoreComponent", "LocalDB"],
    class = "ChromaVectorStoreComponent",
    title = "Chroma DB",
    icon = "Chroma",
    category = "chroma",
    module = "lfx.components.chroma.chroma.ChromaVectorStoreComponent"
)]
pub struct ChromaComponent {
    /// The collection.
    #[input(title = "Collection Name", kind = Str, default = "langflow")]
    collection_name: String,
    /// Kept for stored flows: keeps collections of one name apart.
    #[input(title = "Persist Directory", kind = Str)]
    persist_directory: String,
    /// Name of the server. Empty: the texts are kept here.
    #[input(title = "Server Host", kind = Str, advanced)]
    chroma_server_host: String,
    /// Port of the server.
    #[input(title = "Server HTTP Port", advanced)]
    chroma_server_http_port: Option<u32>,
    /// Calls the server over HTTPS.
    #[input(title = "Server SSL Enabled", advanced)]
    chroma_server_ssl_enabled: bool,
    /// Stores texts that are there already once more.
    #[input(title = "Allow Duplicates", advanced)]
    allow_duplicates: bool,
    #[input(group)]
    texts: EmbeddedTexts,
    /// Which of the nearest to give.
    #[input(title = "Search Type", advanced, default = SearchType::Similarity)]
    search_type: SearchType,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 10)]
    number_of_results: usize,
}

#[outputs]
impl ChromaComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx).await?;
        let ask = Ask {
            limit: self.number_of_results,
            choose: if self.search_type == SearchType::Diverse { Choose::Diverse } else { Choose::Nearest },
            new_only: !self.allow_duplicates,
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

impl ChromaComponent {
    async fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let (host, collection) = (self.chroma_server_host.trim(), self.collection_name.trim());
        if host.is_empty() {
            cx.log(
                "notice",
                "The texts of this node are kept in the vector store of the server; files of Chroma are not read.",
            );
            let folder = self.persist_directory.trim();
            let name =
                if folder.is_empty() { collection.to_owned() } else { format!("{folder}/{collection}") };
            return cx.vectors().open(&name).await;
        }
        let scheme = if self.chroma_server_ssl_enabled { "https" } else { "http" };
        Ok(Arc::new(ChromaCollection {
            base_url: format!("{scheme}://{host}:{}", self.chroma_server_http_port.unwrap_or(8000)),
            tenant: "default_tenant".into(),
            database: "default_database".into(),
            collection: collection.to_owned(),
            token: Secret::default(),
            egress: cx.egress(),
        }))
    }
}
