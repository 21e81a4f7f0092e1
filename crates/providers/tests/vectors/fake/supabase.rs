//! The interface of Supabase.

use super::{Ask, Memory, list, object};
use langflow_core::{Json, JsonMap};
use serde_json::json;

pub fn supabase(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match (ask.method, ask.path) {
        ("POST", "/rest/v1/docs") => {
            for row in list(&ask.body) {
                memory.put(&row["id"], &row["embedding"], object(&row));
            }
            (201, Json::Null)
        }
        ("POST", "/rest/v1/rpc/match_docs") => {
            let limit: u64 = ask.query.strip_prefix("limit=").unwrap().parse().unwrap();
            let wanted = object(&ask.body["filter"]);
            let mut found = memory.nearest(&ask.body["query_embedding"], &json!(100), &JsonMap::new());
            found.retain(|(_, record, _)| {
                wanted.iter().all(|(k, v)| record.fields["metadata"].get(k) == Some(v))
            });
            found.truncate(usize::try_from(limit).unwrap());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(_, record, score)| {
                    let mut row = record.fields;
                    row.insert("similarity".into(), json!(score));
                    // pgvector comes as text.
                    row.insert("embedding".into(), json!(json!(record.vector).to_string()));
                    Json::Object(row)
                })
                .collect();
            (200, json!(shown))
        }
        ("DELETE", "/rest/v1/docs") => {
            let (_, value) = url::form_urlencoded::parse(ask.query.as_bytes()).next().unwrap();
            let ids = value.strip_prefix("in.(").unwrap().strip_suffix(')').unwrap();
            memory.remove(&serde_json::from_str(&format!("[{ids}]")).unwrap());
            (204, Json::Null)
        }
        other => panic!("{other:?}"),
    }
}
