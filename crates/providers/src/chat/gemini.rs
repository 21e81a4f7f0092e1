//! The wire of Google's Gemini: `POST {base}/models/{model}:generateContent`.

use super::decode::{ANSWER_BYTES, Decoder, broke_off, deltas, event_json, not_readable};
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
use std::sync::Arc;

/// A chat model of Google.
#[derive(Debug)]
pub(super) struct GeminiChat {
    info: ModelInfo,
    target: Target,
    settings: ChatSettings,
    egress: Arc<dyn Egress>,
}

impl GeminiChat {
    pub fn new(target: Target, settings: ChatSettings, egress: Arc<dyn Egress>) -> Self {
        let info = ModelInfo {
            provider: target.profile.name.to_owned(),
            model: target.model.clone(),
            tools: !target.model.contains("image"),
            vision: true,
            json_schema: true,
            streaming: true,
        };
        Self { info, target, settings, egress }
    }

    async fn call(&self, request: &ChatRequest, verb: &str) -> Result<Call, Fault> {
        let target = self.target.ready(&*self.egress).await?;
        let model = target.model.trim_start_matches("models/");
        Ok(target
            .post(&format!("/models/{model}:{verb}"), self.settings.timeout, self.settings.retries)
            .json(&body(&self.settings, request)))
    }
}

#[async_trait]
impl ChatModel for GeminiChat {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    async fn complete(&self, request: ChatRequest) -> Result<ChatResponse, Fault> {
        let service = self.target.profile.name;
        let call = self.call(&request, "generateContent").await?;
        let answer = call.send_json(&*self.egress, service, ANSWER_BYTES).await?;
        let candidate = candidate(service, &answer)?;
        let mut response = ChatResponse {
            usage: usage(&answer),
            finish_reason: reason(candidate),
            model: answer.get("modelVersion").and_then(Json::as_str).map(str::to_owned),
            ..ChatResponse::default()
        };
        for (number, part) in parts(candidate).enumerate() {
            match read_part(part, number) {
                Some(ChatDelta::Text(text)) => response.text.push_str(&text),
                Some(ChatDelta::ToolCall(call)) => response.tool_calls.push(call),
                _ => {}
            }
        }
        Ok(response)
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, Fault> {
        let service = self.target.profile.name;
        let reply = self.call(&request, "streamGenerateContent").await?.query(&[("alt", "sse")]);
        let reply = reply.send_ok(&*self.egress, service).await?;
        Ok(deltas(sse_events(reply.body), Frames { service, calls: 0, whole: false }))
    }
}

fn body(settings: &ChatSettings, request: &ChatRequest) -> Json {
    let mut body = JsonMap::new();
    let system: Vec<String> =
        request.turns.iter().filter(|t| t.role == ChatRole::System).map(ChatTurn::plain_text).collect();
    if !system.is_empty() {
        body.insert("systemInstruction".into(), json!({ "parts": [{ "text": system.join("\n\n") }] }));
    }
    body.insert("contents".into(), contents(&request.turns));
    if !request.tools.is_empty() {
        let declarations: Vec<Json> = request
            .tools
            .iter()
            .map(|tool| {
                json!({ "name": tool.name, "description": tool.description, "parametersJsonSchema": tool.parameters })
            })
            .collect();
        body.insert("tools".into(), json!([{ "functionDeclarations": declarations }]));
    }
    if let Some(name) = &request.forced_tool {
        body.insert(
            "toolConfig".into(),
            json!({ "functionCallingConfig": { "mode": "ANY", "allowedFunctionNames": [name] } }),
        );
    }
    let config = generation_config(settings, &request.format);
    if !config.is_empty() {
        body.insert("generationConfig".into(), Json::Object(config));
    }
    for (key, value) in &settings.extra {
        body.insert(key.clone(), value.clone());
    }
    Json::Object(body)
}

fn generation_config(settings: &ChatSettings, format: &ResponseFormat) -> JsonMap {
    let mut config = JsonMap::new();
    if let Some(temperature) = settings.temperature {
        config.insert("temperature".into(), json!(temperature));
    }
    if let Some(top_p) = settings.top_p {
        config.insert("topP".into(), json!(top_p));
    }
    for (name, value, least) in [
        ("topK", settings.top_k, 1),
        ("maxOutputTokens", settings.max_tokens, 1),
        ("candidateCount", settings.n, 2),
    ] {
        if value >= least {
            config.insert(name.into(), json!(value));
        }
    }
    if let Some(seed) = settings.seed {
        config.insert("seed".into(), json!(seed));
    }
    if !settings.stop.is_empty() {
        config.insert("stopSequences".into(), json!(settings.stop));
    }
    match format {
        ResponseFormat::Schema { schema, .. } => {
            config.insert("responseMimeType".into(), json!("application/json"));
            config.insert("responseJsonSchema".into(), schema.clone());
        }
        ResponseFormat::Json => {
            config.insert("responseMimeType".into(), json!("application/json"));
        }
        ResponseFormat::Text => {}
    }
    config
}

fn contents(turns: &[ChatTurn]) -> Json {
    let mut contents: Vec<(&str, Vec<Json>)> = Vec::new();
    for turn in turns.iter().filter(|turn| turn.role != ChatRole::System) {
        let role = if turn.role == ChatRole::Assistant { "model" } else { "user" };
        let parts = turn_parts(turn);
        match contents.last_mut() {
            Some((last, all)) if *last == role => all.extend(parts),
            _ => contents.push((role, parts)),
        }
    }
    contents
        .into_iter()
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(role, parts)| json!({ "role": role, "parts": parts }))
        .collect()
}

