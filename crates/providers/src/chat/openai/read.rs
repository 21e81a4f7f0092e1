//! Answers and frames.

use super::super::decode::{Decoder, broke_off, event_json, not_readable, parse_arguments};
use crate::http::SseEvent;
use langflow_core::capability::{ChatDelta, ChatResponse, ToolCall};
use langflow_core::value::Usage;
use langflow_core::{Fault, FaultKind, Json};
use std::collections::BTreeMap;

/// A whole answer.
pub(super) fn response(service: &str, answer: &Json) -> Result<ChatResponse, Fault> {
    refusal(service, answer)?;
    let choice = answer.pointer("/choices/0").ok_or_else(|| not_readable(service, &"it holds no choice"))?;
    let message =
        choice.get("message").ok_or_else(|| not_readable(service, &"its choice holds no message"))?;
    let calls = message.get("tool_calls").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(ChatResponse {
        text: text_of(message.get("content")),
        tool_calls: calls.iter().enumerate().map(|(i, call)| whole_call(i, call)).collect(),
        usage: answer.get("usage").and_then(usage),
        finish_reason: string(choice, "finish_reason"),
        model: string(answer, "model"),
    })
}

fn whole_call(index: usize, call: &Json) -> ToolCall {
    let mut partial = PartialCall::default();
    partial.add(call);
    partial.finish(index)
}

/// Some gateways answer 200 with an error inside.
fn refusal(service: &str, answer: &Json) -> Result<(), Fault> {
    let Some(error) = answer.get("error").filter(|error| !error.is_null()) else { return Ok(()) };
    let text = error.get("message").or(Some(error)).and_then(Json::as_str).unwrap_or("no reason given");
    let status = error.get("code").and_then(Json::as_u64).unwrap_or_default();
    let kind = match status {
        401 | 403 => FaultKind::Unauthorised,
        429 => FaultKind::RateLimited,
        400..=499 => FaultKind::Invalid,
        _ => FaultKind::Unavailable,
    };
    Err(Fault::new(kind, format!("{service} failed: {text}")))
}

/// Content is text, or a list of parts of which the text ones count.
fn text_of(content: Option<&Json>) -> String {
    match content {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Array(parts)) => {
            parts.iter().filter_map(|part| part.get("text").and_then(Json::as_str)).collect()
        }
        _ => String::new(),
    }
}

fn string(json: &Json, key: &str) -> Option<String> {
    json.get(key).and_then(Json::as_str).map(str::to_owned)
}

fn usage(json: &Json) -> Option<Usage> {
    let count = |key: &str| json.get(key).and_then(Json::as_u64);
    let input_tokens = count("prompt_tokens")?;
    let output_tokens = count("completion_tokens").unwrap_or_default();
    let total_tokens = count("total_tokens").unwrap_or(input_tokens + output_tokens);
    Some(Usage { input_tokens, output_tokens, total_tokens })
}

/// A tool call that arrives in pieces.
#[derive(Debug, Default)]
struct PartialCall {
    id: String,
    name: String,
    arguments: String,
}

impl PartialCall {
    fn add(&mut self, piece: &Json) {
        let text = |pointer: &str| piece.pointer(pointer).and_then(Json::as_str).unwrap_or_default();
        if self.id.is_empty() {
            text("/id").clone_into(&mut self.id);
        }
        self.name.push_str(text("/function/name"));
        match piece.pointer("/function/arguments") {
            Some(Json::String(text)) => self.arguments.push_str(text),
            // A few servers send the object itself.
            Some(object @ Json::Object(_)) => self.arguments = object.to_string(),
            _ => {}
        }
    }

    fn finish(self, index: usize) -> ToolCall {
        ToolCall {
            id: if self.id.is_empty() { format!("call_{index}") } else { self.id },
            name: self.name,
            arguments: parse_arguments(&self.arguments),
        }
    }
}

/// Reads the frames of a stream.
pub(super) struct Frames {
    service: &'static str,
    calls: BTreeMap<u64, PartialCall>,
    /// A finish reason or the closing `[DONE]` was seen.
    whole: bool,
}

impl Frames {
    pub fn new(service: &'static str) -> Self {
        Self { service, calls: BTreeMap::new(), whole: false }
    }

    fn take_calls(&mut self) -> impl Iterator<Item = ChatDelta> + use<> {
        std::mem::take(&mut self.calls)
            .into_values()
            .enumerate()
            .map(|(index, call)| ChatDelta::ToolCall(call.finish(index)))
    }
}

impl Decoder for Frames {
    type Frame = SseEvent;

    fn push(&mut self, event: SseEvent) -> Result<Vec<ChatDelta>, Fault> {
        if event.data.trim() == "[DONE]" {
            self.whole = true;
            let mut deltas: Vec<_> = self.take_calls().collect();
            deltas.push(ChatDelta::Text(String::new()));
            return Ok(deltas);
        }
        let frame = event_json(self.service, &event)?;
        refusal(self.service, &frame)?;
        let choice = frame.pointer("/choices/0");
        let delta = choice.and_then(|choice| choice.get("delta"));
        let mut deltas = vec![ChatDelta::Text(text_of(delta.and_then(|delta| delta.get("content"))))];
        let pieces = delta.and_then(|delta| delta.get("tool_calls")).and_then(Json::as_array);
        for (position, piece) in pieces.into_iter().flatten().enumerate() {
            let index = piece.get("index").and_then(Json::as_u64).unwrap_or(position as u64);
            self.calls.entry(index).or_default().add(piece);
        }
        if let Some(reason) = choice.and_then(|choice| string(choice, "finish_reason")) {
            self.whole = true;
            deltas.extend(self.take_calls());
            deltas.push(ChatDelta::Finish(reason));
        }
        if let Some(usage) = frame.get("usage").and_then(usage) {
            deltas.push(ChatDelta::Usage(usage));
        }
        Ok(deltas)
    }

    fn finish(&mut self) -> Result<Vec<ChatDelta>, Fault> {
        if self.whole { Ok(self.take_calls().collect()) } else { Err(broke_off(self.service)) }
    }
}
