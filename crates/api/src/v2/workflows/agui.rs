//! Events of a build in the AG-UI protocol.

use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Turns the events of one run into AG-UI events, in order.
pub struct Translator {
    thread_id: String,
    run_id: String,
    shows_graph: bool,
    /// The raw events stand beside their translation.
    shows_raw: bool,
    open: HashSet<String>,
    closed: HashSet<String>,
}

impl Translator {
    pub fn new(thread_id: String, run_id: String, shows_graph: bool, shows_raw: bool) -> Self {
        Self { thread_id, run_id, shows_graph, shows_raw, open: HashSet::new(), closed: HashSet::new() }
    }

    /// What stands before the first event of the run.
    pub fn begin(&self) -> Vec<Value> {
        let mut out = vec![json!({"type": "RUN_STARTED", "threadId": self.thread_id, "runId": self.run_id})];
        if self.shows_graph {
            out.push(json!({"type": "STATE_SNAPSHOT", "snapshot": {"nodes": {}}}));
        }
        out
    }

    pub fn translate(&mut self, event: &str, data: &Value) -> Vec<Value> {
        let mut out = Vec::new();
        if self.shows_raw && matches!(event, "add_message" | "token" | "remove_message" | "error" | "end") {
            out.push(custom("langflow.event", json!({"event_type": event, "data": data})));
        }
        match event {
            "vertices_sorted" if self.shows_graph => out.push(snapshot(data)),
            "token" => self.token(data, &mut out),
            "add_message" => self.message(data, &mut out),
            "remove_message" => out.push(custom("langflow.message.removed", data.clone())),
            "human_input_required" => out.push(custom("langflow.human_input_required", data.clone())),
            "log" if self.shows_graph => out.push(custom("langflow.log", data.clone())),
            "error" => out.push(json!({"type": "RUN_ERROR", "message": error_text(data)})),
            "end_vertex" if self.shows_graph => vertex(data, &mut out),
            "end" => {
                out.push(json!({"type": "RUN_FINISHED", "threadId": self.thread_id, "runId": self.run_id}));
            }
            _ => {}
        }
        out
    }

    fn token(&mut self, data: &Value, out: &mut Vec<Value>) {
        let id = text(data, "id");
        self.start(&id, out);
        out.push(json!({"type": "TEXT_MESSAGE_CONTENT", "messageId": id, "delta": data.get("chunk")}));
    }

    /// A finished message closes its stream; one that was not streamed is told at once.
    fn message(&mut self, data: &Value, out: &mut Vec<Value>) {
        let id = text(data, "id");
        let is_partial = data.pointer("/properties/state").and_then(Value::as_str) == Some("partial");
        let is_user = text(data, "sender") == "User";
        if is_user || is_partial || asks_human(data) || self.closed.contains(&id) {
            return;
        }
        if !self.open.contains(&id) {
            self.start(&id, out);
            out.push(json!({"type": "TEXT_MESSAGE_CONTENT", "messageId": id, "delta": text(data, "text")}));
        }
        self.open.remove(&id);
        self.closed.insert(id.clone());
        out.push(json!({"type": "TEXT_MESSAGE_END", "messageId": id}));
    }

    fn start(&mut self, id: &str, out: &mut Vec<Value>) {
        if self.open.insert(id.to_owned()) {
            out.push(json!({"type": "TEXT_MESSAGE_START", "messageId": id, "role": "assistant"}));
        }
    }
}

fn custom(name: &str, value: Value) -> Value {
    json!({"type": "CUSTOM", "name": name, "value": value})
}

/// All nodes that will run, waiting.
fn snapshot(data: &Value) -> Value {
    let ids = data.get("to_run").and_then(Value::as_array);
    let pending = json!({"status": "pending", "output": null});
    let nodes: Map<String, Value> =
        ids.into_iter().flatten().filter_map(|id| Some((id.as_str()?.to_owned(), pending.clone()))).collect();
    json!({"type": "STATE_SNAPSHOT", "snapshot": {"nodes": nodes}})
}

