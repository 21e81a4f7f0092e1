//! The wire of Ollama.

use super::ask::{Ask, words};
use super::openai::{event_stream, vector};
use super::script::Scripted;
use super::{Shared, TOKENS_IN, TOKENS_OUT};
use axum::Json as JsonBody;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub(crate) async fn chat(State(shared): State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    let answer = ask(&body).answer(&shared);
    if let Some(response) = answer.plain().await {
        return response;
    }
    let last = json!({
        "done": true, "done_reason": "stop", "prompt_eval_count": TOKENS_IN, "eval_count": TOKENS_OUT,
    });
    let message = |message: Json| json!({ "model": body.get("model"), "message": message, "done": false });
    if body.get("stream").and_then(Json::as_bool) == Some(false) {
        if answer == Scripted::Half {
            return r#"{"message": {"con"#.into_response();
        }
        let mut whole = message(said(&answer));
        if let (Some(whole), Some(last)) = (whole.as_object_mut(), last.as_object()) {
            whole.extend(last.clone());
        }
        return JsonBody(whole).into_response();
    }
    let mut lines: Vec<Json> = match &answer {
        Scripted::Text(text) => {
            words(text).iter().map(|word| message(json!({ "role": "assistant", "content": word }))).collect()
        }
        Scripted::Half => {
            return event_stream(vec![format!("{}\n", message(json!({ "content": "Half " })))]);
        }
        other => vec![message(said(other))],
    };
    let mut end = message(json!({ "role": "assistant", "content": "" }));
    if let (Some(end), Some(last)) = (end.as_object_mut(), last.as_object()) {
        end.extend(last.clone());
    }
    lines.push(end);
    event_stream(lines.iter().map(|line| format!("{line}\n")).collect())
}

fn said(answer: &Scripted) -> Json {
    match answer {
        Scripted::ToolCalls(calls) => {
            let calls: Vec<Json> = calls
                .iter()
                .map(|(name, arguments)| json!({ "function": { "name": name, "arguments": arguments } }))
                .collect();
            json!({ "role": "assistant", "content": "", "tool_calls": calls })
        }
        Scripted::Text(text) => json!({ "role": "assistant", "content": text }),
        _ => json!({ "role": "assistant", "content": "" }),
    }
}

fn ask(body: &Json) -> Ask {
    let messages = body.get("messages").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let role = |message: &Json, role: &str| message.get("role").and_then(Json::as_str) == Some(role);
    let content =
        |message: &Json| message.get("content").and_then(Json::as_str).unwrap_or_default().to_owned();
    let last_user = messages.iter().rposition(|message| role(message, "user"));
    let after = messages.iter().skip(last_user.map_or(0, |at| at + 1));
    Ask {
        user: last_user.and_then(|at| messages.get(at)).map(content).unwrap_or_default(),
        tool_results: after.filter(|message| role(message, "tool")).map(content).collect(),
        forced_tool: None,
        wants_json: body.get("format").is_some(),
        has_tools: body.get("tools").is_some(),
    }
}

pub(crate) async fn embed(State(shared): State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    if let Some(scripted) = shared.next_scripted()
        && let Some(response) = scripted.plain().await
    {
        return response;
    }
    let texts = body.get("input").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let vectors: Vec<Vec<f32>> =
        texts.iter().map(|text| vector(text.as_str().unwrap_or_default(), 64)).collect();
    JsonBody(json!({ "model": body.get("model"), "embeddings": vectors })).into_response()
}

/// `GET /api/tags`.
pub(crate) async fn tags() -> JsonBody<Json> {
    JsonBody(json!({ "models": [{ "name": "llama3.2:latest" }, { "name": "nomic-embed-text:latest" }] }))
}
