//! Astra DB, and its Data API in front of a Hyper-Converged Database.

use super::ANSWER_BYTES;
use crate::http::Call;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::try_join_all;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const ASTRA: &str = "Astra DB";
/// Documents in one call; the API takes no more.
const BATCH: usize = 50;
/// Calls at the same time.
const MOST_AT_ONCE: usize = 16;
const DATABASES: &str = "https://api.astra.datastax.com/v2/databases";

/// Which server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Astra,
    /// A Hyper-Converged Database.
    Hcd,
}

impl Server {
    fn name(self) -> &'static str {
        match self {
            Self::Astra => ASTRA,
            Self::Hcd => "HCD",
        }
    }

    /// Where the API is below the address of the database.
    fn path(self) -> &'static str {
        match self {
            Self::Astra => "/api/json/v1",
            Self::Hcd => "/v1",
        }
    }
}

/// How a collection is made that is not there.
#[derive(Clone, Debug)]
pub struct Making {
    /// `cosine`, `dot_product` or `euclidean`. Empty: what is usual with the server.
    pub metric: String,
    /// Which fields are indexed, in the language of the Data API.
    pub indexing: Json,
}

/// How documents are sent.
#[derive(Clone, Copy, Debug)]
pub struct Sending {
    /// Documents in one call, at most 50.
    pub batch: usize,
    /// Calls at the same time, at most 16.
    pub at_once: usize,
}

impl Default for Sending {
    fn default() -> Self {
        Self { batch: BATCH, at_once: 1 }
    }
}

/// The token of a user with a password.
pub fn password_token(username: &str, password: &Secret) -> Secret {
    Secret::new(format!("Cassandra:{}:{}", STANDARD.encode(username), STANDARD.encode(password.expose())))
}

/// A collection.
#[derive(Clone, Debug)]
pub struct AstraCollection {
    pub server: Server,
    /// Of the database, without the path of the API.
    pub endpoint: String,
    pub keyspace: String,
    pub collection: String,
    pub token: Secret,
    /// Field of a document that holds its text.
    pub content_field: String,
    /// For hybrid search: terms that have to occur.
    pub lexical: Option<String>,
    /// Makes the collection with the first vectors. `None`: it has to be there.
    pub making: Option<Making>,
    pub sending: Sending,
    pub egress: Arc<dyn Egress>,
}

/// The endpoint of the database with this name.
pub async fn find_endpoint(name: &str, token: &Secret, egress: &dyn Egress) -> Result<String, Fault> {
    let call = Call::get(DATABASES).bearer(token).timeout(Duration::from_secs(30));
    let databases = call.send_json(egress, ASTRA, ANSWER_BYTES).await?;
    let text = |json: &Json, pointer: &str| json.pointer(pointer).and_then(Json::as_str).map(str::to_owned);
    databases
        .as_array()
        .into_iter()
        .flatten()
        .find(|database| text(database, "/info/name").as_deref() == Some(name))
        .and_then(|database| {
            let (id, region) = (text(database, "/id")?, text(database, "/info/region")?);
            Some(format!("https://{id}-{region}.apps.astra.datastax.com"))
        })
        .ok_or_else(|| {
            Fault::missing(format!("there is no database '{name}' in Astra DB")).at_field("database_name")
        })
}

impl AstraCollection {
    /// A command to the collection.
    async fn command(&self, name: &str, command: Json) -> Result<Json, Fault> {
        self.post(&format!("/{}", self.collection), name, command).await
    }

    async fn post(&self, path: &str, name: &str, command: Json) -> Result<Json, Fault> {
        let service = self.server.name();
        let root = self.endpoint.trim_end_matches('/');
        let url = format!("{root}{}/{}{path}", self.server.path(), self.keyspace);
        let mut body = JsonMap::new();
        body.insert(name.to_owned(), command);
        let call = Call::post(url).secret_header("token", self.token.expose()).json(&Json::Object(body));
        let answer = call.send_json(&*self.egress, service, ANSWER_BYTES).await?;
        let errors = answer.get("errors").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let real = errors.iter().find(|error| !self.is_harmless(error));
        match real {
            Some(error) => {
                let said = error.get("message").and_then(Json::as_str).unwrap_or("no reason given");
                Err(Fault::new(FaultKind::Invalid, format!("{service} refused: {said}")))
            }
            None => Ok(answer),
        }
    }

    fn is_harmless(&self, error: &Json) -> bool {
        match error.get("errorCode").and_then(Json::as_str) {
            // Ids are made of the content: what is there already is the same.
            Some("DOCUMENT_ALREADY_EXISTS") => true,
            // Made by others in their way; whether the vectors fit shows when they are stored.
            Some("EXISTING_COLLECTION_DIFFERENT_SETTINGS") => self.making.is_some(),
            // Nothing is found in a collection that is not made yet.
            Some("COLLECTION_NOT_EXIST") => self.making.is_some(),
            _ => false,
        }
    }

    async fn ensure(&self, dimension: usize) -> Result<(), Fault> {
        let Some(making) = self.making.as_ref().filter(|_| dimension > 0) else { return Ok(()) };
        let mut vector = json!({ "dimension": dimension });
        if let (Some(vector), false) = (vector.as_object_mut(), making.metric.is_empty()) {
            vector.insert("metric".into(), json!(making.metric));
        }
        let options = json!({ "vector": vector, "indexing": making.indexing });
        self.post("", "createCollection", json!({ "name": self.collection, "options": options }))
            .await
            .map(drop)
    }

