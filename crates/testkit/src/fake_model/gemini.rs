//! The wire of Gemini.

use super::ask::{Ask, scripted, words};
use super::clouds::predict;
use super::openai::{event_stream, vector};
use super::script::Scripted;
use super::{Shared, TOKENS_IN, TOKENS_OUT};
use axum::Json as JsonBody;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// `POST /v1beta/models/{model}:{verb}`.
pub(crate) async fn call(
    State(shared): State<Arc<Shared>>,
    Path(rest): Path<String>,
    JsonBody(body): JsonBody<Json>,
) -> Response {
    let verb = rest.rsplit(':').next().unwrap_or_default().to_owned();
    if verb == "batchEmbedContents" {
        return embed(&shared, &body).await;
    }
    if verb == "predict" {
        return match scripted(&shared).await {
            Some(response) => response,
            None => predict(&body),
        };
    }
    let answer = ask(&body).answer(&shared);
    if let Some(response) = answer.plain().await {
        return response;
    }
    let usage = json!({
        "promptTokenCount": TOKENS_IN, "candidatesTokenCount": TOKENS_OUT, "totalTokenCount": TOKENS_IN + TOKENS_OUT,
    });
    let candidate = |parts: Json, reason: Option<&str>| {
        json!({
            "candidates": [{ "content": { "role": "model", "parts": parts }, "finishReason": reason }],
            "usageMetadata": usage,
        })
    };
    match verb.as_str() {
        "generateContent" if answer == Scripted::Half => r#"{"candidates": [{"con"#.into_response(),
        "generateContent" => JsonBody(candidate(parts(&answer), Some("STOP"))).into_response(),
        "streamGenerateContent" => {
            let frame = |json: Json| format!("data: {json}\n\n");
            let mut frames: Vec<String> = match &answer {
                Scripted::Text(text) => {
                    words(text).iter().map(|word| frame(candidate(json!([{ "text": word }]), None))).collect()
                }
                Scripted::Half => {
                    return event_stream(vec![frame(candidate(json!([{ "text": "Half " }]), None))]);
                }
                other => vec![frame(candidate(parts(other), None))],
            };
            frames.push(frame(candidate(json!([]), Some("STOP"))));
            event_stream(frames)
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn parts(answer: &Scripted) -> Json {
    match answer {
        Scripted::ToolCalls(calls) => calls
            .iter()
            .map(|(name, args)| json!({ "functionCall": { "name": name, "args": args } }))
            .collect(),
        Scripted::Text(text) => json!([{ "text": text }]),
        _ => json!([]),
    }
}

fn ask(body: &Json) -> Ask {
    let contents = body.get("contents").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut ask = Ask {
        forced_tool: body
            .pointer("/toolConfig/functionCallingConfig/allowedFunctionNames/0")
            .and_then(Json::as_str)
            .map(str::to_owned),
        wants_json: body.pointer("/generationConfig/responseMimeType") == Some(&json!("application/json")),
        has_tools: body.get("tools").is_some(),
        ..Ask::default()
    };
    for content in contents.iter().filter(|c| c.get("role").and_then(Json::as_str) == Some("user")) {
        let parts = content.get("parts").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let texts: Vec<&str> = parts.iter().filter_map(|part| part.get("text")?.as_str()).collect();
        if !texts.is_empty() {
            ask.user = texts.concat();
            ask.tool_results.clear();
        }
        let results =
            parts.iter().filter_map(|part| part.pointer("/functionResponse/response/result")?.as_str());
        ask.tool_results.extend(results.map(str::to_owned));
    }
    ask
}

async fn embed(shared: &Shared, body: &Json) -> Response {
    if let Some(response) = scripted(shared).await {
        return response;
    }
    let requests = body.get("requests").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let embeddings: Vec<Json> = requests
        .iter()
        .map(|request| {
            let text = request.pointer("/content/parts/0/text").and_then(Json::as_str).unwrap_or_default();
            let dimensions = request.get("outputDimensionality").and_then(Json::as_u64).unwrap_or(64);
            json!({ "values": vector(text, dimensions as usize) })
        })
        .collect();
    JsonBody(json!({ "embeddings": embeddings })).into_response()
}
