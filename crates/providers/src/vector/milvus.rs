//! Milvus and Zilliz Cloud, over the REST interface (v2).

use super::{floats, json_of, text_of};
use crate::http::Call;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;

const SERVICE: &str = "Milvus";
const BATCH: usize = 200;

/// A collection; it is made with the first records.
#[derive(Clone, Debug)]
pub struct MilvusCollection {
    pub base_url: String,
    /// `user:password` or an API key.
    pub token: Secret,
    pub collection: String,
    pub primary_field: String,
    pub text_field: String,
    pub vector_field: String,
    pub consistency: String,
    pub egress: Arc<dyn Egress>,
}

impl MilvusCollection {
    /// Refusals come with status 200 and a code.
    async fn ask(&self, path: &str, body: &Json) -> Result<Json, Fault> {
        let url = format!("{}/v2/vectordb{path}", self.base_url.trim_end_matches('/'));
        let call = Call::post(url).bearer(&self.token).json(body);
        let answer = json_of(call, &*self.egress, SERVICE).await?;
        match answer.get("code").and_then(Json::as_i64) {
            Some(0 | 200) | None => Ok(answer.get("data").cloned().unwrap_or_default()),
            Some(code) => {
                let kind =
                    if matches!(code, 1800 | 80001) { FaultKind::Unauthorised } else { FaultKind::Invalid };
                Err(Fault::new(
                    kind,
                    format!("{SERVICE} refused the request: {}", text_of(answer.get("message"))),
                ))
            }
        }
    }

    async fn ensure(&self, dimension: usize) -> Result<(), Fault> {
        let name = json!({ "collectionName": self.collection });
        let is_there = self.ask("/collections/has", &name).await?;
        if is_there.get("has").and_then(Json::as_bool).unwrap_or_default() {
            return Ok(());
        }
        let body = json!({
            "collectionName": self.collection,
            "dimension": dimension,
            "metricType": "COSINE",
            "idType": "VarChar",
            "autoID": false,
            "primaryFieldName": self.primary_field,
            "vectorFieldName": self.vector_field,
            "params": { "max_length": 100, "consistencyLevel": self.consistency },
        });
        self.ask("/collections/create", &body).await.map(drop)
    }
}

/// A text in a filter.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn expression(filter: &JsonMap) -> String {
    let equal = filter.iter().map(|(key, value)| match value {
        Json::String(text) => format!("{key} == {}", quoted(text)),
        other => format!("{key} == {other}"),
    });
    equal.collect::<Vec<_>>().join(" and ")
}

#[async_trait]
impl VectorIndex for MilvusCollection {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        self.ensure(first.vector.len()).await?;
        for batch in records.chunks(BATCH) {
            let rows: Vec<Json> = batch
                .iter()
                .map(|record| {
                    let mut row = record.metadata.clone();
                    row.insert(self.primary_field.clone(), json!(record.id));
                    row.insert(self.text_field.clone(), json!(record.text));
                    row.insert(self.vector_field.clone(), json!(record.vector));
                    Json::Object(row)
                })
                .collect();
            let body = json!({ "collectionName": self.collection, "data": rows });
            self.ask("/entities/upsert", &body).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = super::needs_vector(query.vector, SERVICE)?;
        let mut body = json!({
            "collectionName": self.collection,
            "data": [vector],
            "annsField": self.vector_field,
            "limit": query.limit,
            "outputFields": ["*"],
        });
        if let (Some(Json::Object(filter)), Some(map)) = (query.filter, body.as_object_mut())
            && !filter.is_empty()
        {
            map.insert("filter".into(), json!(expression(&filter)));
        }
        let rows = self.ask("/entities/search", &body).await?;
        Ok(rows
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_object)
            .map(|row| {
                let mut metadata = row.clone();
                let mut take = |key: &str| metadata.shift_remove(key);
                let (id, text) = (take(&self.primary_field), take(&self.text_field));
                let (vector, distance) = (take(&self.vector_field), take("distance"));
                // The service names the key `id` too.
                take("id");
                Hit {
                    id: text_of(id.as_ref().or_else(|| row.get("id"))),
                    text: text_of(text.as_ref()),
                    metadata,
                    score: distance.and_then(|distance| distance.as_f64()).unwrap_or_default() as f32,
                    vector: floats(vector.as_ref()),
                }
            })
            .collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        let ids: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
        let filter = format!("{} in [{}]", self.primary_field, ids.join(", "));
        let body = json!({ "collectionName": self.collection, "filter": filter });
        self.ask("/entities/delete", &body).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_their_quotes() {
        let filter = json!({ "a": "x\" or \"1\" == \"1", "n": 3 });
        assert_eq!(
            expression(filter.as_object().unwrap()),
            "a == \"x\\\" or \\\"1\\\" == \\\"1\" and n == 3"
        );
    }
}
