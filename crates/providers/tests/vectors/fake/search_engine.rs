//! The interface of OpenSearch and Elasticsearch.

use super::{Ask, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

pub fn search_engine(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let field = if ask.path.starts_with("/os") { "chunk_embedding" } else { "vector" };
    match (ask.method, &ask.path[3..]) {
        ("HEAD", "") => (if memory.is_made { 200 } else { 404 }, Json::Null),
        ("PUT", "") => {
            memory.is_made = true;
            (200, json!({"acknowledged": true}))
        }
        ("POST", "/_bulk") => {
            let mut lines = ask.lines.iter();
            while let Some(line) = lines.next() {
                if let Some(index) = line.get("index") {
                    let document = lines.next().unwrap();
                    memory.put(&index["_id"], &document[field], object(document));
                } else {
                    memory.remove(&json!([line["delete"]["_id"]]));
                }
            }
            (200, json!({"errors": false, "items": []}))
        }
        ("POST", "/_search") if !memory.is_made => (404, json!({"error": {"reason": "no such index"}})),
        ("POST", "/_search") => {
            let near = if field == "vector" {
                ask.body["knn"].clone()
            } else {
                ask.body["query"]["bool"]["should"][0]["knn"][field].clone()
            };
            let vector = near.get("query_vector").or_else(|| near.get("vector")).unwrap();
            let musts = list(near.pointer("/filter/bool/must").unwrap_or(&near["filter"]));
            let mut found = memory.nearest(vector, &json!(100), &JsonMap::new());
            found.retain(|(_, record, _)| {
                musts.iter().all(|must| {
                    let (key, value) = must["match"].as_object().unwrap().iter().next().unwrap();
                    let pointer = format!("/{}", key.replace('.', "/"));
                    json!(record.fields).pointer(&pointer) == Some(value)
                })
            });
            found.truncate(usize::try_from(ask.body["size"].as_u64().unwrap()).unwrap());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| json!({"_id": id, "_score": score, "_source": record.fields}))
                .collect();
            (200, json!({"hits": {"hits": shown}}))
        }
        other => panic!("{other:?}"),
    }
}
