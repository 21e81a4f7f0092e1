//! Hyper-Converged Database.

use super::astra_db::SearchType;
use super::store::{Ask, conditions, serve};
use super::texts::{Texts, as_table};
use crate::fields::secret_or_variable;
use langflow_core::prelude::*;
use langflow_providers::vector::astra::{AstraCollection, Making, Sending, Server, password_token};
use serde_json::json;

choice! {
    /// How nearness is measured in a new collection.
    pub enum Metric { Cosine = "cosine", Dot = "dot_product", Euclidean = "euclidean" }
}

choice! {
    /// Whether the collection is made where it is not there.
    pub enum Setup { Sync = "Sync", Async = "Async", Off = "Off" }
}

/// Documents of one call where the field names no number.
const BATCH: usize = 20;

/// Stores texts in a Hyper-Converged Database and finds them again by meaning.
///
/// The server is called by its Data API. The collection is made with the first texts. The host has to be allowed
/// (`LANGFLOW_SSRF_ALLOWED_HOSTS`) where it is not public.
#[derive(Component)]
#[component(
    id = "HCD",
    aliases = ["HCDVectorStoreComponent"],
    class = "HCDVectorStoreComponent",
    title = "Hyper-Converged Database",
    icon = "HCD",
    category = "datastax",
    module = "lfx.components.datastax.hcd.HCDVectorStoreComponent",
    documentation = "https://docs.langflow.org/bundles-datastax"
)]
pub struct HcdComponent {
    /// The collection.
    #[input(title = "Collection Name", kind = Str, required)]
    collection_name: String,
    /// Name of the user.
    #[input(title = "HCD Username", kind = Str, required, default = "hcd-superuser")]
    username: String,
    /// The password of the user, or the name of a variable that holds it.
    #[input(title = "HCD Password", required, default = "HCD_PASSWORD")]
    password: Secret,
    /// Address of the Data API, or the name of a variable that holds it.
    #[input(title = "HCD API Endpoint", required, default = "HCD_API_ENDPOINT")]
    api_endpoint: Secret,
    #[input(group)]
    texts: Texts,
    /// The namespace of the collection.
    #[input(title = "Namespace", kind = Str, advanced, default = "default_namespace")]
    namespace: String,
    /// Changes nothing, as in Langflow: the operator names further authorities (`SSL_CERT_FILE`).
    #[input(title = "CA Certificate", kind = Multiline, advanced)]
    #[expect(dead_code, reason = "flows of Langflow hold it")]
    ca_certificate: String,
    /// How nearness is measured in a new collection.
    #[input(title = "Metric", advanced)]
    metric: Option<Metric>,
    /// Documents of one call, at most 50. 0 is 20.
    #[input(title = "Batch Size", advanced)]
    batch_size: usize,
    /// Calls at the same time, at most 16.
    #[input(title = "Bulk Insert Batch Concurrency", advanced)]
    bulk_insert_batch_concurrency: usize,
    /// Changes nothing: a document that is there already is the same, as its id is made of its content.
    #[input(title = "Bulk Insert Overwrite Concurrency", advanced)]
    #[expect(dead_code, reason = "flows of Langflow hold it")]
    bulk_insert_overwrite_concurrency: usize,
    /// Changes nothing: this component deletes no single documents.
    #[input(title = "Bulk Delete Concurrency", advanced)]
    #[expect(dead_code, reason = "flows of Langflow hold it")]
    bulk_delete_concurrency: usize,
    /// *Off*: the collection has to be there. Else it is made with the first texts.
    #[input(title = "Setup Mode", advanced, default = Setup::Sync)]
    setup_mode: Setup,
    /// Removes the collection with all that is in it before anything is stored.
    #[input(title = "Pre Delete Collection", advanced)]
    pre_delete_collection: bool,
    /// Keys of the metadata that are indexed in a new collection, with commas between them. Empty: all.
    #[input(title = "Metadata Indexing Include", kind = Str, advanced)]
    metadata_indexing_include: String,
    /// The model that makes the vectors. Without one the collection makes them, if it was made so.
    #[input(title = "Embedding or Astra Vectorize")]
    embedding: Option<Handle<dyn Embedder>>,
    /// Keys of the metadata that are not indexed in a new collection, with commas between them.
    #[input(title = "Metadata Indexing Exclude", kind = Str, advanced)]
    metadata_indexing_exclude: String,
    /// What is indexed in a new collection, as a JSON object of the Data API.
    #[input(title = "Collection Indexing Policy", kind = Str, advanced)]
    collection_indexing_policy: String,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
    /// Which of the nearest to give.
    #[input(title = "Search Type", advanced, default = SearchType::Similarity)]
    search_type: SearchType,
    /// The least similarity a result has, from 0 to 1; for the search type with a threshold.
    #[input(title = "Search Score Threshold", advanced)]
    search_score_threshold: f64,
    /// Values that the metadata of a result have.
    #[input(title = "Search Metadata Filter", advanced, list)]
    search_filter: JsonMap,
}

