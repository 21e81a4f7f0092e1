//! Qdrant.

use super::floats;
use crate::http::Call;
use http::Method;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;

const SERVICE: &str = "Qdrant";
const ANSWER_BYTES: usize = 64 * 1024 * 1024;
const BATCH: usize = 200;

/// A collection. It is made with the first records, if it is not there.
#[derive(Clone, Debug)]
pub struct QdrantCollection {
    pub base_url: String,
    pub collection: String,
    pub key: Secret,
    /// `Cosine`, `Euclid` or `Dot`.
    pub distance: String,
    /// Fields of a point that hold text and metadata.
    pub content_key: String,
    pub metadata_key: String,
    pub egress: Arc<dyn Egress>,
}

impl QdrantCollection {
    fn call(&self, method: Method, path: &str) -> Call {
        let url = format!("{}/collections/{}{path}", self.base_url.trim_end_matches('/'), self.collection);
        let call = Call::new(method, url);
        if self.key.is_empty() { call } else { call.secret_header("api-key", self.key.expose()) }
    }

    async fn ensure(&self, size: usize) -> Result<(), Fault> {
        match self.call(Method::GET, "").send_json(&*self.egress, SERVICE, ANSWER_BYTES).await {
            Ok(_) => Ok(()),
            Err(fault) if fault.kind() == FaultKind::Missing => {
                let body = json!({ "vectors": { "size": size, "distance": self.distance } });
                self.call(Method::PUT, "")
                    .json(&body)
                    .send_json(&*self.egress, SERVICE, ANSWER_BYTES)
                    .await?;
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    fn payload(&self, record: &VectorRecord) -> Json {
        let mut payload = JsonMap::new();
        payload.insert(self.content_key.clone(), json!(record.text));
        payload.insert(self.metadata_key.clone(), Json::Object(record.metadata.clone()));
        Json::Object(payload)
    }
}

#[async_trait]
impl VectorIndex for QdrantCollection {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        self.ensure(first.vector.len()).await?;
        for batch in records.chunks(BATCH) {
            let points: Vec<Json> = batch
                .iter()
                .map(|record| json!({ "id": record.id, "vector": record.vector, "payload": self.payload(record) }))
                .collect();
            self.call(Method::PUT, "/points")
                .query(&[("wait", "true")])
                .json(&json!({ "points": points }))
                .send_json(&*self.egress, SERVICE, ANSWER_BYTES)
                .await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = query
            .vector
            .ok_or_else(|| Fault::missing("Qdrant searches by vector: connect an embedding model"))?;
        let mut body = json!({ "query": vector, "limit": query.limit, "with_payload": true, "with_vector": query.with_vectors });
        if let (Some(Json::Object(filter)), Some(map)) = (query.filter, body.as_object_mut()) {
            let must: Vec<Json> = filter
                .into_iter()
                .map(|(key, value)| json!({ "key": format!("{}.{key}", self.metadata_key), "match": { "value": value } }))
                .collect();
            map.insert("filter".into(), json!({ "must": must }));
        }
        let call = self.call(Method::POST, "/points/query").json(&body);
        let answer = call.send_json(&*self.egress, SERVICE, ANSWER_BYTES).await?;
        let points = answer.pointer("/result/points").and_then(Json::as_array);
        Ok(points
            .into_iter()
            .flatten()
            .map(|point| {
                let payload = |key: &str| point.get("payload").and_then(|payload| payload.get(key));
                Hit {
                    id: point
                        .get("id")
                        .map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned))
                        .unwrap_or_default(),
                    text: payload(&self.content_key).and_then(Json::as_str).unwrap_or_default().to_owned(),
                    metadata: payload(&self.metadata_key)
                        .and_then(Json::as_object)
                        .cloned()
                        .unwrap_or_default(),
                    score: point.get("score").and_then(Json::as_f64).unwrap_or_default() as f32,
                    vector: floats(point.get("vector")),
                }
            })
            .collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        let call = self.call(Method::POST, "/points/delete").query(&[("wait", "true")]);
        call.json(&json!({ "points": ids })).send_json(&*self.egress, SERVICE, ANSWER_BYTES).await?;
        Ok(())
    }
}
