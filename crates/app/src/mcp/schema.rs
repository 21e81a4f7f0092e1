//! What a flow takes as a tool: the open fields of its input nodes.

use langflow_core::flow::{Document, Node};
use langflow_core::{Json, JsonMap};
use serde_json::json;

const SESSION: &str = "Name of a conversation. Calls with the same name continue it; without one each call \
    starts a new one.";

/// The input nodes of a flow.
pub(super) fn input_nodes(graph: &Json) -> Vec<Node> {
    let (document, _) = Document::read(graph);
    let is_input =
        |node: &Node| node.is_input || matches!(node.kind.as_str(), "ChatInput" | "TextInput" | "Webhook");
    document.nodes.into_iter().filter(is_input).collect()
}

/// JSON schema of the arguments.
pub(super) fn of(nodes: &[Node]) -> JsonMap {
    let mut properties = JsonMap::new();
    let mut required = Vec::new();
    let declared = declares(nodes);
    for (name, field) in nodes.iter().flat_map(|node| open_fields(node, declared)) {
        let mut property = kind(field);
        let info = field
            .get("info")
            .and_then(Json::as_str)
            .map_or_else(|| format!("Input for {name}"), str::to_owned);
        property.insert("description".into(), info.into());
        properties.insert(name.clone(), property.into());
        if field.get("required").and_then(Json::as_bool) == Some(true) && !required.contains(name) {
            required.push(name.clone());
        }
    }
    if !properties.contains_key("session_id") {
        properties.insert("session_id".into(), json!({"type": "string", "description": SESSION}));
    }
    [("type", json!("object")), ("properties", properties.into()), ("required", json!(required))]
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
}

/// Arguments as tweaks of the nodes that advertise them; others are dropped.
pub(super) fn tweaks(nodes: &[Node], arguments: &JsonMap) -> JsonMap {
    let declared = declares(nodes);
    let mut tweaks = JsonMap::new();
    for node in nodes {
        let own: JsonMap = open_fields(node, declared)
            .filter_map(|(name, _)| Some((name.clone(), arguments.get(name)?.clone())))
            .collect();
        if !own.is_empty() {
            tweaks.insert(node.id.clone(), own.into());
        }
    }
    tweaks
}

/// Whether the author opened fields one by one: the others are closed then.
fn declares(nodes: &[Node]) -> bool {
    nodes.iter().flat_map(|node| node.template.values()).any(is_opened)
}

fn is_opened(field: &Json) -> bool {
    field.get("api_editable").and_then(Json::as_bool) == Some(true)
}

fn open_fields(node: &Node, declared: bool) -> impl Iterator<Item = (&String, &Json)> {
    node.template.iter().filter(move |(name, field)| {
        let flag = |key: &str| field.get(key).and_then(Json::as_bool) == Some(true);
        let is_visible = field.is_object() && flag("show") && !flag("advanced");
        is_visible && (!declared || *name == "input_value" || is_opened(field))
    })
}

fn kind(field: &Json) -> JsonMap {
    let of_rows = |kind: &str| json!({"type": "array", "items": {"type": kind}});
    let text = field.get("type").and_then(Json::as_str).unwrap_or("str");
    let single = match text {
        "sortableList" | "table" | "tools" | "model" => return object(of_rows("object")),
        "actionPicker" => return object(of_rows("string")),
        "int" | "integer" => "integer",
        "float" | "number" | "slider" => "number",
        "bool" | "boolean" => "boolean",
        "dict" | "NestedDict" | "mcp" | "object" | "auth" | "duration" | "data_display" => "object",
        _ => "string",
    };
    let is_list = ["list", "is_list"].iter().any(|key| field.get(*key).and_then(Json::as_bool) == Some(true));
    object(if is_list { of_rows(single) } else { json!({ "type": single }) })
}

fn object(value: Json) -> JsonMap {
    match value {
        Json::Object(map) => map,
        _ => JsonMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(fields: Json) -> Json {
        json!({"nodes": [
            {"id": "ChatInput-a", "type": "genericNode", "data": {"id": "ChatInput-a", "type": "ChatInput",
                "node": {"template": fields, "outputs": []}}},
            {"id": "Other-b", "type": "genericNode", "data": {"id": "Other-b", "type": "Prompt",
                "node": {"template": {"x": {"type": "str", "show": true}}, "outputs": []}}}], "edges": []})
    }

    #[test]
    fn open_fields_of_input_nodes_are_arguments() {
        let graph = graph(json!({
            "_type": "Component",
            "input_value": {"type": "str", "show": true, "info": "Text.", "required": true},
            "n": {"type": "int", "show": true, "list": true},
            "rows": {"type": "table", "show": true},
            "hidden": {"type": "str", "show": false},
            "deep": {"type": "str", "show": true, "advanced": true}}));
        let nodes = input_nodes(&graph);
        let schema = of(&nodes);
        assert_eq!(
            Json::from(schema),
            json!({"type": "object", "properties": {
                "input_value": {"type": "string", "description": "Text."},
                "n": {"type": "array", "items": {"type": "integer"}, "description": "Input for n"},
                "rows": {"type": "array", "items": {"type": "object"}, "description": "Input for rows"},
                "session_id": {"type": "string", "description": SESSION}}, "required": ["input_value"]})
        );
        let given = json!({"n": [1], "deep": "x", "x": "y"});
        assert_eq!(
            Json::from(tweaks(&nodes, given.as_object().unwrap())),
            json!({"ChatInput-a": {"n": [1]}})
        );
    }

    #[test]
    fn once_a_field_is_opened_the_others_are_closed() {
        let graph = graph(json!({
            "input_value": {"type": "str", "show": true},
            "opened": {"type": "bool", "show": true, "api_editable": true},
            "closed": {"type": "str", "show": true}}));
        let schema = of(&input_nodes(&graph));
        let names: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["input_value", "opened", "session_id"]);
    }
}
