//! Results in the JSON of the reference server (engine.md 2.6, 2.7; contract-flows 5.3, 5.4).

use crate::plan::{Plan, PlanNode};
use crate::run::{Built, Outcome, Output};
use crate::text;
use langflow_core::run::VertexBuild;
use langflow_core::value::python_repr;
use langflow_core::{Json, JsonMap, Message, Value, object};
use serde_json::json;

/// What stands for a result that cannot be shown.
const BUILT: &str = "Built Successfully ✨";

/// Which nodes an answer shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Select {
    /// Outputs whose id holds this word; all outputs where none does.
    Kind(String),
    #[default]
    Outputs,
    /// Every node that ran.
    All,
    /// Nodes with one of these ids or display names.
    Named(Vec<String>),
}

/// The result objects of an answer, in the order of the file.
pub fn results(plan: &Plan, outcome: &Outcome, select: &Select, session_id: &str) -> Vec<Json> {
    chosen(plan, select)
        .into_iter()
        .filter_map(|at| {
            let built = outcome.built.get(at)?.as_ref()?;
            Some(result_data(plan.node(at)?, built, session_id))
        })
        .collect()
}

fn chosen(plan: &Plan, select: &Select) -> Vec<usize> {
    let those = |keep: &dyn Fn(&PlanNode) -> bool| -> Vec<usize> {
        plan.nodes.iter().enumerate().filter(|(_, n)| keep(n)).map(|(at, _)| at).collect()
    };
    match select {
        Select::All => those(&|_| true),
        Select::Named(names) => {
            those(&|n| names.iter().any(|name| *name == n.node.id || *name == n.node.display_name))
        }
        Select::Outputs => those(&|n| n.is_output),
        Select::Kind(word) => {
            let word = word.to_lowercase();
            let found = those(&|n| n.is_output && n.node.id.to_lowercase().contains(&word));
            if found.is_empty() { those(&|n| n.is_output) } else { found }
        }
    }
}

/// What went into every node that ran and came out, the failed one last: only `id`, `inputs` and `outputs`
/// are filled in.
pub fn builds<'a>(plan: &'a Plan, outcome: &'a Outcome) -> impl Iterator<Item = VertexBuild> + 'a {
    let failed = outcome.failure.as_ref().and_then(|failure| {
        let node = plan.node(failure.node?)?;
        Some(failed_build(node, &failure.text(Some(node))))
    });
    let built = plan.nodes.iter().zip(&outcome.built).filter_map(|(node, built)| {
        let built = built.as_ref()?;
        Some(VertexBuild {
            id: node.node.id.clone(),
            valid: true,
            inputs: built.inputs.clone(),
            outputs: outputs(node, built),
            next_vertices_ids: node
                .successors
                .first()
                .and_then(|at| plan.node(*at))
                .map(|n| n.node.id.clone())
                .into_iter()
                .collect(),
            ..meta(node)
        })
    });
    built.chain(failed)
}

/// One node's entry in the answer of `/run`.
pub fn result_data(node: &PlanNode, built: &Built, session_id: &str) -> Json {
    let usage = if node.is_output { None } else { built.usage };
    object([
        ("results", results_map(node, built).into()),
        ("artifacts", artifacts(node, built).into()),
        ("outputs", outputs(node, built).into()),
        ("logs", logs(node, built).into()),
        ("messages", messages(node, built, session_id).into()),
        ("timedelta", Json::Null),
        ("duration", Json::Null),
        ("component_display_name", node.node.display_name.as_str().into()),
        ("component_id", node.node.id.as_str().into()),
        ("used_frozen_result", built.is_frozen.into()),
        ("token_usage", json!(usage)),
    ])
}

/// What became of a node that ran well. Times and neighbours are the scheduler's to fill in.
pub(crate) fn vertex_build(plan: &Plan, at: usize, built: &Built, session_id: &str) -> VertexBuild {
    let Some(node) = plan.node(at) else { return VertexBuild::default() };
    let artifacts = artifacts(node, built);
    VertexBuild {
        valid: true,
        params: if node.is_interface { text::yaml_item(&artifacts) } else { "None".into() },
        results: results_map(node, built),
        outputs: outputs(node, built),
        logs: logs(node, built),
        messages: messages(node, built, session_id),
        artifacts,
        used_frozen_result: built.is_frozen,
        token_usage: if node.is_output { None } else { built.usage },
        inputs: built.inputs.clone(),
        ..meta(node)
    }
}

/// What became of a node that failed.
pub(crate) fn failed_build(node: &PlanNode, text: &str) -> VertexBuild {
    let mut outputs = JsonMap::new();
    if let Some(first) = node.outputs.first() {
        outputs.insert(
            first.name.clone(),
            json!({"message": {"errorMessage": text, "stackTrace": ""}, "type": "error"}),
        );
    }
    VertexBuild { valid: false, params: text.to_owned(), outputs, ..meta(node) }
}

fn meta(node: &PlanNode) -> VertexBuild {
    VertexBuild {
        id: node.node.id.clone(),
        display_name: node.node.display_name.clone(),
        vertex_type: node.node.kind.clone(),
        is_output: node.is_output,
        is_terminal: node.successors.is_empty(),
        // The reference names those of the first output only.
        output_types: node.outputs.first().map(|o| o.types.clone()).unwrap_or_default(),
        ..VertexBuild::default()
    }
}