fn vertex(data: &Value, out: &mut Vec<Value>) {
    let Some(build) = data.get("build_data") else { return };
    let id = text(build, "id");
    let is_valid = build.get("valid").and_then(Value::as_bool).unwrap_or(true);
    out.push(json!({"type": "STEP_FINISHED", "stepName": id}));
    let status = if is_valid { "success" } else { "error" };
    let mut delta = vec![node(&id, status, build.get("data").cloned().unwrap_or_default())];
    for inactive in build.get("inactivated_vertices").and_then(Value::as_array).into_iter().flatten() {
        delta.push(node(inactive.as_str().unwrap_or_default(), "inactive", Value::Null));
    }
    out.push(json!({"type": "STATE_DELTA", "delta": delta}));
}

fn node(id: &str, status: &str, output: Value) -> Value {
    // JSON Pointer escapes.
    let id = id.replace('~', "~0").replace('/', "~1");
    json!({"op": "add", "path": format!("/nodes/{id}"), "value": {"status": status, "output": output}})
}

fn text(data: &Value, key: &str) -> String {
    data.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A message without text that shows a question: it is told by an event of its own.
fn asks_human(data: &Value) -> bool {
    let kind = |content: &Value| content.get("type").and_then(Value::as_str) == Some("human_input");
    let blocks = data.get("content_blocks").and_then(Value::as_array);
    blocks.into_iter().flatten().filter_map(|block| block.get("contents")?.as_array()).flatten().any(kind)
}

fn error_text(data: &Value) -> String {
    let plain = data.get("text").or_else(|| data.get("error")).and_then(Value::as_str);
    plain.unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(events: &[Value]) -> Vec<&str> {
        events.iter().map(|event| event["type"].as_str().unwrap()).collect()
    }

    #[test]
    fn an_answer_that_streams_is_told_in_the_order_of_the_reference() {
        let mut to = Translator::new("s".into(), "r".into(), true, true);
        let mut all = to.begin();
        let sorted = json!({"ids": ["a"], "to_run": ["a", "b"]});
        all.extend(to.translate("vertices_sorted", &sorted));
        let message = |state: &str| json!({"id": "m", "sender": "Machine", "text": "one two", "properties": {"state": state}});
        all.extend(to.translate("add_message", &message("partial")));
        all.extend(to.translate("token", &json!({"id": "m", "chunk": "one "})));
        all.extend(to.translate("token", &json!({"id": "m", "chunk": "two"})));
        all.extend(to.translate("add_message", &message("complete")));
        all.extend(
            to.translate("end_vertex", &json!({"build_data": {"id": "b", "valid": false, "data": {}}})),
        );
        all.extend(to.translate("end", &json!({"build_duration": 0.1})));
        assert_eq!(
            kinds(&all).join(" "),
            "RUN_STARTED STATE_SNAPSHOT STATE_SNAPSHOT CUSTOM CUSTOM TEXT_MESSAGE_START TEXT_MESSAGE_CONTENT CUSTOM \
             TEXT_MESSAGE_CONTENT CUSTOM TEXT_MESSAGE_END STEP_FINISHED STATE_DELTA CUSTOM RUN_FINISHED"
        );
        assert_eq!(all[12]["delta"][0]["value"]["status"], "error");
    }

    #[test]
    fn a_question_is_an_event_of_its_own_and_no_text() {
        let mut to = Translator::new("s".into(), "r".into(), false, false);
        let card = json!({"id": "q", "sender": "Machine", "text": "", "content_blocks": [
            {"type": "group", "contents": [{"type": "human_input"}]}]});
        let mut all = to.translate("add_message", &card);
        all.extend(to.translate("human_input_required", &json!({"request_id": "n:r"})));
        assert_eq!(
            all,
            [
                json!({"type": "CUSTOM", "name": "langflow.human_input_required", "value": {"request_id": "n:r"}})
            ]
        );
    }

    #[test]
    fn without_the_graph_only_messages_remain() {
        let mut to = Translator::new("s".into(), "r".into(), false, false);
        let mut all = to.begin();
        all.extend(to.translate("vertices_sorted", &json!({"to_run": ["a"]})));
        all.extend(to.translate("add_message", &json!({"id": "u", "sender": "User", "text": "hi"})));
        all.extend(to.translate("add_message", &json!({"id": "m", "sender": "Machine", "text": "hi"})));
        all.extend(to.translate("end_vertex", &json!({"build_data": {"id": "a"}})));
        all.extend(to.translate("end", &json!({})));
        assert_eq!(
            kinds(&all).join(" "),
            "RUN_STARTED TEXT_MESSAGE_START TEXT_MESSAGE_CONTENT TEXT_MESSAGE_END RUN_FINISHED"
        );
    }
}
