//! Supabase: a table with pgvector, and a function that searches it, over PostgREST.

use super::{floats, json_of, text_of};
use crate::http::Call;
use http::Method;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;

const SERVICE: &str = "Supabase";
const BATCH: usize = 200;

/// A table of documents (`id`, `content`, `metadata`, `embedding`).
#[derive(Clone, Debug)]
pub struct SupabaseTable {
    pub base_url: String,
    pub key: Secret,
    pub table: String,
    /// The function that searches: takes `query_embedding` and `filter`, gives rows with `similarity`.
    pub function: String,
    pub egress: Arc<dyn Egress>,
}

impl SupabaseTable {
    fn call(&self, method: Method, path: &str) -> Call {
        let url = format!("{}/rest/v1/{path}", self.base_url.trim_end_matches('/'));
        Call::new(method, url).secret_header("apikey", self.key.expose()).bearer(&self.key)
    }
}

#[async_trait]
impl VectorIndex for SupabaseTable {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        for batch in records.chunks(BATCH) {
            let rows: Vec<Json> = batch
                .iter()
                .map(|record| {
                    json!({
                        "id": record.id, "content": record.text, "metadata": record.metadata,
                        "embedding": record.vector,
                    })
                })
                .collect();
            let call = self.call(Method::POST, &self.table);
            let call = call.header("prefer", "resolution=merge-duplicates,return=minimal").json(&json!(rows));
            call.send_ok(&*self.egress, SERVICE).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = super::needs_vector(query.vector, SERVICE)?;
        let limit = query.limit.to_string();
        let body = json!({ "query_embedding": vector, "filter": query.filter.unwrap_or_else(|| json!({})) });
        let call = self.call(Method::POST, &format!("rpc/{}", self.function));
        let rows = json_of(call.query(&[("limit", &limit)]).json(&body), &*self.egress, SERVICE).await?;
        Ok(rows
            .as_array()
            .into_iter()
            .flatten()
            .map(|row| Hit {
                id: text_of(row.get("id")),
                text: text_of(row.get("content")),
                metadata: row.get("metadata").and_then(Json::as_object).cloned().unwrap_or_default(),
                score: row.get("similarity").and_then(Json::as_f64).unwrap_or_default() as f32,
                vector: floats(row.get("embedding")),
            })
            .collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        let quoted: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.replace('"', "\\\""))).collect();
        let filter = format!("in.({})", quoted.join(","));
        self.call(Method::DELETE, &self.table)
            .query(&[("id", &filter)])
            .send_ok(&*self.egress, SERVICE)
            .await?;
        Ok(())
    }
}
