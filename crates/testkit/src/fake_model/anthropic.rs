//! The wire of Anthropic.

use super::ask::{Ask, words};
use super::openai::event_stream;
use super::script::Scripted;
use super::{Shared, TOKENS_IN, TOKENS_OUT};
use axum::Json as JsonBody;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub(crate) async fn messages(State(shared): State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    let answer = ask(&body).answer(&shared);
    if let Some(response) = answer.plain().await {
        return response;
    }
    if body.get("stream").and_then(Json::as_bool).unwrap_or_default() {
        return event_stream(frames(&answer));
    }
    if answer == Scripted::Half {
        return r#"{"content": [{"type": "te"#.into_response();
    }
    let reason = if matches!(answer, Scripted::ToolCalls(_)) { "tool_use" } else { "end_turn" };
    JsonBody(json!({
        "id": "msg_fake", "type": "message", "role": "assistant", "model": body.get("model"),
        "content": blocks(&answer), "stop_reason": reason,
        "usage": { "input_tokens": TOKENS_IN, "output_tokens": TOKENS_OUT },
    }))
    .into_response()
}

fn blocks(answer: &Scripted) -> Vec<Json> {
    match answer {
        Scripted::ToolCalls(calls) => calls
            .iter()
            .enumerate()
            .map(|(n, (name, input))| json!({ "type": "tool_use", "id": format!("toolu_{n}"), "name": name, "input": input }))
            .collect(),
        Scripted::Text(text) => vec![json!({ "type": "text", "text": text })],
        _ => Vec::new(),
    }
}

fn ask(body: &Json) -> Ask {
    let messages = body.get("messages").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut ask = Ask {
        forced_tool: body.pointer("/tool_choice/name").and_then(Json::as_str).map(str::to_owned),
        has_tools: body.get("tools").and_then(Json::as_array).is_some_and(|tools| !tools.is_empty()),
        ..Ask::default()
    };
    for message in messages.iter().filter(|m| m.get("role").and_then(Json::as_str) == Some("user")) {
        match message.get("content") {
            Some(Json::String(text)) => {
                ask.user = text.clone();
                ask.tool_results.clear();
            }
            Some(Json::Array(blocks)) => {
                let of = |kind: &str, key: &str| -> Vec<String> {
                    blocks
                        .iter()
                        .filter(|block| block.get("type").and_then(Json::as_str) == Some(kind))
                        .filter_map(|block| block.get(key).and_then(Json::as_str).map(str::to_owned))
                        .collect()
                };
                let texts = of("text", "text");
                if !texts.is_empty() {
                    ask.user = texts.concat();
                    ask.tool_results.clear();
                }
                ask.tool_results.extend(of("tool_result", "content"));
            }
            _ => {}
        }
    }
    ask
}

fn frames(answer: &Scripted) -> Vec<String> {
    let frame = |data: Json| {
        let event = data.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
        format!("event: {event}\ndata: {data}\n\n")
    };
    let mut frames = vec![frame(json!({
        "type": "message_start", "message": { "usage": { "input_tokens": TOKENS_IN, "output_tokens": 1 } },
    }))];
    let block =
        |index: usize, start: Json, deltas: Vec<Json>| {
            let mut frames =
                vec![frame(json!({ "type": "content_block_start", "index": index, "content_block": start }))];
            frames.extend(deltas.into_iter().map(|delta| {
                frame(json!({ "type": "content_block_delta", "index": index, "delta": delta }))
            }));
            frames.push(frame(json!({ "type": "content_block_stop", "index": index })));
            frames
        };
    let text = |word: &str| json!({ "type": "text_delta", "text": word });
    let reason = match answer {
        Scripted::ToolCalls(calls) => {
            for (index, (name, input)) in calls.iter().enumerate() {
                let start =
                    json!({ "type": "tool_use", "id": format!("toolu_{index}"), "name": name, "input": {} });
                let delta = json!({ "type": "input_json_delta", "partial_json": input.to_string() });
                frames.extend(block(index, start, vec![delta]));
            }
            "tool_use"
        }
        Scripted::Half => {
            frames.push(frame(json!({ "type": "content_block_delta", "index": 0, "delta": text("Half ") })));
            return frames;
        }
        Scripted::Text(said) => {
            let start = json!({ "type": "text", "text": "" });
            frames.extend(block(0, start, words(said).iter().map(|word| text(word)).collect()));
            "end_turn"
        }
        _ => "end_turn",
    };
    frames.push(frame(json!({
        "type": "message_delta", "delta": { "stop_reason": reason }, "usage": { "output_tokens": TOKENS_OUT },
    })));
    frames.push(frame(json!({ "type": "message_stop" })));
    frames
}