#[outputs]
impl HcdComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let collection = self.collection(cx).await?;
        if self.pre_delete_collection {
            collection.remove().await?;
        }
        let ask = Ask {
            ingest: &self.texts.ingest_data.0,
            query: &self.texts.search_query,
            limit: self.number_of_results,
            filter: self.filter(),
            embedder: self.embedding.as_ref().map(|handle| &*handle.0),
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
}

impl HcdComponent {
    /// Conditions on the metadata; keys and values that are empty do not count.
    fn filter(&self) -> Option<Json> {
        let conditions = conditions(&self.search_filter)?;
        Some(conditions.into_iter().map(|(key, value)| (format!("metadata.{key}"), value)).collect())
    }

    fn indexing(&self) -> Result<Json, Fault> {
        let fields = |text: &str| -> Vec<String> {
            let keys = text.split(',').map(str::trim).filter(|key| !key.is_empty());
            keys.map(|key| format!("metadata.{key}")).collect()
        };
        let (include, exclude) =
            (fields(&self.metadata_indexing_include), fields(&self.metadata_indexing_exclude));
        let policy = self.collection_indexing_policy.trim();
        if !include.is_empty() {
            Ok(json!({ "allow": include }))
        } else if !exclude.is_empty() {
            Ok(json!({ "deny": exclude }))
        } else if policy.is_empty() {
            Ok(json!({ "allow": ["metadata"] }))
        } else {
            let policy: JsonMap = serde_json::from_str(policy).map_err(|error| {
                Fault::invalid(format!("this is no JSON object: {error}"))
                    .at_field("collection_indexing_policy")
            })?;
            Ok(Json::Object(policy))
        }
    }

    async fn collection(&self, cx: &Cx) -> Result<AstraCollection, Fault> {
        let collection = self.collection_name.trim();
        if collection.is_empty() {
            return Err(Fault::missing("no collection is named").at_field("collection_name"));
        }
        let password =
            secret_or_variable(Some(&self.password), "password", "HCD_PASSWORD", "password", cx).await?;
        let endpoint =
            secret_or_variable(Some(&self.api_endpoint), "address", "HCD_API_ENDPOINT", "api_endpoint", cx)
                .await?;
        let metric = match self.metric {
            None => "",
            Some(Metric::Cosine) => "cosine",
            Some(Metric::Dot) => "dot_product",
            Some(Metric::Euclidean) => "euclidean",
        };
        let making = Making { metric: metric.to_owned(), indexing: self.indexing()? };
        Ok(AstraCollection {
            server: Server::Hcd,
            endpoint: endpoint.expose().trim().to_owned(),
            keyspace: match self.namespace.trim() {
                "" => "default_namespace".to_owned(),
                given => given.to_owned(),
            },
            collection: collection.to_owned(),
            token: password_token(self.username.trim(), &password),
            content_field: "content".to_owned(),
            lexical: None,
            making: (self.setup_mode != Setup::Off).then_some(making),
            sending: Sending {
                batch: if self.batch_size == 0 { BATCH } else { self.batch_size },
                at_once: self.bulk_insert_batch_concurrency,
            },
            egress: cx.egress(),
        })
    }
}
