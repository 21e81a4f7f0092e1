//! Astra DB.

use super::store::{Ask, Choose, serve};
use super::texts::{Texts, as_table};
use crate::embeddings::embedder_of;
use crate::models::pick::ModelPick;
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::astra::{AstraCollection, Sending, Server, find_endpoint};
use serde_json::json;

choice! {
    /// How to search.
    pub enum SearchMethod { Hybrid = "Hybrid Search", Vector = "Vector Search" }
}
choice! {
    /// Which of the nearest to give.
    pub enum SearchType {
        Similarity = "Similarity",
        Threshold = "Similarity with score threshold",
        Diverse = "MMR (Max Marginal Relevance)" | "MMR",
    }
}

impl SearchType {
    /// What to choose; `least` is the score of the search type with a threshold.
    pub fn choose(self, least: f64) -> Choose {
        match self {
            Self::Similarity => Choose::Nearest,
            Self::Threshold => Choose::AtLeast(least as f32),
            Self::Diverse => Choose::Diverse,
        }
    }
}

/// Lists come from the database.
const NO_OPTIONS: [&str; 0] = [];

/// Stores texts in Astra DB and finds them again by meaning.
///
/// Without an embedding model the collection makes the vectors itself, if it was made so. *Hybrid Search* also looks
/// for terms and orders the results with the reranker of the database.
/// *MMR* chooses results that are unlike each other; it needs an embedding model.
#[derive(Component)]
#[component(
    id = "ext:datastax:AstraDBVectorStoreComponent@official",
    aliases = ["AstraDB"],
    class = "AstraDBVectorStoreComponent",
    title = "Astra DB",
    icon = "AstraDB",
    category = "datastax",
    module = "lfx.components.datastax.astradb_vectorstore.AstraDBVectorStoreComponent"
)]
pub struct AstraDbComponent {
    /// The application token, or the name of a variable that holds it.
    #[input(title = "Astra DB Application Token", default = "ASTRA_DB_APPLICATION_TOKEN", real_time_refresh)]
    token: Secret,
    /// The database.
    #[input(
        title = "Database", kind = Dropdown, combobox, real_time_refresh, refresh_button, options = NO_OPTIONS,
        extra = json!({ "required": true })
    )]
    database_name: String,
    /// Address of the database. Empty: it is looked up by its name.
    #[input(title = "Astra DB API Endpoint", kind = Dropdown, combobox, advanced, options = NO_OPTIONS)]
    api_endpoint: String,
    /// The keyspace of the collection.
    #[input(
        title = "Keyspace", kind = Dropdown, combobox, advanced, real_time_refresh, options = NO_OPTIONS,
        default = "default_keyspace"
    )]
    keyspace: String,
    /// The collection.
    #[input(
        title = "Collection", kind = Dropdown, combobox, real_time_refresh, refresh_button, options = NO_OPTIONS,
        extra = json!({ "required": true, "override_skip": true })
    )]
    collection_name: String,
    #[input(group)]
    texts: Texts,
    /// The model that makes the vectors.
    #[input(title = "Embedding Model", handles = ["Embeddings"], extra = json!({ "model_type": "embedding" }))]
    embedding_model: ModelPick,
    /// The key of the embedding provider.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// Field of the documents that holds their text; `content` where none is named.
    #[input(title = "Content Field", kind = Str, advanced)]
    content_field: String,
    /// Whether to look for terms too.
    #[input(title = "Search Method", advanced, default = SearchMethod::Vector, real_time_refresh)]
    search_method: SearchMethod,
    /// Terms for the hybrid search.
    #[input(title = "Lexical Terms", kind = Query, extra = json!({ "separator": " " }))]
    lexical_terms: String,
    /// How many results.
    #[input(title = "Number of Search Results", advanced, default = 4)]
    number_of_results: usize,
    /// Which of the nearest to give.
    #[input(title = "Search Type", advanced, default = SearchType::Similarity)]
    search_type: SearchType,
    /// The least similarity a result has, from 0 to 1; for the search type with a threshold.
    #[input(title = "Search Score Threshold", advanced)]
    search_score_threshold: f64,
    /// Conditions on the documents, in the language of the Data API.
    #[input(title = "Search Metadata Filter", advanced)]
    advanced_search_filter: Json,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl AstraDbComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let collection = self.collection(cx).await?;
        let embedder = self.embedder(cx).await?;
        let query = self.query();
        let filter = self.advanced_search_filter.as_object().filter(|filter| !filter.is_empty()).cloned();
        let ask = Ask {
            ingest: &self.texts.ingest_data.0,
            query: &query,
            limit: self.number_of_results,
            filter: filter.map(Json::Object),
            embedder: embedder.as_deref(),
            choose: self.search_type.choose(self.search_score_threshold),
            ..Ask::default()
        };
        serve(ask, &collection).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }

    /// The store itself, for other components; what comes in is stored first.
    #[output(name = "vectorstoreconnection", title = "Vector Store Connection", method = "as_vector_store")]
    async fn as_vector_store(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let collection = self.collection(cx).await?;
        let embedder = self.embedder(cx).await?;
        let ask = Ask { ingest: &self.texts.ingest_data.0, embedder: embedder.as_deref(), ..Ask::default() };
        serve(ask, &collection).await?;
        Ok(Arc::new(collection))
    }
}

