//! The wire of Amazon Bedrock.

use super::ask::{Ask, scripted, words};
use super::openai::vector;
use super::script::Scripted;
use super::{Shared, TOKENS_IN, TOKENS_OUT};
use axum::Json as JsonBody;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// `POST /model/{model}/{verb}`.
pub(crate) async fn call(
    State(shared): State<Arc<Shared>>,
    Path((_, verb)): Path<(String, String)>,
    JsonBody(body): JsonBody<Json>,
) -> Response {
    if verb == "invoke" {
        return embed(&shared, &body).await;
    }
    let answer = ask(&body).answer(&shared);
    if let Some(response) = answer.plain().await {
        return response;
    }
    let reason = if matches!(answer, Scripted::ToolCalls(_)) { "tool_use" } else { "end_turn" };
    match verb.as_str() {
        "converse" if answer == Scripted::Half => r#"{"output": {"mess"#.into_response(),
        "converse" => JsonBody(json!({
            "output": { "message": { "role": "assistant", "content": blocks(&answer) } },
            "stopReason": reason, "usage": usage(), "metrics": { "latencyMs": 1 },
        }))
        .into_response(),
        "converse-stream" => {
            let body: Vec<u8> = frames(&answer, reason).concat();
            ([("content-type", "application/vnd.amazon.eventstream")], body).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn usage() -> Json {
    json!({ "inputTokens": TOKENS_IN, "outputTokens": TOKENS_OUT, "totalTokens": TOKENS_IN + TOKENS_OUT })
}

fn blocks(answer: &Scripted) -> Vec<Json> {
    match answer {
        Scripted::ToolCalls(calls) => calls
            .iter()
            .enumerate()
            .map(|(n, (name, input))| {
                json!({ "toolUse": { "toolUseId": format!("tooluse_{n}"), "name": name, "input": input } })
            })
            .collect(),
        Scripted::Text(text) => vec![json!({ "text": text })],
        _ => Vec::new(),
    }
}

fn ask(body: &Json) -> Ask {
    let list = |json: &Json, key: &str| json.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
    let mut ask = Ask {
        forced_tool: body
            .pointer("/toolConfig/toolChoice/tool/name")
            .and_then(Json::as_str)
            .map(str::to_owned),
        has_tools: body.pointer("/toolConfig/tools/0").is_some(),
        ..Ask::default()
    };
    for message in list(body, "messages").iter().filter(|m| m.get("role") == Some(&json!("user"))) {
        let content = list(message, "content");
        let texts: Vec<&str> = content.iter().filter_map(|block| block.get("text")?.as_str()).collect();
        if !texts.is_empty() {
            ask.user = texts.concat();
            ask.tool_results.clear();
        }
        let results =
            content.iter().filter_map(|block| block.pointer("/toolResult/content/0/text")?.as_str());
        ask.tool_results.extend(results.map(str::to_owned));
    }
    ask
}

fn frames(answer: &Scripted, reason: &str) -> Vec<Vec<u8>> {
    let mut frames = vec![frame("messageStart", &json!({ "role": "assistant" }))];
    let delta = |index: usize, delta: Json| {
        frame("contentBlockDelta", &json!({ "contentBlockIndex": index, "delta": delta }))
    };
    match answer {
        Scripted::ToolCalls(calls) => {
            for (index, (name, input)) in calls.iter().enumerate() {
                let start = json!({ "toolUse": { "toolUseId": format!("tooluse_{index}"), "name": name } });
                frames
                    .push(frame("contentBlockStart", &json!({ "contentBlockIndex": index, "start": start })));
                frames.push(delta(index, json!({ "toolUse": { "input": input.to_string() } })));
                frames.push(frame("contentBlockStop", &json!({ "contentBlockIndex": index })));
            }
        }
        Scripted::Half => {
            frames.push(delta(0, json!({ "text": "Half " })));
            return frames;
        }
        Scripted::Text(text) => {
            frames.extend(words(text).iter().map(|word| delta(0, json!({ "text": word }))));
            frames.push(frame("contentBlockStop", &json!({ "contentBlockIndex": 0 })));
        }
        _ => {}
    }
    frames.push(frame("messageStop", &json!({ "stopReason": reason })));
    frames.push(frame("metadata", &json!({ "usage": usage() })));
    frames
}

/// A message of the event stream: lengths, headers, body, checksums.
fn frame(kind: &str, body: &Json) -> Vec<u8> {
    let mut headers = Vec::new();
    for (name, value) in [(":message-type", "event"), (":event-type", kind)] {
        headers.push(name.len() as u8);
        headers.extend_from_slice(name.as_bytes());
        headers.push(7);
        headers.extend_from_slice(&(value.len() as u16).to_be_bytes());
        headers.extend_from_slice(value.as_bytes());
    }
    let body = body.to_string();
    let mut all = ((12 + headers.len() + body.len() + 4) as u32).to_be_bytes().to_vec();
    all.extend_from_slice(&(headers.len() as u32).to_be_bytes());
    all.extend_from_slice(&crc32(&all).to_be_bytes());
    all.extend_from_slice(&headers);
    all.extend_from_slice(body.as_bytes());
    all.extend_from_slice(&crc32(&all).to_be_bytes());
    all
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

async fn embed(shared: &Shared, body: &Json) -> Response {
    if let Some(response) = scripted(shared).await {
        return response;
    }
    if let Some(texts) = body.get("texts").and_then(Json::as_array) {
        let vectors: Vec<_> =
            texts.iter().map(|text| vector(text.as_str().unwrap_or_default(), 64)).collect();
        return JsonBody(json!({ "embeddings": vectors })).into_response();
    }
    let text = body.get("inputText").and_then(Json::as_str).unwrap_or_default();
    JsonBody(json!({ "embedding": vector(text, 64), "inputTextTokenCount": TOKENS_IN })).into_response()
}
