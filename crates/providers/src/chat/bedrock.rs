//! The wire of Amazon Bedrock: `POST {base}/model/{model}/converse`, signed.

use super::decode::{ANSWER_BYTES, Decoder, broke_off, deltas, not_readable, parse_arguments};
use super::settings::{ChatSettings, Target};
use crate::http::{Call, StreamEvent, stream_events};
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

/// The tool whose arguments are a structured answer.
const FORM: &str = "structured_answer";

/// A chat model behind Bedrock.
#[derive(Debug)]
pub(super) struct BedrockChat {
    info: ModelInfo,
    target: Target,
    settings: ChatSettings,
    egress: Arc<dyn Egress>,
}

impl BedrockChat {
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

    fn call(&self, request: &ChatRequest, verb: &str) -> Result<Call, Fault> {
        self.target.bedrock(
            verb,
            &body(&self.settings, request)?,
            self.settings.timeout,
            self.settings.retries,
        )
    }
}

#[async_trait]
impl ChatModel for BedrockChat {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    async fn complete(&self, request: ChatRequest) -> Result<ChatResponse, Fault> {
        let service = self.target.profile.name;
        let answer = self.call(&request, "converse")?.send_json(&*self.egress, service, ANSWER_BYTES).await?;
        response(service, &answer)
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, Fault> {
        let service = self.target.profile.name;
        let reply = self.call(&request, "converse-stream")?.send_ok(&*self.egress, service).await?;
        Ok(deltas(
            stream_events(service, reply.body),
            Frames { service, calls: BTreeMap::new(), whole: false },
        ))
    }
}

fn body(settings: &ChatSettings, request: &ChatRequest) -> Result<Json, Fault> {
    let mut body = JsonMap::new();
    body.insert("messages".into(), messages(&request.turns)?);
    let system: Vec<Json> = request
        .turns
        .iter()
        .filter(|turn| turn.role == ChatRole::System)
        .map(|turn| json!({ "text": turn.plain_text() }))
        .collect();
    if !system.is_empty() {
        body.insert("system".into(), Json::Array(system));
    }
    let mut config = JsonMap::new();
    if settings.max_tokens >= 1 {
        config.insert("maxTokens".into(), json!(settings.max_tokens));
    }
    if let Some(temperature) = settings.temperature {
        config.insert("temperature".into(), json!(temperature));
    }
    if let Some(top_p) = settings.top_p {
        config.insert("topP".into(), json!(top_p));
    }
    if !settings.stop.is_empty() {
        config.insert("stopSequences".into(), json!(settings.stop));
    }
    if !config.is_empty() {
        body.insert("inferenceConfig".into(), Json::Object(config));
    }
    if let Some(tools) = tools(request) {
        body.insert("toolConfig".into(), tools);
    }
    let mut own = settings.extra.clone();
    if settings.top_k >= 1 {
        own.entry("top_k").or_insert_with(|| json!(settings.top_k));
    }
    if !own.is_empty() {
        body.insert("additionalModelRequestFields".into(), Json::Object(own));
    }
    Ok(Json::Object(body))
}

fn tools(request: &ChatRequest) -> Option<Json> {
    let spec = |name: &str, description: &str, schema: &Json| {
        // A description must not be empty.
        let description = if description.is_empty() { name } else { description };
        json!({ "toolSpec": { "name": name, "description": description, "inputSchema": { "json": schema } } })
    };
    let mut tools: Vec<Json> =
        request.tools.iter().map(|tool| spec(&tool.name, &tool.description, &tool.parameters)).collect();
    let mut forced = request.forced_tool.clone();
    if let ResponseFormat::Schema { schema, .. } = &request.format {
        tools.push(spec(FORM, "Hands in the answer.", schema));
        forced = Some(FORM.to_owned());
    }
    if tools.is_empty() {
        return None;
    }
    let mut config = JsonMap::new();
    config.insert("tools".into(), Json::Array(tools));
    if let Some(name) = forced {
        config.insert("toolChoice".into(), json!({ "tool": { "name": name } }));
    }
    Some(Json::Object(config))
}

/// Turns as messages; neighbours of one side are one message, as the wire wants it.
fn messages(turns: &[ChatTurn]) -> Result<Json, Fault> {
    let mut messages: Vec<(&str, Vec<Json>)> = Vec::new();
    for turn in turns.iter().filter(|turn| turn.role != ChatRole::System) {
        let role = if turn.role == ChatRole::Assistant { "assistant" } else { "user" };
        let blocks = blocks(turn)?;
        match messages.last_mut() {
            Some((last, all)) if *last == role => all.extend(blocks),
            _ => messages.push((role, blocks)),
        }
    }
    Ok(messages
        .into_iter()
        .filter(|(_, blocks)| !blocks.is_empty())
        .map(|(role, blocks)| json!({ "role": role, "content": blocks }))
        .collect())
}

fn blocks(turn: &ChatTurn) -> Result<Vec<Json>, Fault> {
    if turn.role == ChatRole::Tool {
        let content = json!([{ "text": turn.plain_text() }]);
        return Ok(vec![json!({ "toolResult": { "toolUseId": turn.tool_call_id, "content": content } })]);
    }
    let mut blocks = Vec::new();
    for part in &turn.parts {
        match part {
            ContentPart::Text(text) if text.trim().is_empty() => {}
            ContentPart::Text(text) => blocks.push(json!({ "text": text })),
            ContentPart::Image { url } => blocks.push(image(url)?),
        }
    }
    blocks.extend(turn.tool_calls.iter().map(|call| {
        let input = if call.arguments.is_object() { call.arguments.clone() } else { json!({}) };
        json!({ "toolUse": { "toolUseId": call.id, "name": call.name, "input": input } })
    }));
    Ok(blocks)
}

fn image(url: &str) -> Result<Json, Fault> {
    let (media_type, data) = split_data_url(url)
        .ok_or_else(|| Fault::invalid("Amazon Bedrock takes pictures as files, not by their address"))?;
    let format = media_type.strip_prefix("image/").unwrap_or(media_type);
    Ok(json!({ "image": { "format": format, "source": { "bytes": data } } }))
}

fn response(service: &str, answer: &Json) -> Result<ChatResponse, Fault> {
    let blocks = answer
        .pointer("/output/message/content")
        .and_then(Json::as_array)
        .ok_or_else(|| not_readable(service, &"it has no content"))?;
    let mut response = ChatResponse {
        finish_reason: answer.get("stopReason").and_then(Json::as_str).map(str::to_owned),
        usage: answer.get("usage").map(usage),
        ..ChatResponse::default()
    };
    for block in blocks {
        if let Some(text) = block.get("text").and_then(Json::as_str) {
            response.text.push_str(text);
        }
        let Some(call) = block.get("toolUse") else { continue };
        let text = |key: &str| call.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let arguments = call.get("input").cloned().unwrap_or_else(|| json!({}));
        if text("name") == FORM {
            response.text = arguments.to_string();
        } else {
            response.tool_calls.push(ToolCall { id: text("toolUseId"), name: text("name"), arguments });
        }
    }
    Ok(response)
}

fn usage(json: &Json) -> Usage {
    let count = |key: &str| json.get(key).and_then(Json::as_u64).unwrap_or_default();
    let (input_tokens, output_tokens) = (count("inputTokens"), count("outputTokens"));
    Usage {
        input_tokens,
        output_tokens,
        total_tokens: count("totalTokens").max(input_tokens + output_tokens),
    }
}

/// Reads the events of a stream.
struct Frames {
    service: &'static str,
    /// Open tool calls: id, name, arguments so far.
    calls: BTreeMap<u64, (String, String, String)>,
    whole: bool,
}

impl Decoder for Frames {
    type Frame = StreamEvent;

