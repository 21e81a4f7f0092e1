//! The interface of Couchbase.

use super::{Ask, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

pub fn couchbase(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match (ask.port, ask.path) {
        (8091, "/pools/default/nodeServices") => (
            200,
            json!({"nodesExt": [{"services": {"mgmt": 8091, "n1ql": 8093, "fts": 9999}, "thisNode": true}]}),
        ),
        (8093, "/query/service") => {
            let statement = ask.body["statement"].as_str().unwrap();
            assert!(statement.contains("`b`.`s`.`docs`"), "{statement}");
            let mut rows = Vec::new();
            if statement.starts_with("UPSERT") {
                for doc in list(&ask.body["$docs"]) {
                    memory.put(&doc["id"], &doc["content"]["embedding"], object(&doc["content"]));
                }
            } else if statement.starts_with("DELETE") {
                memory.remove(&ask.body["$ids"]);
            } else {
                // In any order.
                for (id, record) in memory.records.iter().rev() {
                    if list(&ask.body["$ids"]).contains(&json!(id)) {
                        let mut row = record.fields.clone();
                        row.insert("id".into(), json!(id));
                        rows.push(Json::Object(row));
                    }
                }
            }
            (200, json!({"status": "success", "results": rows}))
        }
        (9999, "/api/bucket/b/scope/s/index/vectors/query") => {
            let near = &ask.body["knn"][0];
            assert_eq!(near["field"], "embedding");
            let found = memory.nearest(&near["vector"], &near["k"], &JsonMap::new());
            let hits: Vec<Json> =
                found.into_iter().map(|(id, _, score)| json!({"id": id, "score": score})).collect();
            (200, json!({"status": {"failed": 0}, "hits": hits}))
        }
        other => panic!("{other:?}"),
    }
}
