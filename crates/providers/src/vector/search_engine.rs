//! OpenSearch and Elasticsearch: indexes with a vector field.

use super::{floats, json_of, text_of};
use crate::http::Call;
use http::Method;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::run::ports::CallOptions;
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const BATCH: usize = 200;

/// Which of the two, with what its mapping says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    OpenSearch { engine: String, space: String, ef_construction: u64, m: u64 },
    Elasticsearch,
}

/// How the server knows the caller.
#[derive(Clone, Debug)]
pub enum Login {
    Nobody,
    Basic {
        username: String,
        password: Secret,
    },
    /// A header and its whole value.
    Header {
        name: String,
        value: Secret,
    },
}

/// An index; it is made with the first records.
#[derive(Clone, Debug)]
pub struct SearchIndex {
    pub engine: Engine,
    pub base_url: String,
    pub login: Login,
    pub index: String,
    pub text_field: String,
    pub vector_field: String,
    pub verify_certs: bool,
    pub timeout: Duration,
    pub egress: Arc<dyn Egress>,
}

impl SearchIndex {
    fn service(&self) -> &'static str {
        match self.engine {
            Engine::OpenSearch { .. } => "OpenSearch",
            Engine::Elasticsearch => "Elasticsearch",
        }
    }

    fn call(&self, method: Method, path: &str) -> Call {
        let options = CallOptions {
            timeout: self.timeout,
            accept_invalid_certs: !self.verify_certs,
            ..CallOptions::default()
        };
        let url = format!("{}/{}{path}", self.base_url.trim_end_matches('/'), self.index);
        let call = Call::new(method, url).options(options);
        match &self.login {
            Login::Nobody => call,
            Login::Basic { username, password } => call.basic(username, password),
            Login::Header { name, value } => call.secret_header(name, value.expose()),
        }
    }

    async fn ensure(&self, dimension: usize) -> Result<(), Fault> {
        let head = self.call(Method::HEAD, "").send(&*self.egress).await?;
        if head.status.is_success() {
            return Ok(());
        }
        if head.status != http::StatusCode::NOT_FOUND {
            return Err(crate::http::remote_fault(self.service(), head).await);
        }
        let vector = match &self.engine {
            Engine::OpenSearch { engine, space, ef_construction, m } => json!({
                "type": "knn_vector",
                "dimension": dimension,
                "method": {
                    "name": if engine == "jvector" { "disk_ann" } else { "hnsw" },
                    "space_type": space,
                    "engine": engine,
                    "parameters": { "ef_construction": ef_construction, "m": m },
                },
            }),
            Engine::Elasticsearch => {
                json!({ "type": "dense_vector", "dims": dimension, "index": true, "similarity": "cosine" })
            }
        };
        let mut properties = JsonMap::new();
        properties.insert(self.vector_field.clone(), vector);
        properties.insert(self.text_field.clone(), json!({ "type": "text" }));
        let mut body = json!({ "mappings": { "properties": properties } });
        if let (Engine::OpenSearch { .. }, Some(map)) = (&self.engine, body.as_object_mut()) {
            map.insert("settings".into(), json!({ "index": { "knn": true } }));
        }
        json_of(self.call(Method::PUT, "").json(&body), &*self.egress, self.service()).await.map(drop)
    }

    /// Sends lines of a bulk request, and finds the first refusal in the answer.
    async fn bulk(&self, lines: &[Json]) -> Result<(), Fault> {
        let mut body = String::new();
        for line in lines {
            body.push_str(&line.to_string());
            body.push('\n');
        }
        let call = self.call(Method::POST, "/_bulk").query(&[("refresh", "wait_for")]);
        let answer = json_of(call.body("application/x-ndjson", body), &*self.egress, self.service()).await?;
        if answer.get("errors").and_then(Json::as_bool) != Some(true) {
            return Ok(());
        }
        let items = answer.get("items").and_then(Json::as_array);
        let refused = items.into_iter().flatten().find_map(|item| {
            item.as_object()?.values().next()?.pointer("/error/reason").map(|why| text_of(Some(why)))
        });
        match refused {
            Some(why) => Err(Fault::invalid(format!("{} refused a record: {why}", self.service()))),
            // Documents that were not there to be deleted.
            None => Ok(()),
        }
    }

    fn document(&self, record: &VectorRecord) -> Json {
        let mut document = match self.engine {
            Engine::OpenSearch { .. } => record.metadata.clone(),
            Engine::Elasticsearch => [("metadata".to_owned(), json!(record.metadata))].into_iter().collect(),
        };
        document.insert(self.text_field.clone(), json!(record.text));
        document.insert(self.vector_field.clone(), json!(record.vector));
        Json::Object(document)
    }

    fn question(&self, vector: &[f32], query: &VectorQuery) -> Json {
        let filter: Vec<Json> = match &query.filter {
            Some(Json::Object(filter)) => filter
                .iter()
                .map(|(key, value)| json!({ "match": { self.metadata_key(key): value } }))
                .collect(),
            _ => Vec::new(),
        };
        match self.engine {
            Engine::OpenSearch { .. } => {
                let mut near = json!({ self.vector_field.clone(): { "vector": vector, "k": query.limit } });
                if let Some(field) = near.get_mut(&self.vector_field).and_then(Json::as_object_mut)
                    && !filter.is_empty()
                {
                    field.insert("filter".into(), json!({ "bool": { "must": filter } }));
                }
                let mut should = vec![json!({ "knn": near })];
                if let Some(text) = query.text.as_ref().filter(|_| query.hybrid) {
                    should.push(json!({ "match": { self.text_field.clone(): text } }));
                }
                json!({ "size": query.limit, "query": { "bool": { "should": should } } })
            }
            Engine::Elasticsearch => json!({
                "size": query.limit,
                "knn": {
                    "field": self.vector_field, "query_vector": vector, "k": query.limit,
                    "num_candidates": (query.limit * 10).clamp(50, 10_000), "filter": filter,
                },
            }),
        }
    }

    fn metadata_key(&self, key: &str) -> String {
        match self.engine {
            Engine::OpenSearch { .. } => key.to_owned(),
            Engine::Elasticsearch => format!("metadata.{key}"),
        }
    }

    async fn find(&self, question: &Json) -> Result<Vec<Hit>, Fault> {
        let call = self.call(Method::POST, "/_search").json(question);
        let answer = match json_of(call, &*self.egress, self.service()).await {
            Err(fault) if fault.kind() == FaultKind::Missing => return Ok(Vec::new()),
            answer => answer?,
        };
        let hits = answer.pointer("/hits/hits").and_then(Json::as_array);
        Ok(hits.into_iter().flatten().map(|hit| self.hit(hit)).collect())
    }

    fn hit(&self, hit: &Json) -> Hit {
        let mut document = hit.get("_source").and_then(Json::as_object).cloned().unwrap_or_default();
        let text = document.shift_remove(&self.text_field);
        let vector = document.shift_remove(&self.vector_field);
        let metadata = match (&self.engine, document.shift_remove("metadata")) {
            (Engine::Elasticsearch, Some(Json::Object(metadata))) => metadata,
            (_, Some(metadata)) => {
                document.insert("metadata".into(), metadata);
                document
            }
            (_, None) => document,
        };
        Hit {
            id: text_of(hit.get("_id")),
            text: text_of(text.as_ref()),
            metadata,
            score: hit.get("_score").and_then(Json::as_f64).unwrap_or_default() as f32,
            vector: floats(vector.as_ref()),
        }
    }
}

#[async_trait]
impl VectorIndex for SearchIndex {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        self.ensure(first.vector.len()).await?;
        for batch in records.chunks(BATCH) {
            let lines: Vec<Json> = batch
                .iter()
                .flat_map(|record| [json!({ "index": { "_id": record.id } }), self.document(record)])
                .collect();
            self.bulk(&lines).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = super::needs_vector(query.vector.clone(), self.service())?;
        self.find(&self.question(&vector, &query)).await
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        for batch in ids.chunks(BATCH) {
            let lines: Vec<Json> = batch.iter().map(|id| json!({ "delete": { "_id": id } })).collect();
            self.bulk(&lines).await?;
        }
        Ok(())
    }

    async fn some(&self, limit: usize) -> Result<Vec<Hit>, Fault> {
        self.find(&json!({ "size": limit, "query": { "match_all": {} } })).await
    }
}
