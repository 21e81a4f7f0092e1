//! Upstash Vector.

use super::{floats, json_of, text_of};
use crate::http::Call;
use http::Method;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;

const SERVICE: &str = "Upstash";
const BATCH: usize = 100;

/// A namespace of an index. Without vectors the index makes them itself, if it was made so.
#[derive(Clone, Debug)]
pub struct UpstashIndex {
    pub base_url: String,
    pub token: Secret,
    pub namespace: String,
    /// Key of the metadata that holds the text.
    pub text_key: String,
    /// A condition in the language of the service.
    pub condition: String,
    pub egress: Arc<dyn Egress>,
}

impl UpstashIndex {
    async fn ask(&self, method: Method, verb: &str, body: &Json) -> Result<Json, Fault> {
        let root = self.base_url.trim_end_matches('/');
        let url = if self.namespace.is_empty() {
            format!("{root}/{verb}")
        } else {
            format!("{root}/{verb}/{}", self.namespace)
        };
        let call = Call::new(method, url).bearer(&self.token).json(body);
        let answer = json_of(call, &*self.egress, SERVICE).await?;
        Ok(answer.get("result").cloned().unwrap_or_default())
    }
}

#[async_trait]
impl VectorIndex for UpstashIndex {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        for batch in records.chunks(BATCH) {
            let makes_vectors = batch.iter().any(|record| record.vector.is_empty());
            let items: Vec<Json> = batch
                .iter()
                .map(|record| {
                    let mut metadata = record.metadata.clone();
                    metadata.insert(self.text_key.clone(), json!(record.text));
                    if makes_vectors {
                        json!({ "id": record.id, "data": record.text, "metadata": metadata })
                    } else {
                        json!({ "id": record.id, "vector": record.vector, "metadata": metadata })
                    }
                })
                .collect();
            let verb = if makes_vectors { "upsert-data" } else { "upsert" };
            self.ask(Method::POST, verb, &json!(items)).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let mut body = json!({
            "topK": query.limit, "includeMetadata": true, "includeVectors": query.with_vectors,
        });
        let verb = if query.vector.is_some() { "query" } else { "query-data" };
        if let Some(map) = body.as_object_mut() {
            match query.vector {
                Some(vector) => map.insert("vector".into(), json!(vector)),
                None => map.insert("data".into(), json!(query.text)),
            };
            if !self.condition.trim().is_empty() {
                map.insert("filter".into(), json!(self.condition));
            }
        }
        let found = self.ask(Method::POST, verb, &body).await?;
        Ok(found
            .as_array()
            .into_iter()
            .flatten()
            .map(|item| {
                let mut metadata =
                    item.get("metadata").and_then(Json::as_object).cloned().unwrap_or_default();
                let text = metadata.shift_remove(&self.text_key);
                Hit {
                    id: text_of(item.get("id")),
                    text: text_of(text.as_ref().or_else(|| item.get("data"))),
                    metadata,
                    score: item.get("score").and_then(Json::as_f64).unwrap_or_default() as f32,
                    vector: floats(item.get("vector")),
                }
            })
            .collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        self.ask(Method::DELETE, "delete", &json!({ "ids": ids })).await.map(drop)
    }
}
