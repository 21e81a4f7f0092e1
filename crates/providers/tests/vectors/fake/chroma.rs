//! The interface of Chroma.

use super::{Ask, Memory, Stored, list, object};
use langflow_core::Json;
use serde_json::json;

pub fn chroma(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let root = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    match ask.path.strip_prefix(root).unwrap() {
        "" => (200, json!({"id": "c-1", "name": ask.body["name"]})),
        "/c-1/upsert" => {
            let column = |key: &str| list(&ask.body[key]);
            let rows = column("ids")
                .into_iter()
                .zip(column("embeddings"))
                .zip(column("documents"))
                .zip(column("metadatas"));
            for (((id, vector), text), metadata) in rows {
                let mut fields = object(&metadata);
                fields.insert("document".into(), text);
                memory.put(&id, &vector, fields);
            }
            (200, json!({}))
        }
        "/c-1/query" => {
            let found = memory.nearest(
                &ask.body["query_embeddings"][0],
                &ask.body["n_results"],
                &object(&ask.body["where"]),
            );
            let column = |pick: &dyn Fn(&(String, Stored, f64)) -> Json| -> Json {
                json!([found.iter().map(pick).collect::<Vec<Json>>()])
            };
            let metadata = |found: &(String, Stored, f64)| {
                let mut fields = found.1.fields.clone();
                fields.shift_remove("document");
                json!(fields)
            };
            (
                200,
                json!({
                    "ids": column(&|found| json!(found.0)),
                    "documents": column(&|found| found.1.fields["document"].clone()),
                    "metadatas": column(&metadata),
                    "distances": column(&|found| json!(1.0 - found.2)),
                    "embeddings": column(&|found| json!(found.1.vector)),
                }),
            )
        }
        "/c-1/get" => {
            let ids: Vec<Json> = list(&ask.body["ids"])
                .into_iter()
                .filter(|id| memory.records.contains_key(id.as_str().unwrap()))
                .collect();
            (200, json!({"ids": ids}))
        }
        "/c-1/delete" => {
            memory.remove(&ask.body["ids"]);
            (200, json!({}))
        }
        other => panic!("{other}"),
    }
}
