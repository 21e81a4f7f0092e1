//! Frames of runs as clients and logs see them: a name and a JSON object (contract-flows 7.6, 9.4).

use super::start::{Frame, build_data};
use chrono::{DateTime, SecondsFormat, Utc};
use langflow_core::run::{RunEvent, VertexBuild};
use langflow_core::{Message, object};
use serde_json::{Map, Value, json};

/// Which surface reads: they show content blocks differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    Run,
    Build,
}

/// One frame as its line.
pub fn line(frame: Frame, surface: Surface, now: DateTime<Utc>) -> String {
    let (event, data) = event(frame, surface, now);
    render(event, data)
}

/// The name and the data of a frame.
pub fn event(frame: Frame, surface: Surface, now: DateTime<Utc>) -> (&'static str, Value) {
    match frame {
        Frame::Event(event) => of_event(event, surface, now),
        Frame::Answer(answer) => ("end", object([("result", answer.into_json())])),
        Frame::Failed(text) => ("error", json!({ "error": text })),
        Frame::Waiting(request) => ("human_input_required", request.to_json()),
        Frame::BuildEnd { seconds } => ("end", json!({ "build_duration": seconds })),
    }
}

/// `{"event", "data"}` and an empty line.
pub fn render(event: &str, data: Value) -> String {
    let mut line = object([("event", event.into()), ("data", data)]).to_string();
    line.push_str("\n\n");
    line
}

fn of_event(event: RunEvent, surface: Surface, now: DateTime<Utc>) -> (&'static str, Value) {
    match event {
        RunEvent::VerticesSorted { ids, to_run } => {
            ("vertices_sorted", json!({ "ids": ids, "to_run": to_run }))
        }
        RunEvent::BuildStart { id: None } => ("build_start", json!({})),
        RunEvent::BuildStart { id: Some(id) } => ("build_start", json!({ "id": id })),
        RunEvent::BuildEnd { id } => ("build_end", json!({ "id": id })),
        RunEvent::AddMessage(message) => ("add_message", dump(&message, surface)),
        RunEvent::Token { id, chunk } => ("token", json!({ "chunk": chunk, "id": id })),
        RunEvent::RemoveMessage { id } => ("remove_message", json!({ "id": id })),
        RunEvent::Log { component_id, output, log } => (
            "log",
            json!({
                "name": log.name,
                "message": log.message,
                "type": log.kind,
                "output": output,
                "component_id": component_id,
            }),
        ),
        RunEvent::EndVertex(build) => ("end_vertex", end_vertex(&build, now)),
        // Before there was a run there is nothing but the message.
        RunEvent::Error(message) if message.run_id.is_none() => ("error", flat(&message)),
        RunEvent::Error(message) => ("error", without_context(dump(&message, surface))),
    }
}

fn dump(message: &Message, surface: Surface) -> Value {
    let mut json = message.dump_event();
    if surface == Surface::Build
        && let Some(blocks) = json.get_mut("content_blocks").and_then(Value::as_array_mut)
    {
        for block in blocks {
            *block = new_block(block);
        }
    }
    json
}

/// A block `{title, contents, …}` in the form that knows its type (contract-flows 5.2).
fn new_block(block: &Value) -> Value {
    let Some(old) = block.as_object().filter(|b| !b.contains_key("type")) else { return block.clone() };
    let contents: Vec<Value> =
        old.get("contents").and_then(Value::as_array).into_iter().flatten().map(new_leaf).collect();
    let mut group = Map::new();
    group.insert("type".into(), json!("group"));
    group.insert("id".into(), Value::Null);
    group.insert("duration".into(), Value::Null);
    group.insert("header".into(), json!({}));
    group.insert("contents".into(), Value::Array(contents));
    for key in ["title", "allow_markdown", "media_url"] {
        group.insert(key.into(), old.get(key).cloned().unwrap_or_default());
    }
    Value::Object(group)
}

