//! The interface of Pinecone.

use super::{Ask, Memory, list, object};
use langflow_core::Json;
use serde_json::json;

pub fn pinecone(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match ask.path {
        "/indexes/docs" => (200, json!({"name": "docs", "host": "docs-1.svc.pinecone.io"})),
        "/vectors/upsert" => {
            assert_eq!(ask.body["namespace"], "n");
            for vector in list(&ask.body["vectors"]) {
                memory.put(&vector["id"], &vector["values"], object(&vector["metadata"]));
            }
            (200, json!({"upsertedCount": 1}))
        }
        "/query" => {
            let found = memory.nearest(&ask.body["vector"], &ask.body["topK"], &object(&ask.body["filter"]));
            let with = ask.body["includeValues"] == true;
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| {
                    let values = if with { record.vector } else { Vec::new() };
                    json!({"id": id, "score": score, "metadata": record.fields, "values": values})
                })
                .collect();
            (200, json!({"matches": shown}))
        }
        "/vectors/delete" => {
            memory.remove(&ask.body["ids"]);
            (200, json!({}))
        }
        other => panic!("{other}"),
    }
}
