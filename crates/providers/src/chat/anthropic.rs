//! The wire of Anthropic's messages: `POST {base}/v1/messages`.

use super::decode::{ANSWER_BYTES, Decoder, broke_off, deltas, event_json, not_readable, parse_arguments};
use super::settings::{ChatSettings, Target};
use crate::http::{Call, SseEvent, sse_events};
use crate::media::split_data_url;
use langflow_core::capability::{
    ChatDelta, ChatModel, ChatRequest, ChatResponse, ChatRole, ChatStream, ChatTurn, ContentPart, ModelInfo,
    ResponseFormat, ToolCall,
};
use langflow_core::run::Egress;
use langflow_core::value::Usage;
use langflow_core::{Fault, FaultKind, Json, JsonMap, async_trait};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

const VERSION: &str = "2023-06-01";
/// The wire requires a bound on the answer.
const MAX_TOKENS: u64 = 4096;
/// The tool whose arguments are a structured answer.
const FORM: &str = "structured_answer";

/// A chat model of Anthropic.
#[derive(Debug)]
pub(super) struct AnthropicChat {
    info: ModelInfo,
    target: Target,
    settings: ChatSettings,
    egress: Arc<dyn Egress>,
}

impl AnthropicChat {
    pub fn new(target: Target, settings: ChatSettings, egress: Arc<dyn Egress>) -> Self {
        let info = ModelInfo {
            provider: target.profile.name.to_owned(),
            model: target.model.clone(),
            tools: true,
            vision: true,
            json_schema: true,
            streaming: true,
        };
        Self { info, target, settings, egress }
    }

    fn call(&self, request: &ChatRequest, stream: bool, temperature: bool) -> Call {
        self.target
            .post("/v1/messages", self.settings.timeout, self.settings.retries)
            .header("anthropic-version", VERSION)
            .json(&body(&self.target, &self.settings, request, stream, temperature))
    }

    /// Newer models refuse a temperature: then the call is made once more without.
    async fn send(&self, request: &ChatRequest, stream: bool) -> Result<langflow_core::run::Reply, Fault> {
        let service = self.target.profile.name;
        let sent = self.call(request, stream, true).send_ok(&*self.egress, service).await;
        match sent {
            Err(fault)
                if self.settings.temperature.is_some()
                    && fault.kind() == FaultKind::Invalid
                    && fault.message().contains("temperature") =>
            {
                self.call(request, stream, false).send_ok(&*self.egress, service).await
            }
            other => other,
        }
    }
}

#[async_trait]
impl ChatModel for AnthropicChat {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    async fn complete(&self, request: ChatRequest) -> Result<ChatResponse, Fault> {
        let service = self.target.profile.name;
        let answer = self.send(&request, false).await?.bytes(ANSWER_BYTES).await?;
        let answer: Json = serde_json::from_slice(&answer).map_err(|e| not_readable(service, &e))?;
        response(service, &answer)
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, Fault> {
        let reply = self.send(&request, true).await?;
        Ok(deltas(sse_events(reply.body), Frames::new(self.target.profile.name)))
    }
}

fn body(
    target: &Target,
    settings: &ChatSettings,
    request: &ChatRequest,
    stream: bool,
    temperature: bool,
) -> Json {
    let mut body = JsonMap::new();
    body.insert("model".into(), json!(target.model));
    body.insert(
        "max_tokens".into(),
        json!(if settings.max_tokens >= 1 { settings.max_tokens } else { MAX_TOKENS }),
    );
    let system: Vec<String> =
        request.turns.iter().filter(|t| t.role == ChatRole::System).map(ChatTurn::plain_text).collect();
    if !system.is_empty() {
        body.insert("system".into(), json!(system.join("\n\n")));
    }
    body.insert("messages".into(), messages(&request.turns));
    if stream {
        body.insert("stream".into(), json!(true));
    }
    if let Some(degree) = settings.temperature
        && temperature
    {
        body.insert("temperature".into(), json!(degree));
    }
    if let Some(top_p) = settings.top_p {
        body.insert("top_p".into(), json!(top_p));
    }
    if settings.top_k >= 1 {
        body.insert("top_k".into(), json!(settings.top_k));
    }
    if !settings.stop.is_empty() {
        body.insert("stop_sequences".into(), json!(settings.stop));
    }
    let mut tools: Vec<Json> = request
        .tools
        .iter()
        .map(|tool| json!({ "name": tool.name, "description": tool.description, "input_schema": tool.parameters }))
        .collect();
    let mut forced = request.forced_tool.clone();
    if let ResponseFormat::Schema { schema, .. } = &request.format {
        tools.push(json!({ "name": FORM, "description": "Hands in the answer.", "input_schema": schema }));
        forced = Some(FORM.to_owned());
    }
    if !tools.is_empty() {
        body.insert("tools".into(), Json::Array(tools));
    }
    if let Some(name) = forced {
        body.insert("tool_choice".into(), json!({ "type": "tool", "name": name }));
    }
    for (key, value) in &settings.extra {
        body.insert(key.clone(), value.clone());
    }
    Json::Object(body)
}

/// Turns as messages; neighbours of one side are one message, as the wire wants it.
fn messages(turns: &[ChatTurn]) -> Json {
    let mut messages: Vec<(&str, Vec<Json>)> = Vec::new();
    for turn in turns.iter().filter(|turn| turn.role != ChatRole::System) {
        let role = if turn.role == ChatRole::Assistant { "assistant" } else { "user" };
        let blocks = blocks(turn);
        match messages.last_mut() {
            Some((last, all)) if *last == role => all.extend(blocks),
            _ => messages.push((role, blocks)),
        }
    }
    messages
        .into_iter()
        .filter(|(_, blocks)| !blocks.is_empty())
        .map(|(role, blocks)| match blocks.as_slice() {
            [one] if one.get("type") == Some(&json!("text")) => {
                json!({ "role": role, "content": one.get("text") })
            }
            _ => json!({ "role": role, "content": blocks }),
        })
        .collect()
}

fn blocks(turn: &ChatTurn) -> Vec<Json> {
    if turn.role == ChatRole::Tool {
        return vec![json!({
            "type": "tool_result", "tool_use_id": turn.tool_call_id, "content": turn.plain_text(),
        })];
    }
    let mut blocks: Vec<Json> = turn
        .parts
        .iter()
        .filter_map(|part| match part {
            ContentPart::Text(text) if text.is_empty() => None,
            ContentPart::Text(text) => Some(json!({ "type": "text", "text": text })),
            ContentPart::Image { url } => Some(json!({ "type": "image", "source": image(url) })),
        })
        .collect();
    blocks.extend(turn.tool_calls.iter().map(|call| {
        let input = if call.arguments.is_object() { call.arguments.clone() } else { json!({}) };
        json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": input })
    }));
    blocks
}

fn image(url: &str) -> Json {
    match split_data_url(url) {
        Some((media_type, data)) => json!({ "type": "base64", "media_type": media_type, "data": data }),
        None => json!({ "type": "url", "url": url }),
    }
}

fn response(service: &str, answer: &Json) -> Result<ChatResponse, Fault> {
    let blocks = answer
        .get("content")
        .and_then(Json::as_array)
        .ok_or_else(|| not_readable(service, &"it has no content"))?;
    let mut response = ChatResponse {
        finish_reason: answer.get("stop_reason").and_then(Json::as_str).map(str::to_owned),
        model: answer.get("model").and_then(Json::as_str).map(str::to_owned),
        usage: answer
            .get("usage")
            .map(|usage| counted(count(usage, "input_tokens"), count(usage, "output_tokens"))),
        ..ChatResponse::default()
    };
    for block in blocks {
        let text = |key: &str| block.get(key).and_then(Json::as_str).unwrap_or_default();
        match text("type") {
            "text" => response.text.push_str(text("text")),
            "tool_use" if text("name") == FORM => {
                response.text = block.get("input").unwrap_or(&Json::Null).to_string();
            }
            "tool_use" => response.tool_calls.push(ToolCall {
                id: text("id").to_owned(),
                name: text("name").to_owned(),
                arguments: block.get("input").cloned().unwrap_or_else(|| json!({})),
            }),
            _ => {}
        }
    }
    Ok(response)
}

fn count(usage: &Json, key: &str) -> u64 {
    usage.get(key).and_then(Json::as_u64).unwrap_or_default()
}

fn counted(input_tokens: u64, output_tokens: u64) -> Usage {
    Usage { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens }
}

/// Reads the events of a stream.
struct Frames {
    service: &'static str,
    /// Open tool calls: id, name, arguments so far.
    calls: BTreeMap<u64, (String, String, String)>,
    input_tokens: u64,
    whole: bool,
}

impl Frames {
    fn new(service: &'static str) -> Self {
        Self { service, calls: BTreeMap::new(), input_tokens: 0, whole: false }
    }
}

impl Decoder for Frames {
    type Frame = SseEvent;

