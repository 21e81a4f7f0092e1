//! The smallest flow that answers: Chat Input → Chat Output, put together from the server's own catalogue.

#![expect(clippy::indexing_slicing, reason = "JSON gives null for what is missing")]

use serde_json::{Value, json};

/// The body of `POST /api/v1/flows/`. `catalogue` is the answer of `GET /api/v1/all`.
pub fn chat_flow(catalogue: &Value, name: &str) -> Value {
    let handles = json!({
        "sourceHandle": {"dataType": "ChatInput", "id": "ChatInput-aaaaa", "name": "message", "output_types": ["Message"]},
        "targetHandle": {"fieldName": "input_value", "id": "ChatOutput-bbbbb", "inputTypes": ["Message"], "type": "other"},
    });
    let edge = json!({
        "id": "edge", "source": "ChatInput-aaaaa", "target": "ChatOutput-bbbbb", "data": handles,
        "sourceHandle": quoted(&handles["sourceHandle"]), "targetHandle": quoted(&handles["targetHandle"]),
    });
    let nodes =
        [node(catalogue, "ChatInput", "ChatInput-aaaaa"), node(catalogue, "ChatOutput", "ChatOutput-bbbbb")];
    let viewport = json!({"x": 0, "y": 0, "zoom": 1});
    json!({"name": name, "data": {"nodes": nodes, "edges": [edge], "viewport": viewport}})
}

fn node(catalogue: &Value, component: &str, id: &str) -> Value {
    let entry = &catalogue["input_output"][component];
    assert!(entry.is_object(), "the catalogue has no {component}");
    json!({
        "id": id, "type": "genericNode", "position": {"x": 0, "y": 0},
        "data": {"id": id, "type": component, "node": entry},
    })
}

/// Handles stand in attributes too, with `œ` for the quotation mark.
fn quoted(handle: &Value) -> String {
    handle.to_string().replace('"', "œ")
}
