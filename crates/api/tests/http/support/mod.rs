//! What several tests of accounts need.
#![allow(dead_code, reason = "each test uses a part")]
#![expect(clippy::indexing_slicing, reason = "for tests")]

use std::path::PathBuf;

/// A file of recorded exchanges; where the folder is absent the test says that it is skipped.
pub fn recorded(name: &str) -> Option<String> {
    let folder = std::env::var_os("LANGFLOW_CAPTURES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/captures"),
        PathBuf::from,
    );
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: no recorded exchanges at {}", path.display());
    }
    text
}

/// A graph of one Chat Input: running it stores the message that is sent.
pub async fn chat_graph(app: &langflow_testkit::test_app::TestApp, key: &str) -> serde_json::Value {
    let all = app.get("/api/v1/all").header("x-api-key", key).send().await.json();
    let node = all["input_output"]["ChatInput"].clone();
    assert!(node.is_object(), "the catalogue has no Chat Input");
    serde_json::json!({
        "nodes": [{
            "id": "ChatInput-aaaaa", "type": "genericNode", "position": {"x": 0, "y": 0},
            "data": {"id": "ChatInput-aaaaa", "type": "ChatInput", "node": node},
        }],
        "edges": [],
        "viewport": {"x": 0, "y": 0, "zoom": 1},
    })
}

/// A graph that answers with a text: Text Input, whose text is the global variable, to Chat Output.
pub async fn text_graph(
    app: &langflow_testkit::test_app::TestApp,
    key: &str,
    variable: &str,
) -> serde_json::Value {
    let all = app.get("/api/v1/all").header("x-api-key", key).send().await.json();
    let node = |component: &str, id: &str| {
        let entry = all["input_output"][component].clone();
        assert!(entry.is_object(), "the catalogue has no {component}");
        serde_json::json!({
            "id": id, "type": "genericNode", "position": {"x": 0, "y": 0},
            "data": {"id": id, "type": component, "node": entry},
        })
    };
    let mut input = node("TextInput", "TextInput-aaaaa");
    let field = &mut input["data"]["node"]["template"]["input_value"];
    field["value"] = variable.into();
    field["load_from_db"] = true.into();
    let handles = serde_json::json!({
        "sourceHandle": {"dataType": "TextInput", "id": "TextInput-aaaaa", "name": "text", "output_types": ["Message"]},
        "targetHandle": {"fieldName": "input_value", "id": "ChatOutput-bbbbb", "inputTypes": ["Message"], "type": "other"},
    });
    let quoted = |handle: &serde_json::Value| handle.to_string().replace('"', "œ");
    serde_json::json!({
        "nodes": [input, node("ChatOutput", "ChatOutput-bbbbb")],
        "edges": [{
            "id": "edge", "source": "TextInput-aaaaa", "target": "ChatOutput-bbbbb", "data": handles,
            "sourceHandle": quoted(&handles["sourceHandle"]), "targetHandle": quoted(&handles["targetHandle"]),
        }],
        "viewport": {"x": 0, "y": 0, "zoom": 1},
    })
}
