//! The interface of Upstash.

use super::{Ask, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

pub fn upstash(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let result = match (ask.method, ask.path) {
        ("POST", "/upsert/n") => {
            for item in list(&ask.body) {
                memory.put(&item["id"], &item["vector"], object(&item["metadata"]));
            }
            json!("Success")
        }
        ("POST", "/query/n") => memory
            .nearest(&ask.body["vector"], &ask.body["topK"], &JsonMap::new())
            .into_iter()
            .map(|(id, record, score)| json!({"id": id, "score": score, "metadata": record.fields, "vector": record.vector}))
            .collect(),
        ("DELETE", "/delete/n") => {
            memory.remove(&ask.body["ids"]);
            json!({"deleted": 1})
        }
        other => panic!("{other:?}"),
    };
    (200, json!({"result": result}))
}
