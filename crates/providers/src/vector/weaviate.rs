//! Weaviate.

use super::{floats, json_of, text_of};
use crate::http::Call;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;

const SERVICE: &str = "Weaviate";
const BATCH: usize = 100;
/// Properties that a search asks for.
const MOST_PROPERTIES: usize = 100;

/// A class; it is made with the first records.
#[derive(Clone, Debug)]
pub struct WeaviateClass {
    pub base_url: String,
    pub key: Secret,
    pub class: String,
    /// Property that holds the text.
    pub text_key: String,
    pub egress: Arc<dyn Egress>,
}

impl WeaviateClass {
    async fn send(&self, call: Call) -> Result<Json, Fault> {
        json_of(call.bearer(&self.key), &*self.egress, SERVICE).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1{path}", self.base_url.trim_end_matches('/'))
    }

    /// Names of the plain properties; `None`: there is no such class.
    async fn properties(&self) -> Result<Option<Vec<String>>, Fault> {
        match self.send(Call::get(self.url(&format!("/schema/{}", self.class)))).await {
            Ok(schema) => {
                let properties = schema.get("properties").and_then(Json::as_array);
                let plain = properties.into_iter().flatten().filter(|property| {
                    let kind = property.pointer("/dataType/0").and_then(Json::as_str).unwrap_or_default();
                    ["text", "string", "int", "number", "boolean", "date", "uuid", "text[]"].contains(&kind)
                });
                let names = plain.map(|property| text_of(property.get("name"))).filter(|name| is_name(name));
                Ok(Some(names.take(MOST_PROPERTIES).collect()))
            }
            Err(fault) if fault.kind() == FaultKind::Missing => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn object(&self, record: &VectorRecord) -> Json {
        let mut properties: JsonMap = record
            .metadata
            .iter()
            .filter(|(key, value)| is_name(key) && !value.is_null() && *key != "id")
            .map(|(key, value)| match value {
                Json::Object(_) | Json::Array(_) => (key.clone(), json!(value.to_string())),
                plain => (key.clone(), plain.clone()),
            })
            .collect();
        properties.insert(self.text_key.clone(), json!(record.text));
        json!({ "class": self.class, "id": record.id, "vector": record.vector, "properties": properties })
    }
}

/// What GraphQL takes as a name.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[async_trait]
impl VectorIndex for WeaviateClass {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        if records.is_empty() {
            return Ok(());
        }
        if self.properties().await?.is_none() {
            let class = json!({
                "class": self.class,
                "vectorizer": "none",
                "properties": [{ "name": self.text_key, "dataType": ["text"] }],
            });
            self.send(Call::post(self.url("/schema")).json(&class)).await?;
        }
        for batch in records.chunks(BATCH) {
            let objects: Vec<Json> = batch.iter().map(|record| self.object(record)).collect();
            let answer = self
                .send(Call::post(self.url("/batch/objects")).json(&json!({ "objects": objects })))
                .await?;
            // The batch is accepted even if none of its objects is.
            let refused =
                answer.as_array().into_iter().flatten().find_map(|object| {
                    object.pointer("/result/errors/error/0/message").and_then(Json::as_str)
                });
            if let Some(why) = refused {
                return Err(Fault::invalid(format!("{SERVICE} refused a record: {why}")));
            }
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = super::needs_vector(query.vector, SERVICE)?;
        if !is_name(&self.class) || !is_name(&self.text_key) {
            return Err(
                Fault::invalid("the class and the text key must be plain names").at_field("index_name")
            );
        }
        let Some(properties) = self.properties().await? else { return Ok(Vec::new()) };
        let extra = if query.with_vectors { " vector" } else { "" };
        let text = format!(
            "{{ Get {{ {}(nearVector: {{ vector: {} }}, limit: {}) {{ {} _additional {{ id distance{extra} }} }} }} }}",
            self.class,
            json!(vector),
            query.limit,
            properties.join(" ")
        );
        let answer = self.send(Call::post(self.url("/graphql")).json(&json!({ "query": text }))).await?;
        if let Some(why) = answer.pointer("/errors/0/message").and_then(Json::as_str) {
            return Err(Fault::invalid(format!("{SERVICE} refused the request: {why}")));
        }
        let found = answer.pointer(&format!("/data/Get/{}", self.class)).and_then(Json::as_array);
        let filter = query.filter.and_then(|filter| filter.as_object().cloned()).unwrap_or_default();
        Ok(found
            .into_iter()
            .flatten()
            .filter_map(Json::as_object)
            .map(|object| {
                let mut metadata = object.clone();
                let text = metadata.shift_remove(&self.text_key);
                let extra = metadata.shift_remove("_additional").unwrap_or_default();
                metadata.retain(|_, value| !value.is_null());
                Hit {
                    id: text_of(extra.get("id")),
                    text: text_of(text.as_ref()),
                    metadata,
                    score: 1.0 - extra.get("distance").and_then(Json::as_f64).unwrap_or(1.0) as f32,
                    vector: floats(extra.get("vector")),
                }
            })
            .filter(|hit| filter.iter().all(|(key, value)| hit.metadata.get(key) == Some(value)))
            .collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        for id in ids {
            let url = self.url(&format!("/objects/{}/{id}", self.class));
            let call = Call::new(http::Method::DELETE, url).bearer(&self.key);
            match call.send_ok(&*self.egress, SERVICE).await {
                Err(fault) if fault.kind() != FaultKind::Missing => return Err(fault),
                _ => {}
            }
        }
        Ok(())
    }
}
