//! Pinecone.

use super::{floats, json_of, text_of};
use crate::http::Call;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;

const SERVICE: &str = "Pinecone";
const CONTROL: &str = "https://api.pinecone.io";
const VERSION: &str = "2025-01";
const BATCH: usize = 100;

/// A namespace of an index.
#[derive(Clone, Debug)]
pub struct PineconeIndex {
    pub index: String,
    pub namespace: String,
    pub key: Secret,
    /// Key of the metadata that holds the text.
    pub text_key: String,
    pub egress: Arc<dyn Egress>,
}

impl PineconeIndex {
    fn authorised(&self, call: Call) -> Call {
        call.secret_header("api-key", self.key.expose()).header("x-pinecone-api-version", VERSION)
    }

    /// The index has a host of its own.
    async fn host(&self) -> Result<String, Fault> {
        let call = self.authorised(Call::get(format!("{CONTROL}/indexes/{}", self.index)));
        let index = json_of(call, &*self.egress, SERVICE).await?;
        match index.get("host").and_then(Json::as_str) {
            Some(host) => Ok(format!("https://{}", host.trim_start_matches("https://"))),
            None => Err(super::unreadable(SERVICE, "the index has no host yet")),
        }
    }

    async fn ask(&self, host: &str, path: &str, mut body: Json) -> Result<Json, Fault> {
        if let Some(map) = body.as_object_mut()
            && !self.namespace.is_empty()
        {
            map.insert("namespace".into(), json!(self.namespace));
        }
        json_of(self.authorised(Call::post(format!("{host}{path}")).json(&body)), &*self.egress, SERVICE)
            .await
    }

    fn metadata(&self, record: &VectorRecord) -> JsonMap {
        // Pinecone keeps plain values and lists of texts.
        let plain = record.metadata.iter().filter(|(_, value)| !value.is_null());
        let mut metadata: JsonMap = plain
            .map(|(key, value)| match value {
                Json::Object(_) => (key.clone(), json!(value.to_string())),
                Json::Array(items) if !items.iter().all(Json::is_string) => {
                    (key.clone(), json!(value.to_string()))
                }
                plain => (key.clone(), plain.clone()),
            })
            .collect();
        metadata.insert(self.text_key.clone(), json!(record.text));
        metadata
    }
}

#[async_trait]
impl VectorIndex for PineconeIndex {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        if records.is_empty() {
            return Ok(());
        }
        let host = self.host().await?;
        for batch in records.chunks(BATCH) {
            let vectors: Vec<Json> = batch
                .iter()
                .map(|record| json!({ "id": record.id, "values": record.vector, "metadata": self.metadata(record) }))
                .collect();
            self.ask(&host, "/vectors/upsert", json!({ "vectors": vectors })).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = super::needs_vector(query.vector, SERVICE)?;
        let mut body = json!({
            "vector": vector, "topK": query.limit, "includeMetadata": true, "includeValues": query.with_vectors,
        });
        if let (Some(filter), Some(map)) = (query.filter, body.as_object_mut()) {
            map.insert("filter".into(), filter);
        }
        let answer = self.ask(&self.host().await?, "/query", body).await?;
        let matches = answer.get("matches").and_then(Json::as_array);
        Ok(matches
            .into_iter()
            .flatten()
            .map(|found| {
                let mut metadata =
                    found.get("metadata").and_then(Json::as_object).cloned().unwrap_or_default();
                let text = metadata.shift_remove(&self.text_key);
                Hit {
                    id: text_of(found.get("id")),
                    text: text_of(text.as_ref()),
                    metadata,
                    score: found.get("score").and_then(Json::as_f64).unwrap_or_default() as f32,
                    vector: floats(found.get("values")).filter(|vector| !vector.is_empty()),
                }
            })
            .collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        self.ask(&self.host().await?, "/vectors/delete", json!({ "ids": ids })).await.map(drop)
    }
}
