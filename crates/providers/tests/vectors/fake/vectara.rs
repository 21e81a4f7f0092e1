//! The interface of Vectara.

use super::{Ask, Memory, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

/// The service that makes vectors itself knows what the suite says.
fn meaning(text: &str) -> Json {
    match text {
        "east" => json!([1.0, 0.0]),
        "north" => json!([0.0, 1.0]),
        "north-east" => json!([0.8, 0.6]),
        "west" => json!([-1.0, 0.0]),
        other => panic!("{other}"),
    }
}

pub fn vectara(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let root = "/v2/corpora";
    match (ask.method, ask.path.strip_prefix(root).unwrap()) {
        // The first page of the list does not hold it.
        ("GET", "") if !ask.query.contains("page_key") => {
            (200, json!({"corpora": [{"id": "crp_6", "key": "other"}], "metadata": {"page_key": "second"}}))
        }
        ("GET", "") => (200, json!({"corpora": [{"id": "crp_7", "key": "docs"}], "metadata": {}})),
        ("POST", "/docs/documents") => {
            assert_eq!(ask.body["type"], "core");
            if memory.records.contains_key(ask.body["id"].as_str().unwrap()) {
                return (409, json!({"messages": ["there already"]}));
            }
            let part = &ask.body["document_parts"][0];
            memory.put(&ask.body["id"], &meaning(part["text"].as_str().unwrap()), object(part));
            (201, json!({"id": ask.body["id"]}))
        }
        ("POST", "/docs/query") => {
            let vector = meaning(ask.body["query"].as_str().unwrap());
            let found = memory.nearest(&vector, &ask.body["search"]["limit"], &JsonMap::new());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| {
                    json!({
                        "document_id": id, "text": record.fields["text"], "score": score, "document_metadata": {},
                        "part_metadata": record.fields["metadata"], "request_corpora_index": 0,
                    })
                })
                .collect();
            (200, json!({"search_results": shown}))
        }
        ("DELETE", path) => {
            let id = path.strip_prefix("/docs/documents/").unwrap();
            let known = memory.records.remove(id).is_some();
            (if known { 204 } else { 404 }, Json::Null)
        }
        other => panic!("{other:?}"),
    }
}