impl AstraDbComponent {
    async fn embedder(&self, cx: &Cx) -> Result<Option<Arc<dyn Embedder>>, Fault> {
        Ok(match (&self.embedding_model, self.rest.get("embedding")) {
            // Flows of version 1.1 and older connect the model here.
            (ModelPick::Nothing, Some(Value::Embedder(embedder))) => Some(Arc::clone(embedder)),
            (ModelPick::Nothing, _) => None,
            (pick, _) => Some(embedder_of(pick, &self.api_key, cx).await?),
        })
    }

    /// Flows of version 1.1 and older name the field otherwise.
    fn query(&self) -> String {
        let old =
            self.rest.get("search_input").and_then(|value| langflow_core::component::text_of(value).ok());
        if self.texts.search_query.trim().is_empty() {
            old.unwrap_or_default()
        } else {
            self.texts.search_query.clone()
        }
    }

    async fn collection(&self, cx: &Cx) -> Result<AstraCollection, Fault> {
        if self.collection_name.trim().is_empty() {
            return Err(Fault::missing("no collection is chosen").at_field("collection_name"));
        }
        let token = self.token(cx).await?;
        let egress = cx.egress();
        let endpoint = match self.api_endpoint.trim() {
            "" if self.database_name.trim().is_empty() => {
                return Err(Fault::missing("no database is chosen").at_field("database_name"));
            }
            "" => find_endpoint(self.database_name.trim(), &token, &*egress).await?,
            given => given.to_owned(),
        };
        let or =
            |text: &str, default: &str| if text.trim().is_empty() { default } else { text.trim() }.to_owned();
        Ok(AstraCollection {
            server: Server::Astra,
            endpoint,
            keyspace: or(&self.keyspace, "default_keyspace"),
            collection: self.collection_name.trim().to_owned(),
            token,
            content_field: or(&self.content_field, "content"),
            lexical: matches!(self.search_method, SearchMethod::Hybrid).then(|| self.lexical_terms.clone()),
            making: None,
            sending: Sending::default(),
            egress,
        })
    }

    async fn token(&self, cx: &Cx) -> Result<Secret, Fault> {
        let given = self.token.expose().trim();
        if given.starts_with("AstraCS:") {
            return Ok(Secret::new(given));
        }
        let name = if given.is_empty() { "ASTRA_DB_APPLICATION_TOKEN" } else { given };
        match cx.variables().get(name).await? {
            Some(variable) => Ok(variable.value),
            None if !given.is_empty() && given != "ASTRA_DB_APPLICATION_TOKEN" => Ok(Secret::new(given)),
            None => Err(Fault::missing(
                "Astra DB needs an application token: enter one, or store it as the variable ASTRA_DB_APPLICATION_TOKEN",
            )
            .at_field("token")),
        }
    }
}
