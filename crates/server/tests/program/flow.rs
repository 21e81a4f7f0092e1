//! The smallest flow that answers: Chat Input → Chat Output, put together from the server's own catalogue.

#![expect(clippy::indexing_slicing, reason = "JSON gives null for what is missing")]

use serde_json::{Value, json};

/// The body of `POST /api/v1/flows/`. `catalogue` is the answer of `GET /api/v1/all`.
pub fn chat_flow(catalogue: &Value, name: &str) -> Value {
    spoken_flow(catalogue, name, "input_output", "ChatInput", &json!({}))
}

/// What the first output of a component gives, said by Chat Output. `fields` are laid over the component's own:
/// `{"field": {"value": …}}`.
pub fn spoken_flow(catalogue: &Value, name: &str, category: &str, component: &str, fields: &Value) -> Value {
    let id = format!("{component}-aaaaa");
    let mut source = node(catalogue, category, component, &id);
    for (field, members) in fields.as_object().into_iter().flatten() {
        for (member, value) in members.as_object().into_iter().flatten() {
            source["data"]["node"]["template"][field][member] = value.clone();
        }
    }
    let output = source["data"]["node"]["outputs"][0].clone();
    let handles = json!({
        "sourceHandle": {"dataType": component, "id": id, "name": output["name"], "output_types": output["types"]},
        "targetHandle": {
            "fieldName": "input_value", "id": "ChatOutput-bbbbb", "inputTypes": ["Data", "DataFrame", "Message"],
            "type": "other",
        },
    });
    let edge = json!({
        "id": "edge", "source": id, "target": "ChatOutput-bbbbb", "data": handles,
        "sourceHandle": quoted(&handles["sourceHandle"]), "targetHandle": quoted(&handles["targetHandle"]),
    });
    let nodes = [source, node(catalogue, "input_output", "ChatOutput", "ChatOutput-bbbbb")];
    let viewport = json!({"x": 0, "y": 0, "zoom": 1});
    json!({"name": name, "data": {"nodes": nodes, "edges": [edge], "viewport": viewport}})
}

fn node(catalogue: &Value, category: &str, component: &str, id: &str) -> Value {
    let entry = &catalogue[category][component];
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
