//! The wire of OpenAI.

use super::ask::{Ask, scripted, words};
use super::script::Scripted;
use super::{Shared, TOKENS_IN, TOKENS_OUT};
use axum::Json as JsonBody;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::{Value as Json, json};
use std::convert::Infallible;
use std::sync::Arc;

pub(crate) async fn chat(State(shared): State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    let answer = ask(&body).answer(&shared);
    if let Some(response) = answer.plain().await {
        return response;
    }
    let model = body.get("model").cloned().unwrap_or_default();
    let streams = body.get("stream").and_then(Json::as_bool).unwrap_or_default();
    if streams {
        let counts =
            body.pointer("/stream_options/include_usage").and_then(Json::as_bool).unwrap_or_default();
        return event_stream(frames(&answer, &model, counts));
    }
    if answer == Scripted::Half {
        return (axum::http::StatusCode::OK, r#"{"choices": [{"message": {"con"#).into_response();
    }
    let (message, reason) = match &answer {
        Scripted::ToolCalls(calls) => {
            (json!({ "role": "assistant", "content": null, "tool_calls": tool_calls(calls) }), "tool_calls")
        }
        Scripted::Text(text) => (json!({ "role": "assistant", "content": text }), "stop"),
        _ => (json!({ "role": "assistant", "content": "" }), "stop"),
    };
    JsonBody(json!({
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": model,
        "choices": [{ "index": 0, "message": message, "finish_reason": reason }],
        "usage": usage(),
    }))
    .into_response()
}

fn ask(body: &Json) -> Ask {
    let messages = body.get("messages").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let role = |message: &Json, role: &str| message.get("role").and_then(Json::as_str) == Some(role);
    let last_user = messages.iter().rposition(|message| role(message, "user"));
    let after = messages.iter().skip(last_user.map_or(0, |at| at + 1));
    Ask {
        user: last_user.and_then(|at| messages.get(at)).map(content).unwrap_or_default(),
        tool_results: after.filter(|message| role(message, "tool")).map(content).collect(),
        forced_tool: body.pointer("/tool_choice/function/name").and_then(Json::as_str).map(str::to_owned),
        wants_json: body
            .pointer("/response_format/type")
            .and_then(Json::as_str)
            .is_some_and(|kind| kind.starts_with("json")),
        has_tools: body.get("tools").and_then(Json::as_array).is_some_and(|tools| !tools.is_empty()),
    }
}

fn content(message: &Json) -> String {
    match message.get("content") {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Array(parts)) => {
            parts.iter().filter_map(|part| part.get("text").and_then(Json::as_str)).collect()
        }
        _ => String::new(),
    }
}

fn usage() -> Json {
    json!({
        "prompt_tokens": TOKENS_IN, "completion_tokens": TOKENS_OUT, "total_tokens": TOKENS_IN + TOKENS_OUT,
    })
}

fn tool_calls(calls: &[(String, Json)]) -> Json {
    calls
        .iter()
        .enumerate()
        .map(|(index, (name, arguments))| {
            let arguments = arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned);
            json!({
                "index": index,
                "id": format!("call_{index}"),
                "type": "function",
                "function": { "name": name, "arguments": arguments },
            })
        })
        .collect()
}

fn frames(answer: &Scripted, model: &Json, counts: bool) -> Vec<String> {
    let frame = |choices: Json, usage: Json| {
        let frame = json!({
            "id": "chatcmpl-fake", "object": "chat.completion.chunk", "created": 1_700_000_000,
            "model": model, "choices": choices, "usage": usage,
        });
        format!("data: {frame}\n\n")
    };
    let delta = |delta: Json, reason: Option<&str>| {
        frame(json!([{ "index": 0, "delta": delta, "finish_reason": reason }]), Json::Null)
    };
    let mut frames = Vec::new();
    let reason = match answer {
        Scripted::ToolCalls(calls) => {
            for call in tool_calls(calls).as_array().into_iter().flatten() {
                frames.push(delta(json!({ "role": "assistant", "tool_calls": [call] }), None));
            }
            "tool_calls"
        }
        Scripted::Half => {
            frames.push(delta(json!({ "role": "assistant", "content": "Half " }), None));
            return frames;
        }
        Scripted::Text(text) => {
            frames.extend(
                words(text).iter().map(|word| delta(json!({ "role": "assistant", "content": word }), None)),
            );
            "stop"
        }
        _ => "stop",
    };
    frames.push(delta(json!({}), Some(reason)));
    if counts {
        frames.push(frame(json!([]), usage()));
    }
    frames.push("data: [DONE]\n\n".into());
    frames
}

pub(crate) fn event_stream(frames: Vec<String>) -> Response {
    let body = Body::from_stream(stream::iter(frames.into_iter().map(Ok::<_, Infallible>)));
    ([("content-type", "text/event-stream")], body).into_response()
}

/// A vector that depends on the text alone: equal texts are equal, similar texts are near.
pub(crate) fn vector(text: &str, dimensions: usize) -> Vec<f32> {
    let mut vector = vec![0.0_f32; dimensions.max(1)];
    let lower = text.to_lowercase();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let hash = word.bytes().fold(5381_usize, |hash, byte| hash.wrapping_mul(33) ^ usize::from(byte));
        let len = vector.len();
        if let Some(slot) = vector.get_mut(hash % len) {
            *slot += 1.0;
        }
    }
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > 0.0 {
        for x in &mut vector {
            *x /= norm;
        }
    }
    vector
}

pub(crate) async fn embeddings(
    State(shared): State<Arc<Shared>>,
    JsonBody(body): JsonBody<Json>,
) -> Response {
    if let Some(response) = scripted(&shared).await {
        return response;
    }
    let dimensions = body.get("dimensions").and_then(Json::as_u64).unwrap_or(64) as usize;
    let texts: Vec<&str> = match body.get("input") {
        Some(Json::String(text)) => vec![text],
        Some(Json::Array(texts)) => texts.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let data: Vec<Json> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            json!({ "object": "embedding", "index": index, "embedding": vector(text, dimensions) })
        })
        .collect();
    JsonBody(json!({
        "object": "list", "data": data, "model": body.get("model"),
        "usage": { "prompt_tokens": TOKENS_IN, "total_tokens": TOKENS_IN },
    }))
    .into_response()
}

pub(crate) async fn models() -> JsonBody<Json> {
    let models: Vec<Json> = ["gpt-4o-mini", "gpt-4o", "text-embedding-3-small"]
        .iter()
        .map(|id| json!({ "id": id, "object": "model", "owned_by": "fake" }))
        .collect();
    JsonBody(json!({ "object": "list", "data": models }))
}
