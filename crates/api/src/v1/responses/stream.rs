//! A response as it comes: chunks of text, tools, the end.

use super::answer::{Head, ToolUse, arguments, tool_item, tools, usage};
use crate::frames;
use crate::sse;
use axum::body::Bytes;
use axum::response::Response;
use futures::{StreamExt as _, stream};
use langflow_app::runs::{Frame, PreparedRun};
use langflow_core::run::RunEvent;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::convert::Infallible;
use tokio::sync::mpsc;

/// Frames that the reader may be behind.
const QUEUE: usize = 64;
const DONE: &str = "data: [DONE]\n\n";

/// Runs while the client reads; when it goes, the run is cancelled.
pub fn answer(prepared: PreparedRun, head: Head) -> Response {
    let writer = Writer { head, ..Writer::default() };
    let first = writer.chunk(&json!({"content": ""}), None, None);
    let (sink, receiver) = mpsc::channel(QUEUE);
    let writer = Mutex::new(writer);
    let events = frames::driven(prepared.stream(sink), receiver, move |frame| writer.lock().write(frame));
    let first = stream::once(async move { Ok::<_, Infallible>(Bytes::from(first)) });
    sse::answer(sse::kept_alive(first.chain(events), sse::KEEP_ALIVE, sse::comment))
}

#[derive(Default)]
struct Writer {
    head: Head,
    /// All text that was sent.
    sent: String,
    /// Messages whose text came in pieces.
    streamed: HashSet<String>,
    /// Tools that were announced, and of which the end was told.
    announced: usize,
    ended: usize,
    usage: Value,
    has_failed: bool,
}

impl Writer {
    fn chunk(&self, delta: &Value, status: Option<&str>, reason: Option<&str>) -> String {
        let chunk = json!({
            "id": self.head.id, "object": "response.chunk", "created": self.head.created,
            "model": self.head.wanted.model, "delta": delta, "status": status, "finish_reason": reason,
        });
        format!("data: {chunk}\n\n")
    }

    fn write(&mut self, frame: Frame) -> String {
        match frame {
            Frame::Event(RunEvent::Token { id, chunk }) => {
                self.streamed.insert(id);
                self.text(&chunk)
            }
            Frame::Event(RunEvent::AddMessage(message)) => self.message(&message.dump_event()),
            Frame::Event(RunEvent::Error(message)) => self.fail(&message.text),
            // A flow that asks a human is refused before it runs.
            Frame::Event(_) | Frame::Waiting(_) => String::new(),
            Frame::Failed(why) if self.has_failed => {
                drop(why);
                DONE.into()
            }
            Frame::Failed(why) => self.fail(&why) + DONE,
            Frame::Answer(_) | Frame::BuildEnd { .. } => self.end(),
        }
    }

    fn text(&mut self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        self.sent.push_str(text);
        self.chunk(&json!({ "content": text }), None, None)
    }

    fn fail(&mut self, why: &str) -> String {
        self.has_failed = true;
        self.chunk(&json!({ "content": why }), Some("failed"), Some("error"))
    }

    /// What a message adds: its tools, and its text unless that has been sent.
    fn message(&mut self, message: &Value) -> String {
        let text = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("sender") == "User" {
            return String::new();
        }
        let mut out = self.tools(&tools(message));
        let counted = usage(message);
        if !counted.is_null() {
            self.usage = counted;
        }
        let is_partial = message.pointer("/properties/state").is_some_and(|state| state == "partial");
        // A chat output passes on what a model has streamed before.
        let is_known = self.streamed.contains(text("id")) || self.sent.ends_with(text("text"));
        if !is_partial && !is_known {
            let whole = text("text").to_owned();
            out.push_str(&self.text(&whole));
        }
        out
    }

    fn tools(&mut self, tools: &[ToolUse<'_>]) -> String {
        let mut out = String::new();
        for (at, tool) in tools.iter().enumerate() {
            let number = at + 1;
            if number > self.announced {
                self.announced = number;
                let item = json!({
                    "id": format!("fc_{number}"), "type": "function_call", "status": "in_progress",
                    "arguments": "", "call_id": format!("call_{number}"), "name": tool.name,
                });
                out.push_str(&event(
                    "response.output_item.added",
                    json!({"response_id": self.head.id, "output_index": at, "item": item}),
                ));
                for (name, key) in [
                    ("response.function_call_arguments.delta", "delta"),
                    ("response.function_call_arguments.done", "arguments"),
                ] {
                    out.push_str(&event(
                        name,
                        json!({"response_id": self.head.id, "item_id": format!("fc_{number}"), "output_index": at, key: arguments(tool)}),
                    ));
                }
            }
            if number > self.ended && !(tool.output.is_null() && tool.error.is_null()) {
                self.ended = number;
                let item = tool_item(number, tool, self.head.wanted.shows_results);
                out.push_str(&event(
                    "response.output_item.done",
                    json!({"response_id": self.head.id, "output_index": at, "item": item}),
                ));
            }
        }
        out
    }

    fn end(&self) -> String {
        let response = json!({
            "id": self.head.id, "object": "response", "created_at": self.head.created,
            "status": "completed", "model": self.head.wanted.model, "usage": self.usage,
        });
        self.chunk(&json!({}), Some("completed"), Some("stop"))
            + &event("response.completed", json!({ "response": response }))
            + DONE
    }
}

/// An event whose data names its type first.
fn event(name: &str, data: Value) -> String {
    let mut all = json!({ "type": name });
    if let (Some(all), Value::Object(data)) = (all.as_object_mut(), data) {
        all.extend(data);
    }
    format!("event: {name}\ndata: {all}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::Message;
    use std::sync::Arc;

    fn message(state: &str, text: &str) -> Frame {
        let mut message = Message::from_text(text.to_owned());
        message.sender = Some("Machine".into());
        message.id = Some(uuid::Uuid::from_u128(1));
        message.properties.state = if state == "partial" {
            langflow_core::value::MessageState::Partial
        } else {
            langflow_core::value::MessageState::Complete
        };
        Frame::Event(RunEvent::AddMessage(Arc::new(message)))
    }

    fn token(chunk: &str) -> Frame {
        Frame::Event(RunEvent::Token { id: uuid::Uuid::from_u128(1).to_string(), chunk: chunk.into() })
    }

    fn contents(frames: Vec<Frame>) -> Vec<String> {
        let mut writer = Writer::default();
        let text: String = frames.into_iter().map(|frame| writer.write(frame)).collect();
        let lines = text.lines().filter_map(|line| line.strip_prefix("data: "));
        lines
            .map(|line| {
                let data: Value = serde_json::from_str(line).unwrap_or_default();
                data.pointer("/delta/content").and_then(Value::as_str).unwrap_or("-").to_owned()
            })
            .collect()
    }

    #[test]
    fn every_text_is_sent_once() {
        let streamed = vec![
            message("partial", "one "),
            token("one "),
            token("two"),
            message("complete", "one two"),
            message("complete", "one two"),
        ];
        assert_eq!(contents(streamed), ["one ", "two"]);
        assert_eq!(contents(vec![message("complete", "all")]), ["all"]);
        assert_eq!(contents(vec![Frame::Failed("no".into())]), ["no", "-"]);
    }
}
