//! The interface of Qdrant.

use super::{Ask, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

pub fn qdrant(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match (ask.method, ask.path) {
        ("GET", "/collections/docs") if !memory.is_made => (404, json!({})),
        ("GET", "/collections/docs") => (200, json!({"result": {}})),
        ("PUT", "/collections/docs") => {
            memory.is_made = true;
            (200, json!({"result": true}))
        }
        ("PUT", "/collections/docs/points") => {
            for point in list(&ask.body["points"]) {
                memory.put(&point["id"], &point["vector"], object(&point["payload"]));
            }
            (200, json!({"result": {}}))
        }
        ("POST", "/collections/docs/points/query") => {
            let wanted = list(&ask.body["filter"]["must"]);
            let mut found = memory.nearest(&ask.body["query"], &json!(100), &JsonMap::new());
            found.retain(|(_, record, _)| {
                wanted.iter().all(|must| {
                    let key = must["key"].as_str().unwrap().strip_prefix("metadata.").unwrap();
                    record.fields["metadata"][key] == must["match"]["value"]
                })
            });
            found.truncate(usize::try_from(ask.body["limit"].as_u64().unwrap()).unwrap());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| json!({"id": id, "score": score, "payload": record.fields, "vector": record.vector}))
                .collect();
            (200, json!({"result": {"points": shown}}))
        }
        ("POST", "/collections/docs/points/delete") => {
            memory.remove(&ask.body["points"]);
            (200, json!({"result": {}}))
        }
        other => panic!("{other:?}"),
    }
}
