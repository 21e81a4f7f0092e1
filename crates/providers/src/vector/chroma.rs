//! Chroma server, over its REST interface (v2).

use super::{floats, json_of, text_of};
use crate::http::Call;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;

const SERVICE: &str = "Chroma";
const BATCH: usize = 200;

/// A collection; it is made when it is first used.
#[derive(Clone, Debug)]
pub struct ChromaCollection {
    /// `http://host:port`.
    pub base_url: String,
    pub tenant: String,
    pub database: String,
    pub collection: String,
    /// Of hosted servers.
    pub token: Secret,
    pub egress: Arc<dyn Egress>,
}

impl ChromaCollection {
    async fn ask(&self, path: &str, body: &Json) -> Result<Json, Fault> {
        let url = format!(
            "{}/api/v2/tenants/{}/databases/{}/collections{path}",
            self.base_url.trim_end_matches('/'),
            self.tenant,
            self.database
        );
        let mut call = Call::post(url).json(body);
        if !self.token.is_empty() {
            call = call.secret_header("x-chroma-token", self.token.expose());
        }
        json_of(call, &*self.egress, SERVICE).await
    }

    /// The id of the collection.
    async fn open(&self) -> Result<String, Fault> {
        let body = json!({
            "name": self.collection, "get_or_create": true, "metadata": { "hnsw:space": "cosine" },
        });
        let made = self.ask("", &body).await?;
        made.get("id")
            .and_then(Json::as_str)
            .map(str::to_owned)
            .ok_or_else(|| super::unreadable(SERVICE, "it gives no collection"))
    }
}

/// Chroma keeps plain values only.
fn flat(metadata: &JsonMap) -> Json {
    let plain: JsonMap = metadata
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| match value {
            Json::Array(_) | Json::Object(_) => (key.clone(), json!(value.to_string())),
            plain => (key.clone(), plain.clone()),
        })
        .collect();
    // An empty object is refused.
    if plain.is_empty() { Json::Null } else { Json::Object(plain) }
}

#[async_trait]
impl VectorIndex for ChromaCollection {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        if records.is_empty() {
            return Ok(());
        }
        let id = self.open().await?;
        for batch in records.chunks(BATCH) {
            let body = json!({
                "ids": batch.iter().map(|record| &record.id).collect::<Vec<_>>(),
                "embeddings": batch.iter().map(|record| &record.vector).collect::<Vec<_>>(),
                "documents": batch.iter().map(|record| &record.text).collect::<Vec<_>>(),
                "metadatas": batch.iter().map(|record| flat(&record.metadata)).collect::<Vec<_>>(),
            });
            self.ask(&format!("/{id}/upsert"), &body).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = super::needs_vector(query.vector, SERVICE)?;
        let id = self.open().await?;
        let mut include = vec!["documents", "metadatas", "distances"];
        if query.with_vectors {
            include.push("embeddings");
        }
        let mut body = json!({ "query_embeddings": [vector], "n_results": query.limit, "include": include });
        if let (Some(filter), Some(map)) = (query.filter, body.as_object_mut()) {
            map.insert("where".into(), filter);
        }
        let answer = self.ask(&format!("/{id}/query"), &body).await?;
        let column = |key: &str| answer.pointer(&format!("/{key}/0")).and_then(Json::as_array);
        let at = |key: &str, n: usize| column(key).and_then(|column| column.get(n));
        let ids = column("ids").map(Vec::as_slice).unwrap_or_default();
        Ok(ids
            .iter()
            .enumerate()
            .map(|(n, id)| Hit {
                id: text_of(Some(id)),
                text: text_of(at("documents", n)),
                metadata: at("metadatas", n).and_then(Json::as_object).cloned().unwrap_or_default(),
                score: 1.0 - at("distances", n).and_then(Json::as_f64).unwrap_or(1.0) as f32,
                vector: floats(at("embeddings", n)),
            })
            .collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        let id = self.open().await?;
        self.ask(&format!("/{id}/delete"), &json!({ "ids": ids })).await.map(drop)
    }

    async fn known(&self, ids: Vec<String>) -> Result<Vec<String>, Fault> {
        let id = self.open().await?;
        let answer = self.ask(&format!("/{id}/get"), &json!({ "ids": ids, "include": [] })).await?;
        let known = answer.get("ids").and_then(Json::as_array);
        Ok(known.into_iter().flatten().map(|id| text_of(Some(id))).collect())
    }
}
