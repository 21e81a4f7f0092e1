//! The wire of Ollama: `POST {base}/api/chat`, answers as JSON lines.

use super::decode::{ANSWER_BYTES, Decoder, broke_off, deltas, not_readable};
use super::settings::{ChatSettings, Target};
use crate::http::{Call, json_lines};
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

/// A chat model on an Ollama server.
#[derive(Debug)]
pub(super) struct OllamaChat {
    info: ModelInfo,
    target: Target,
    settings: ChatSettings,
    egress: Arc<dyn Egress>,
}

impl OllamaChat {
    pub fn new(mut target: Target, settings: ChatSettings, egress: Arc<dyn Egress>) -> Self {
        // Addresses of its OpenAI-compatible side are taken too.
        if let Some(root) = target.base_url.strip_suffix("/v1") {
            target.base_url = root.to_owned();
        }
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

    fn call(&self, request: &ChatRequest, stream: bool) -> Call {
        self.target.post("/api/chat", self.settings.timeout, self.settings.retries).json(&body(
            &self.target,
            &self.settings,
            request,
            stream,
        ))
    }
}

#[async_trait]
impl ChatModel for OllamaChat {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    async fn complete(&self, request: ChatRequest) -> Result<ChatResponse, Fault> {
        let service = self.target.profile.name;
        let answer = self.call(&request, false).send_json(&*self.egress, service, ANSWER_BYTES).await?;
        let message = answer.get("message").ok_or_else(|| not_readable(service, &"it holds no message"))?;
        Ok(ChatResponse {
            text: message.get("content").and_then(Json::as_str).unwrap_or_default().to_owned(),
            tool_calls: calls(message, 0),
            usage: usage(&answer),
            finish_reason: answer.get("done_reason").and_then(Json::as_str).map(str::to_owned),
            model: answer.get("model").and_then(Json::as_str).map(str::to_owned),
        })
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, Fault> {
        let service = self.target.profile.name;
        let reply = self.call(&request, true).send_ok(&*self.egress, service).await?;
        Ok(deltas(json_lines(service, reply.body), Lines { service, calls: 0, whole: false }))
    }
}

fn body(target: &Target, settings: &ChatSettings, request: &ChatRequest, stream: bool) -> Json {
    let mut body = JsonMap::new();
    body.insert("model".into(), json!(target.model));
    body.insert("messages".into(), request.turns.iter().map(message).collect());
    body.insert("stream".into(), json!(stream));
    let mut options = JsonMap::new();
    if let Some(temperature) = settings.temperature {
        options.insert("temperature".into(), json!(temperature));
    }
    if let Some(top_p) = settings.top_p {
        options.insert("top_p".into(), json!(top_p));
    }
    for (name, value) in [("top_k", settings.top_k), ("num_predict", settings.max_tokens)] {
        if value >= 1 {
            options.insert(name.into(), json!(value));
        }
    }
    if let Some(seed) = settings.seed {
        options.insert("seed".into(), json!(seed));
    }
    if !settings.stop.is_empty() {
        options.insert("stop".into(), json!(settings.stop));
    }
    // What a component sets beside is an option of the model, not of the request.
    options.extend(settings.extra.clone());
    if !options.is_empty() {
        body.insert("options".into(), Json::Object(options));
    }
    let mut tools: Vec<Json> = request
        .tools
        .iter()
        .map(|tool| {
            json!({ "type": "function", "function": {
                "name": tool.name, "description": tool.description, "parameters": tool.parameters } })
        })
        .collect();
    // The wire cannot force a tool: the only one offered, with its form as the answer, comes to the same.
    let forced =
        request.forced_tool.as_ref().and_then(|name| request.tools.iter().find(|tool| &tool.name == name));
    if let Some(tool) = forced {
        tools.clear();
        body.insert("format".into(), tool.parameters.clone());
    }
    if !tools.is_empty() {
        body.insert("tools".into(), Json::Array(tools));
    }
    match &request.format {
        ResponseFormat::Schema { schema, .. } => {
            body.insert("format".into(), schema.clone());
        }
        ResponseFormat::Json => {
            body.insert("format".into(), json!("json"));
        }
        ResponseFormat::Text if settings.json_mode => {
            body.insert("format".into(), json!("json"));
        }
        ResponseFormat::Text => {}
    }
    Json::Object(body)
}

fn message(turn: &ChatTurn) -> Json {
    let role = match turn.role {
        ChatRole::System => "system",
        ChatRole::User => "user",
        ChatRole::Assistant => "assistant",
        ChatRole::Tool => "tool",
    };
    let mut message = JsonMap::new();
    message.insert("role".into(), json!(role));
    message.insert("content".into(), json!(turn.plain_text()));
    let images: Vec<&str> = turn
        .parts
        .iter()
        .filter_map(|part| match part {
            ContentPart::Image { url } => split_data_url(url).map(|(_, data)| data),
            ContentPart::Text(_) => None,
        })
        .collect();
    if !images.is_empty() {
        message.insert("images".into(), json!(images));
    }
    if !turn.tool_calls.is_empty() {
        let calls = turn
            .tool_calls
            .iter()
            .map(|call| json!({ "function": { "name": call.name, "arguments": call.arguments } }));
        message.insert("tool_calls".into(), calls.collect());
    }
    if let Some(name) = &turn.name {
        message.insert("tool_name".into(), json!(name));
    }
    Json::Object(message)
}

fn calls(message: &Json, before: usize) -> Vec<ToolCall> {
    let calls = message.get("tool_calls").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    calls
        .iter()
        .enumerate()
        .filter_map(|(number, call)| {
            let function = call.get("function")?;
            Some(ToolCall {
                id: format!("call_{}", before + number),
                name: function.get("name")?.as_str()?.to_owned(),
                arguments: function.get("arguments").cloned().unwrap_or_else(|| json!({})),
            })
        })
        .collect()
}

fn usage(answer: &Json) -> Option<Usage> {
    let input_tokens = answer.get("prompt_eval_count").and_then(Json::as_u64).unwrap_or_default();
    let output_tokens = answer.get("eval_count").and_then(Json::as_u64)?;
    Some(Usage { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens })
}

struct Lines {
    service: &'static str,
    calls: usize,
    whole: bool,
}

impl Decoder for Lines {
    type Frame = Json;

    fn push(&mut self, line: Json) -> Result<Vec<ChatDelta>, Fault> {
        if let Some(error) = line.get("error").and_then(Json::as_str) {
            return Err(Fault::new(FaultKind::Unavailable, format!("{} failed: {error}", self.service)));
        }
        let mut deltas = Vec::new();
        if let Some(message) = line.get("message") {
            let text = message.get("content").and_then(Json::as_str).unwrap_or_default();
            deltas.push(ChatDelta::Text(text.to_owned()));
            let calls = calls(message, self.calls);
            self.calls += calls.len();
            deltas.extend(calls.into_iter().map(ChatDelta::ToolCall));
        }
        if line.get("done").and_then(Json::as_bool) == Some(true) {
            self.whole = true;
            deltas.extend(usage(&line).map(ChatDelta::Usage));
            let reason = line.get("done_reason").and_then(Json::as_str).unwrap_or("stop");
            deltas.push(ChatDelta::Finish(reason.to_owned()));
        }
        Ok(deltas)
    }

    fn finish(&mut self) -> Result<Vec<ChatDelta>, Fault> {
        if self.whole { Ok(Vec::new()) } else { Err(broke_off(self.service)) }
    }
}