    fn push(&mut self, event: StreamEvent) -> Result<Vec<ChatDelta>, Fault> {
        let frame: Json = serde_json::from_slice(&event.body).map_err(|e| not_readable(self.service, &e))?;
        let text =
            |pointer: &str| frame.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
        if event.is_failure {
            let kind = match event.kind.as_str() {
                "throttlingException" => FaultKind::RateLimited,
                "validationException" => FaultKind::Invalid,
                "accessDeniedException" => FaultKind::Unauthorised,
                _ => FaultKind::Unavailable,
            };
            let said = format!("{} failed: {} {}", self.service, event.kind, text("/message"));
            return Err(Fault::new(kind, said.trim().to_owned()));
        }
        let index = frame.get("contentBlockIndex").and_then(Json::as_u64).unwrap_or_default();
        Ok(match event.kind.as_str() {
            "contentBlockStart" if frame.pointer("/start/toolUse").is_some() => {
                let call = (text("/start/toolUse/toolUseId"), text("/start/toolUse/name"), String::new());
                self.calls.insert(index, call);
                Vec::new()
            }
            "contentBlockDelta" => match self.calls.get_mut(&index) {
                Some((_, _, arguments)) => {
                    arguments.push_str(&text("/delta/toolUse/input"));
                    Vec::new()
                }
                None => vec![ChatDelta::Text(text("/delta/text"))],
            },
            "contentBlockStop" => match self.calls.remove(&index) {
                Some((_, name, arguments)) if name == FORM => vec![ChatDelta::Text(arguments)],
                Some((id, name, arguments)) => {
                    vec![ChatDelta::ToolCall(ToolCall { id, name, arguments: parse_arguments(&arguments) })]
                }
                None => Vec::new(),
            },
            "messageStop" => {
                self.whole = true;
                vec![ChatDelta::Finish(text("/stopReason"))]
            }
            "metadata" => {
                frame.get("usage").map(|counts| ChatDelta::Usage(usage(counts))).into_iter().collect()
            }
            _ => Vec::new(),
        })
    }

    fn finish(&mut self) -> Result<Vec<ChatDelta>, Fault> {
        if self.whole { Ok(Vec::new()) } else { Err(broke_off(self.service)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_have_their_places() {
        let settings = ChatSettings {
            max_tokens: 9,
            temperature: Some(0.5),
            top_p: Some(0.9),
            top_k: 5,
            stop: vec!["x".into()],
            ..ChatSettings::default()
        };
        let request = ChatRequest::new(vec![ChatTurn::system("be kind"), ChatTurn::user("hi")]);
        assert_eq!(
            body(&settings, &request).unwrap(),
            json!({
                "messages": [{ "role": "user", "content": [{ "text": "hi" }] }],
                "system": [{ "text": "be kind" }],
                "inferenceConfig": { "maxTokens": 9, "temperature": 0.5, "topP": 0.9, "stopSequences": ["x"] },
                "additionalModelRequestFields": { "top_k": 5 },
            })
        );
        let mut turn = ChatTurn::user("look");
        turn.parts.push(ContentPart::Image { url: "https://x/y.png".into() });
        assert!(body(&settings, &ChatRequest::new(vec![turn])).is_err(), "a picture elsewhere");
    }
}
