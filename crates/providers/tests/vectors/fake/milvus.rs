//! The interface of Milvus.

use super::{Ask, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

pub fn milvus(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let data = match ask.path.strip_prefix("/v2/vectordb").unwrap() {
        "/collections/has" => json!({"has": memory.is_made}),
        "/collections/create" => {
            memory.is_made = true;
            json!({})
        }
        "/entities/upsert" => {
            for row in list(&ask.body["data"]) {
                memory.put(&row["pk"], &row["vector"], object(&row));
            }
            json!({"upsertCount": 1})
        }
        "/entities/search" if !memory.is_made => {
            return (200, json!({"code": 100, "message": "can't find collection"}));
        }
        "/entities/search" => {
            let filter = match ask.body["filter"].as_str() {
                Some("n == 1") => object(&json!({"n": 1})),
                None => JsonMap::new(),
                other => panic!("{other:?}"),
            };
            let found = memory.nearest(&ask.body["data"][0], &ask.body["limit"], &filter);
            found
                .into_iter()
                .map(|(_, record, score)| {
                    let mut row = record.fields;
                    row.insert("distance".into(), json!(score));
                    Json::Object(row)
                })
                .collect()
        }
        "/entities/delete" => {
            let filter = ask.body["filter"].as_str().unwrap();
            let ids: Json = serde_json::from_str(filter.strip_prefix("pk in ").unwrap()).unwrap();
            memory.remove(&ids);
            json!({})
        }
        other => panic!("{other}"),
    };
    (200, json!({"code": 0, "data": data}))
}