    fn push(&mut self, event: SseEvent) -> Result<Vec<ChatDelta>, Fault> {
        let frame = event_json(self.service, &event)?;
        let text =
            |pointer: &str| frame.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
        let index = frame.get("index").and_then(Json::as_u64).unwrap_or_default();
        Ok(match text("/type").as_str() {
            "message_start" => {
                self.input_tokens =
                    frame.pointer("/message/usage").map_or(0, |usage| count(usage, "input_tokens"));
                Vec::new()
            }
            "content_block_start" if text("/content_block/type") == "tool_use" => {
                self.calls
                    .insert(index, (text("/content_block/id"), text("/content_block/name"), String::new()));
                Vec::new()
            }
            "content_block_delta" => match text("/delta/type").as_str() {
                "text_delta" => vec![ChatDelta::Text(text("/delta/text"))],
                "input_json_delta" => {
                    if let Some((_, _, arguments)) = self.calls.get_mut(&index) {
                        arguments.push_str(&text("/delta/partial_json"));
                    }
                    Vec::new()
                }
                _ => Vec::new(),
            },
            "content_block_stop" => match self.calls.remove(&index) {
                Some((_, name, arguments)) if name == FORM => vec![ChatDelta::Text(arguments)],
                Some((id, name, arguments)) => {
                    vec![ChatDelta::ToolCall(ToolCall { id, name, arguments: parse_arguments(&arguments) })]
                }
                None => Vec::new(),
            },
            "message_delta" => {
                let output = frame.get("usage").map_or(0, |usage| count(usage, "output_tokens"));
                let mut deltas = vec![ChatDelta::Usage(counted(self.input_tokens, output))];
                let reason = text("/delta/stop_reason");
                if !reason.is_empty() {
                    deltas.push(ChatDelta::Finish(reason));
                }
                deltas
            }
            "message_stop" => {
                self.whole = true;
                Vec::new()
            }
            "error" => {
                let kind = match text("/error/type").as_str() {
                    "authentication_error" | "permission_error" => FaultKind::Unauthorised,
                    "rate_limit_error" => FaultKind::RateLimited,
                    "invalid_request_error" => FaultKind::Invalid,
                    _ => FaultKind::Unavailable,
                };
                return Err(Fault::new(kind, format!("{} failed: {}", self.service, text("/error/message"))));
            }
            _ => Vec::new(),
        })
    }

    fn finish(&mut self) -> Result<Vec<ChatDelta>, Fault> {
        if self.whole { Ok(Vec::new()) } else { Err(broke_off(self.service)) }
    }
}
