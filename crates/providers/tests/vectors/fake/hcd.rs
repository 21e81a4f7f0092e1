//! The interface of Hyper-Converged Database, that of Astra DB behind a namespace of its own.

use super::{Ask, Memory, astra::astra};
use langflow_core::Json;
use serde_json::json;

pub fn hcd(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match ask.path {
        "/v1/default_namespace" => {
            let made = &ask.body["createCollection"];
            assert_eq!((&made["name"], &made["options"]["vector"]["dimension"]), (&json!("docs"), &json!(2)));
            memory.is_made = true;
            (200, json!({"status": {"ok": 1}}))
        }
        "/v1/default_namespace/docs" if !memory.is_made => {
            (200, json!({"errors": [{"errorCode": "COLLECTION_NOT_EXIST", "message": "none"}]}))
        }
        "/v1/default_namespace/docs" => astra(memory, ask),
        other => panic!("{other}"),
    }
}
