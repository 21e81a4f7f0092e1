//! The interface of Weaviate.

use super::{Ask, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

pub fn weaviate(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match (ask.method, ask.path) {
        ("GET", "/v1/schema/Docs") if !memory.is_made => (404, json!({})),
        ("GET", "/v1/schema/Docs") => {
            let property = |name: &str, kind: &str| json!({"name": name, "dataType": [kind]});
            (200, json!({"class": "Docs", "properties": [property("text", "text"), property("n", "number")]}))
        }
        ("POST", "/v1/schema") => {
            memory.is_made = true;
            (200, json!({}))
        }
        ("POST", "/v1/batch/objects") => {
            for item in list(&ask.body["objects"]) {
                memory.put(&item["id"], &item["vector"], object(&item["properties"]));
            }
            (200, json!([{"result": {"status": "SUCCESS"}}]))
        }
        ("POST", "/v1/graphql") => {
            let text = ask.body["query"].as_str().unwrap();
            let (_, rest) = text.split_once("vector: ").unwrap();
            let (vector, rest) = rest.split_once(" }").unwrap();
            let (_, rest) = rest.split_once("limit: ").unwrap();
            let (limit, rest) = rest.split_once(')').unwrap();
            assert!(rest.contains("text n _additional { id distance"), "{rest}");
            let vector: Json = serde_json::from_str(vector).unwrap();
            let found = memory.nearest(&vector, &json!(limit.parse::<u64>().unwrap()), &JsonMap::new());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| {
                    let mut fields = record.fields;
                    let extra = json!({"id": id, "distance": 1.0 - score, "vector": record.vector});
                    fields.insert("_additional".into(), extra);
                    Json::Object(fields)
                })
                .collect();
            (200, json!({"data": {"Get": {"Docs": shown}}}))
        }
        ("DELETE", path) => {
            memory.remove(&json!([path.strip_prefix("/v1/objects/Docs/").unwrap()]));
            (204, Json::Null)
        }
        other => panic!("{other:?}"),
    }
}