fn new_leaf(leaf: &Value) -> Value {
    let Some(old) = leaf.as_object() else { return leaf.clone() };
    let mut new = Map::new();
    new.insert("type".into(), old.get("type").cloned().unwrap_or_default());
    new.insert("id".into(), Value::Null);
    new.insert("duration".into(), old.get("duration").cloned().unwrap_or_default());
    new.insert("header".into(), old.get("header").cloned().unwrap_or_else(|| json!({})));
    new.insert("contents".into(), json!([]));
    for (key, value) in old {
        if !new.contains_key(key) {
            new.insert(key.clone(), value.clone());
        }
    }
    Value::Object(new)
}

/// The message of a build that could not start.
fn flat(message: &Message) -> Value {
    let mut blocks = vec![json!({
        "type": "text", "id": null, "duration": null, "header": {}, "contents": [], "text": message.text,
    })];
    blocks.extend(message.content_blocks.iter().map(new_block));
    json!({
        "session_id": message.session_id,
        "context_id": null,
        "sender": message.sender,
        "sender_name": message.sender_name,
        "properties": message.properties,
        "category": message.category,
        "error": message.error,
        "content_blocks": blocks,
        "flow_id": message.flow_id,
        "session_metadata": null,
        "files": message.files,
        "run_id": null,
        "timestamp": langflow_core::value::format_timestamp(message.timestamp),
        "edit": message.edit,
        "duration": null,
        "text": message.text,
    })
}

/// Messages of failures have no context.
fn without_context(mut json: Value) -> Value {
    if let Some(map) = json.as_object_mut() {
        map.insert("context_id".into(), Value::Null);
        if let Some(data) = map.get_mut("data").and_then(Value::as_object_mut) {
            data.insert("context_id".into(), Value::Null);
        }
    }
    json
}

fn end_vertex(build: &VertexBuild, now: DateTime<Utc>) -> Value {
    if build.in_loop {
        return object([("build_data", loop_result(build))]);
    }
    let meta = json!({
        "component_id": build.id,
        "display_name": build.display_name,
        "vertex_type": build.vertex_type,
        "is_output": build.is_output,
        "is_terminal": build.is_terminal,
        "output_types": build.output_types,
    });
    object([("build_data", build_result(build, now)), ("output_meta", meta)])
}

/// The result of a node in the body of a loop: no word about other nodes (engine.md 2.12).
fn loop_result(build: &VertexBuild) -> Value {
    json!({
        "id": build.id,
        "valid": build.valid,
        "data": {
            "results": build.results,
            "artifacts": build.artifacts,
            "outputs": build.outputs,
            "logs": build.logs,
            "messages": build.messages,
            "timedelta": null,
            "duration": null,
            "component_display_name": build.display_name,
            "component_id": build.id,
            "used_frozen_result": build.used_frozen_result,
            "token_usage": build.token_usage,
        },
    })
}

/// The result of one node (contract-flows 5.4).
pub fn build_result(build: &VertexBuild, now: DateTime<Utc>) -> Value {
    object([
        ("id", build.id.as_str().into()),
        ("inactivated_vertices", json!(build.inactivated_vertices)),
        ("next_vertices_ids", json!(build.next_vertices_ids)),
        ("top_level_vertices", json!(build.top_level_vertices)),
        ("valid", build.valid.into()),
        ("params", build.params.as_str().into()),
        ("data", build_data(build)),
        ("timestamp", now.to_rfc3339_opts(SecondsFormat::Micros, true).into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_gets_its_type_and_keeps_its_leaves() {
        let old = json!({"title": "Error", "contents": [{"type": "error", "duration": null, "header": {},
            "component": "Boom"}], "allow_markdown": true, "media_url": null});
        assert_eq!(
            new_block(&old),
            json!({"type": "group", "id": null, "duration": null, "header": {}, "contents": [
                {"type": "error", "id": null, "duration": null, "header": {}, "contents": [], "component": "Boom"}],
                "title": "Error", "allow_markdown": true, "media_url": null})
        );
    }
}
