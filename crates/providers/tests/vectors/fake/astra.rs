//! The interface of Astra DB.

use super::{Ask, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

pub fn astra(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let (verb, with) = ask.body.as_object().unwrap().iter().next().unwrap();
    match verb.as_str() {
        "insertMany" => {
            for document in list(&with["documents"]) {
                memory.put(&document["_id"], &document["$vector"], object(&document));
            }
            (200, json!({"status": {"insertedIds": []}}))
        }
        "find" => {
            let found = memory.nearest(&with["sort"]["$vector"], &with["options"]["limit"], &JsonMap::new());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(_, record, score)| {
                    let mut document = record.fields;
                    document.insert("$similarity".into(), json!(score));
                    Json::Object(document)
                })
                .collect();
            (200, json!({"data": {"documents": shown}}))
        }
        "deleteMany" => {
            memory.remove(&with["filter"]["_id"]["$in"]);
            (200, json!({"status": {"deletedCount": 1}}))
        }
        other => panic!("{other}"),
    }
}