    /// Removes the collection with all that is in it; one that is not there may be removed.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn remove(&self) -> Result<(), Fault> {
        self.post("", "deleteCollection", json!({ "name": self.collection })).await.map(drop)
    }

    fn document(&self, record: VectorRecord) -> Json {
        let mut document = JsonMap::new();
        document.insert("_id".into(), json!(record.id));
        if record.vector.is_empty() {
            // The collection makes the vectors itself.
            document.insert("$vectorize".into(), json!(record.text));
        } else {
            document.insert("$vector".into(), json!(record.vector));
        }
        document.insert(self.content_field.clone(), json!(record.text));
        document.insert("metadata".into(), Json::Object(record.metadata));
        Json::Object(document)
    }

    fn hit(&self, document: &Json, score: f32) -> Hit {
        let text = |key: &str| document.get(key).and_then(Json::as_str);
        let metadata = match document.get("metadata") {
            Some(Json::Object(metadata)) => metadata.clone(),
            // Collections that others filled hold their fields side by side.
            _ => document
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(key, _)| !key.starts_with('$') && *key != "_id" && **key != self.content_field)
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        };
        Hit {
            id: text("_id")
                .map_or_else(|| document.get("_id").unwrap_or(&Json::Null).to_string(), str::to_owned),
            text: text(&self.content_field).or_else(|| text("$vectorize")).unwrap_or_default().to_owned(),
            metadata,
            score,
            vector: super::floats(document.get("$vector")),
        }
    }

    async fn find(&self, query: &VectorQuery) -> Result<Vec<Hit>, Fault> {
        let mut find = JsonMap::new();
        if let Some(filter) = &query.filter {
            find.insert("filter".into(), filter.clone());
        }
        if let Some(vector) = &query.vector {
            find.insert("sort".into(), json!({ "$vector": vector }));
        } else if let Some(text) = &query.text {
            find.insert("sort".into(), json!({ "$vectorize": text }));
        }
        find.insert("projection".into(), json!({ "$vectorize": 1, "*": 1 }));
        find.insert("options".into(), json!({ "limit": query.limit, "includeSimilarity": true }));
        let answer = self.command("find", Json::Object(find)).await?;
        let documents = answer.pointer("/data/documents").and_then(Json::as_array);
        Ok(documents
            .into_iter()
            .flatten()
            .map(|document| {
                let score = document.get("$similarity").and_then(Json::as_f64).unwrap_or_default();
                self.hit(document, score as f32)
            })
            .collect())
    }

    /// Vector and lexical search in one, ordered by a reranker of the server.
    async fn find_and_rerank(&self, query: &VectorQuery, lexical: &str) -> Result<Vec<Hit>, Fault> {
        let mut hybrid = JsonMap::new();
        match &query.vector {
            Some(vector) => hybrid.insert("$vector".into(), json!(vector)),
            None => hybrid.insert("$vectorize".into(), json!(query.text)),
        };
        hybrid.insert("$lexical".into(), json!(lexical));
        let mut options = json!({ "limit": query.limit, "includeScores": true });
        if query.vector.is_some()
            && let Some(map) = options.as_object_mut()
        {
            map.insert("rerankOn".into(), json!(self.content_field));
            map.insert("rerankQuery".into(), json!(query.text));
        }
        let command = json!({
            "filter": query.filter.clone().unwrap_or_else(|| json!({})),
            "sort": { "$hybrid": hybrid },
            "options": options,
        });
        let answer = self.command("findAndRerank", command).await?;
        let documents = answer.pointer("/data/documents").and_then(Json::as_array).map(Vec::as_slice);
        let scores = answer.pointer("/status/documentResponses").and_then(Json::as_array).map(Vec::as_slice);
        let scores = scores.unwrap_or_default();
        Ok(documents
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(at, document)| {
                let score = scores.get(at).and_then(|score| score.pointer("/scores/$rerank")?.as_f64());
                self.hit(document, score.unwrap_or_default() as f32)
            })
            .collect())
    }
}

#[async_trait]
impl VectorIndex for AstraCollection {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        self.ensure(first.vector.len()).await?;
        let documents: Vec<Json> = records.into_iter().map(|record| self.document(record)).collect();
        let batches: Vec<&[Json]> = documents.chunks(self.sending.batch.clamp(1, BATCH)).collect();
        let insert = |batch: &&[Json]| {
            self.command("insertMany", json!({ "documents": batch, "options": { "ordered": false } }))
        };
        for some in batches.chunks(self.sending.at_once.clamp(1, MOST_AT_ONCE)) {
            try_join_all(some.iter().map(insert)).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        match self.lexical.as_deref().map(str::trim).filter(|terms| !terms.is_empty()) {
            Some(terms) => self.find_and_rerank(&query, terms).await,
            None => self.find(&query).await,
        }
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        for batch in ids.chunks(BATCH) {
            self.command("deleteMany", json!({ "filter": { "_id": { "$in": batch } } })).await?;
        }
        Ok(())
    }
}