fn computed<'a>(node: &'a PlanNode, built: &'a Built) -> impl Iterator<Item = (&'a str, &'a Output)> {
    node.outputs.iter().zip(&built.outputs).filter_map(|(o, b)| b.as_ref().map(|b| (o.name.as_str(), b)))
}

/// Result objects; ordinary components show none.
fn results_map(node: &PlanNode, built: &Built) -> JsonMap {
    if !node.is_interface {
        return JsonMap::new();
    }
    computed(node, built).map(|(name, output)| (name.to_owned(), dump(&output.value))).collect()
}

/// A value inside `results`, and inside a list.
fn dump(value: &Value) -> Json {
    match value {
        Value::Message(message) => message.dump(),
        Value::Data(data) => data.dump(),
        Value::List(items) => Json::Array(items.iter().map(dump).collect()),
        other => other.to_json(),
    }
}

fn artifacts(node: &PlanNode, built: &Built) -> JsonMap {
    if node.is_chat
        && let Some(map) = chat_artifact(built)
    {
        return map;
    }
    computed(node, built)
        .map(|(name, output)| {
            let shown = output.status.as_ref().unwrap_or(&output.value);
            let (raw, kind) = raw(shown);
            (name.to_owned(), object([("repr", repr(shown).into()), ("raw", raw), ("type", kind.into())]))
        })
        .collect()
}

fn chat_artifact(built: &Built) -> Option<JsonMap> {
    let Value::Message(message) = built.first()? else { return None };
    let mut map = JsonMap::new();
    map.insert("message".into(), chat_text(message).into());
    map.insert("sender".into(), json!(message.sender));
    map.insert("sender_name".into(), json!(message.sender_name));
    map.insert("files".into(), Json::Array(message.files.clone()));
    map.insert("type".into(), json!("object"));
    Some(map)
}

/// The text of a chat message as answers show it: what the machine says has its new lines doubled, as Markdown
/// wants them (engine.md 2.6). The message itself, in `results`, is as it was said.
fn chat_text(message: &Message) -> String {
    if message.sender.as_deref() != Some("Machine") {
        return message.text.clone();
    }
    message.text.replace("\n\n", "\n").replace('\n', "\n\n")
}

/// The plain form of a value and its type word.
fn raw(value: &Value) -> (Json, &'static str) {
    match value {
        Value::Message(message) => (json!(message.text), "text"),
        Value::Json(Json::String(text)) => (json!(text), "text"),
        Value::Json(json @ Json::Object(_)) => (json.clone(), "object"),
        Value::Json(json @ Json::Array(_)) => (json.clone(), "array"),
        Value::Data(data) => (Json::Object(data.data.clone()), "object"),
        Value::Table(_) | Value::Tools(_) => (value.to_json(), "array"),
        Value::List(_) => (dump(value), "array"),
        _ => (json!(BUILT), "unknown"),
    }
}

fn repr(value: &Value) -> String {
    match value {
        Value::Message(message) => message.text.clone(),
        Value::Json(json) => python_repr(json),
        Value::Null => "None".into(),
        Value::Model(_) | Value::Embedder(_) | Value::Vectors(_) | Value::Memory(_) | Value::Secret(_) => {
            value.type_name().into()
        }
        other => text::spaced_json(&other.to_json()),
    }
}

/// `{output: {message, type}}` for every output, computed or not.
fn outputs(node: &PlanNode, built: &Built) -> JsonMap {
    let mut map = JsonMap::new();
    for (at, output) in node.outputs.iter().enumerate() {
        let built_output = built.outputs.get(at).and_then(Option::as_ref);
        let (message, kind) = match built_output {
            None => (json!(""), "unknown"),
            Some(Output { status: Some(status), .. }) => raw(status),
            Some(Output { value, .. }) => match value {
                Value::Data(data) => (Json::Object(data.data.clone()), "data"),
                Value::Message(_) | Value::Json(_) | Value::Table(_) | Value::List(_) | Value::Tools(_) => {
                    raw(value)
                }
                _ => (json!(""), "unknown"),
            },
        };
        map.insert(output.name.clone(), object([("message", message), ("type", kind.into())]));
    }
    map
}

fn logs(node: &PlanNode, built: &Built) -> JsonMap {
    computed(node, built)
        .map(|(name, output)| {
            let lines: Vec<Json> = output
                .logs
                .iter()
                .map(|l| json!({"name": l.name, "message": l.message, "type": l.kind}))
                .collect();
            (name.to_owned(), Json::Array(lines))
        })
        .collect()
}

fn messages(node: &PlanNode, built: &Built, session_id: &str) -> Vec<Json> {
    if !node.is_interface {
        return Vec::new();
    }
    let Some(Value::Message(message)) = built.first() else { return Vec::new() };
    if message.text.is_empty() {
        return Vec::new();
    }
    let session =
        if node.is_chat && message.session_id.is_empty() { session_id } else { message.session_id.as_str() };
    let text = if node.is_chat { chat_text(message) } else { message.text.clone() };
    vec![object([
        ("message", text.into()),
        ("sender", message.sender.as_deref().unwrap_or("Machine").into()),
        ("sender_name", message.sender_name.as_deref().unwrap_or("AI").into()),
        ("session_id", session.into()),
        ("stream_url", Json::Null),
        ("component_id", node.node.id.as_str().into()),
        ("files", message.files.clone().into()),
        ("type", "text".into()),
    ])]
}