fn turn_parts(turn: &ChatTurn) -> Vec<Json> {
    if turn.role == ChatRole::Tool {
        let response = json!({ "result": turn.plain_text() });
        return vec![json!({ "functionResponse": { "name": turn.name, "response": response } })];
    }
    let mut parts: Vec<Json> = turn
        .parts
        .iter()
        .filter_map(|part| match part {
            ContentPart::Text(text) if text.is_empty() => None,
            ContentPart::Text(text) => Some(json!({ "text": text })),
            ContentPart::Image { url } => Some(match split_data_url(url) {
                Some((media_type, data)) => json!({ "inlineData": { "mimeType": media_type, "data": data } }),
                None => json!({ "fileData": { "fileUri": url } }),
            }),
        })
        .collect();
    parts.extend(turn.tool_calls.iter().map(|call| {
        let arguments = if call.arguments.is_object() { call.arguments.clone() } else { json!({}) };
        json!({ "functionCall": { "name": call.name, "args": arguments } })
    }));
    parts
}

fn candidate<'a>(service: &str, answer: &'a Json) -> Result<&'a Json, Fault> {
    if let Some(candidate) = answer.pointer("/candidates/0") {
        return Ok(candidate);
    }
    match answer.pointer("/promptFeedback/blockReason").and_then(Json::as_str) {
        Some(why) => Err(Fault::new(FaultKind::Refused, format!("{service} refuses to answer: {why}"))),
        None => Err(not_readable(service, &"it holds no candidate")),
    }
}

fn parts(candidate: &Json) -> impl Iterator<Item = &Json> {
    candidate.pointer("/content/parts").and_then(Json::as_array).into_iter().flatten()
}

fn read_part(part: &Json, number: usize) -> Option<ChatDelta> {
    if part.get("thought").and_then(Json::as_bool) == Some(true) {
        return None;
    }
    if let Some(text) = part.get("text").and_then(Json::as_str) {
        return Some(ChatDelta::Text(text.to_owned()));
    }
    let call = part.get("functionCall")?;
    let id = call.get("id").and_then(Json::as_str).map_or_else(|| format!("call_{number}"), str::to_owned);
    Some(ChatDelta::ToolCall(ToolCall {
        id,
        name: call.get("name").and_then(Json::as_str)?.to_owned(),
        arguments: call.get("args").cloned().unwrap_or_else(|| json!({})),
    }))
}

fn reason(candidate: &Json) -> Option<String> {
    candidate.get("finishReason").and_then(Json::as_str).map(str::to_lowercase)
}

fn usage(answer: &Json) -> Option<Usage> {
    let usage = answer.get("usageMetadata")?;
    let count = |key: &str| usage.get(key).and_then(Json::as_u64).unwrap_or_default();
    let (input_tokens, output_tokens) =
        (count("promptTokenCount"), count("candidatesTokenCount") + count("thoughtsTokenCount"));
    Some(Usage {
        input_tokens,
        output_tokens,
        total_tokens: count("totalTokenCount").max(input_tokens + output_tokens),
    })
}

struct Frames {
    service: &'static str,
    calls: usize,
    whole: bool,
}

impl Decoder for Frames {
    type Frame = SseEvent;

    fn push(&mut self, event: SseEvent) -> Result<Vec<ChatDelta>, Fault> {
        let frame = event_json(self.service, &event)?;
        let candidate = candidate(self.service, &frame)?;
        let mut deltas = Vec::new();
        for part in parts(candidate) {
            if let Some(delta) = read_part(part, self.calls) {
                self.calls += usize::from(matches!(delta, ChatDelta::ToolCall(_)));
                deltas.push(delta);
            }
        }
        // Every frame repeats the counts; the last one is true.
        if let Some(reason) = reason(candidate) {
            self.whole = true;
            deltas.extend(usage(&frame).map(ChatDelta::Usage));
            deltas.push(ChatDelta::Finish(reason));
        }
        Ok(deltas)
    }

    fn finish(&mut self) -> Result<Vec<ChatDelta>, Fault> {
        if self.whole { Ok(Vec::new()) } else { Err(broke_off(self.service)) }
    }
}
