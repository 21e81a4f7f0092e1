//! Fields and outputs of another flow: what Run Flow, Sub Flow and Flow as Tool make of it.

use langflow_core::flow::{Document, Node};
use langflow_core::prelude::*;
use langflow_core::run::{FlowCall, FlowOutcome};
use serde_json::json;
use uuid::Uuid;

/// Kinds of nodes through which a flow takes its input.
const INPUTS: [&str; 3] = ["ChatInput", "TextInput", "Webhook"];
/// Kinds of nodes through which it gives its result.
const OUTPUTS: [&str; 3] = ["ChatOutput", "TextOutput", "DataOutput"];

/// Finds a flow by id, else by name.
pub async fn find(cx: &Cx, id: &str, name: &str) -> Result<(Uuid, String, String), Fault> {
    let (id, name) = (id.trim(), name.trim());
    if id.is_empty() && name.is_empty() {
        return Err(Fault::missing("Flow name or id is required").at_field("flow_name_selected"));
    }
    let wanted = Uuid::parse_str(id).ok();
    let flows = cx.scope().flows.list().await?;
    flows
        .iter()
        .find(|(id, ..)| wanted == Some(*id))
        .or_else(|| flows.iter().find(|(_, known, _)| !name.is_empty() && known == name))
        .cloned()
        .ok_or_else(|| {
            let shown = if name.is_empty() { id } else { name };
            Fault::missing(format!("Flow '{shown}' not found")).at_field("flow_name_selected")
        })
}

/// Runs a flow with values for fields of its nodes, written `<node id><separator><field>`.
pub async fn run(
    cx: &Cx,
    flow: &(Uuid, String, String),
    values: impl Iterator<Item = (String, Value)>,
    separator: char,
    session_id: &str,
) -> Result<FlowOutcome, Fault> {
    let mut tweaks = JsonMap::new();
    let mut input_value = None;
    for (key, value) in values {
        let Some((node, field)) = key.split_once(separator) else { continue };
        let plain = match &value {
            Value::Message(message) => json!(message.text),
            other => other.to_json(),
        };
        if field == "input_value" && node.starts_with("ChatInput") {
            input_value = plain.as_str().map(str::to_owned);
            continue;
        }
        let fields = tweaks.entry(node.to_owned()).or_insert_with(|| json!({}));
        if let Some(fields) = fields.as_object_mut() {
            fields.insert(field.to_owned(), plain);
        }
    }
    let call = FlowCall {
        flow_id: flow.0,
        input_value,
        tweaks,
        session_id: if session_id.is_empty() { cx.session_id() } else { session_id }.to_owned(),
        depth: cx.scope().depth + 1,
    };
    cx.scope()
        .flows
        .run(call)
        .await
        .map_err(|fault| fault.prefixed(&format!("Error running flow '{}': ", flow.1)))
}

/// The fields a caller may fill: `(name, field object)` of every open field of the input nodes.
pub fn fields(graph: &Json, separator: char) -> Vec<(String, Json)> {
    let (document, _) = Document::read(graph);
    let mut fields = Vec::new();
    for node in document.nodes.iter().filter(|node| is_input(node)) {
        for (name, field) in &node.template {
            let Some(map) = field.as_object() else { continue };
            let flag = |key: &str| map.get(key).and_then(Json::as_bool);
            if name == "code" || flag("advanced") == Some(true) || flag("show") == Some(false) {
                continue;
            }
            let key = format!("{}{separator}{name}", node.id);
            let mut field = map.clone();
            let title = map.get("display_name").and_then(Json::as_str).unwrap_or(name);
            field.insert("display_name".into(), json!(format!("{} - {title}", node.display_name)));
            field.insert("name".into(), json!(key));
            fields.push((key, Json::Object(field)));
        }
    }
    fields
}

/// The outputs a caller may read: `(name, title, types)` of every output of the output nodes.
pub fn outputs(graph: &Json, separator: char) -> Vec<(String, String, Vec<String>)> {
    let (document, _) = Document::read(graph);
    let nodes = document.nodes.iter().filter(|node| is_output(node));
    nodes
        .flat_map(|node| {
            node.outputs.iter().map(|output| {
                let title = format!("{} - {}", node.display_name, output.display_name);
                (format!("{}{separator}{}", node.id, output.name), title, output.types.clone())
            })
        })
        .collect()
}

fn is_input(node: &Node) -> bool {
    node.is_input || node.is_any(&INPUTS)
}

fn is_output(node: &Node) -> bool {
    node.is_output || node.is_any(&OUTPUTS)
}

/// The last text that a flow gives, for callers that want one.
pub fn text(outcome: &FlowOutcome) -> String {
    let texts: Vec<String> = outcome
        .results
        .iter()
        .filter_map(|(_, _, value)| match value {
            Value::Message(message) => Some(message.text.clone()),
            Value::Data(data) => {
                Some(if data.has_text() { data.text() } else { value.to_json().to_string() })
            }
            Value::Null => None,
            other => Some(other.to_json().to_string()),
        })
        .collect();
    texts.join("\n")
}
