//! The request body.

use super::super::decode::arguments_text;
use super::super::profile::Wire;
use super::super::settings::{ChatSettings, Target};
use langflow_core::capability::{ChatRequest, ChatRole, ChatTurn, ContentPart, ResponseFormat, ToolSchema};
use langflow_core::{Json, JsonMap};
use serde_json::json;

/// The body for `request`. Settings at their default are left out.
pub(super) fn body(target: &Target, settings: &ChatSettings, request: &ChatRequest, stream: bool) -> Json {
    let quirks = target.profile.quirks;
    let reasons = quirks.openai_reasoning && is_reasoning(&target.model);
    let mut body = JsonMap::new();
    body.insert("messages".into(), request.turns.iter().map(message).collect());
    if target.profile.wire == Wire::Watsonx {
        // Its address says whether the answer is a stream.
        body.insert("model_id".into(), json!(target.model));
    } else {
        body.insert("model".into(), json!(target.model));
        body.insert("stream".into(), json!(stream));
    }
    if stream && quirks.stream_usage {
        body.insert("stream_options".into(), json!({ "include_usage": true }));
    }
    if settings.max_tokens >= 1 {
        let name = if reasons { "max_completion_tokens" } else { "max_tokens" };
        body.insert(name.into(), json!(settings.max_tokens));
    }
    if !reasons {
        if let Some(temperature) = settings.temperature {
            body.insert("temperature".into(), json!(temperature));
        }
        if let Some(top_p) = settings.top_p {
            body.insert("top_p".into(), json!(top_p));
        }
        if let Some(seed) = settings.seed {
            body.insert("seed".into(), json!(seed));
        }
    }
    if settings.n >= 2 {
        body.insert("n".into(), json!(settings.n));
    }
    if !settings.stop.is_empty() {
        body.insert("stop".into(), json!(settings.stop));
    }
    if !request.tools.is_empty() {
        body.insert("tools".into(), request.tools.iter().map(tool).collect());
    }
    if let Some(name) = &request.forced_tool {
        body.insert("tool_choice".into(), json!({ "type": "function", "function": { "name": name } }));
    }
    if let Some(format) = response_format(&request.format, settings.json_mode) {
        body.insert("response_format".into(), format);
    }
    for (key, value) in target.fields.iter().chain(&settings.extra) {
        body.insert(key.clone(), value.clone());
    }
    Json::Object(body)
}

/// Models that think before they answer take no sampling settings.
pub(super) fn is_reasoning(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    let o_series = name.strip_prefix('o').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    o_series || (name.starts_with("gpt-5") && !name.contains("chat"))
}

fn response_format(format: &ResponseFormat, json_mode: bool) -> Option<Json> {
    match format {
        ResponseFormat::Schema { name, schema } => Some(json!({
            "type": "json_schema",
            "json_schema": { "name": name, "schema": schema },
        })),
        ResponseFormat::Json => Some(json!({ "type": "json_object" })),
        ResponseFormat::Text => json_mode.then(|| json!({ "type": "json_object" })),
    }
}

fn tool(schema: &ToolSchema) -> Json {
    json!({
        "type": "function",
        "function": {
            "name": schema.name,
            "description": schema.description,
            "parameters": schema.parameters,
        },
    })
}

fn message(turn: &ChatTurn) -> Json {
    let role = match turn.role {
        ChatRole::System => "system",
        ChatRole::User => "user",
        ChatRole::Assistant => "assistant",
        ChatRole::Tool => "tool",
    };
    let mut message = JsonMap::new();
    message.insert("content".into(), content(turn));
    message.insert("role".into(), json!(role));
    if !turn.tool_calls.is_empty() {
        let calls = turn.tool_calls.iter().map(|call| {
            json!({
                "type": "function",
                "id": call.id,
                "function": { "name": call.name, "arguments": arguments_text(call) },
            })
        });
        message.insert("tool_calls".into(), calls.collect());
    }
    if let Some(id) = &turn.tool_call_id {
        message.insert("tool_call_id".into(), json!(id));
    }
    Json::Object(message)
}

/// Plain text wherever there is nothing but text.
fn content(turn: &ChatTurn) -> Json {
    let has_image = turn.parts.iter().any(|part| matches!(part, ContentPart::Image { .. }));
    if !has_image {
        let text = turn.plain_text();
        return if text.is_empty() && !turn.tool_calls.is_empty() { Json::Null } else { json!(text) };
    }
    turn.parts
        .iter()
        .map(|part| match part {
            ContentPart::Text(text) => json!({ "type": "text", "text": text }),
            ContentPart::Image { url } => json!({ "type": "image_url", "image_url": { "url": url } }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::profile;
    use super::*;
    use langflow_core::Secret;
    use langflow_core::capability::ToolCall;

    fn check(model: &str, settings: ChatSettings, request: ChatRequest, stream: bool, expect: Json) {
        let target = Target::new(profile("OpenAI").unwrap(), model, Secret::default());
        assert_eq!(body(&target, &settings, &request, stream), expect, "{model}");
    }

    #[test]
    fn settings() {
        let hi = || ChatRequest::new(vec![ChatTurn::user("hi")]);
        let messages = json!([{ "role": "user", "content": "hi" }]);
        let warm = || ChatSettings { temperature: Some(0.1), seed: Some(1), ..Default::default() };
        check(
            "gpt-4o-mini",
            ChatSettings { temperature: Some(0.1), ..Default::default() },
            hi(),
            false,
            json!({ "messages": messages, "model": "gpt-4o-mini", "stream": false, "temperature": 0.1 }),
        );
        check(
            "gpt-4o",
            ChatSettings { max_tokens: 5, ..warm() },
            hi(),
            true,
            json!({ "messages": messages, "model": "gpt-4o", "stream": true, "temperature": 0.1, "seed": 1,
                    "max_tokens": 5, "stream_options": { "include_usage": true } }),
        );
        // Reasoning models take neither temperature nor seed.
        for model in ["o1", "o3-mini", "gpt-5", "gpt-5.4-mini", "openai/gpt-5"] {
            check(
                model,
                ChatSettings { max_tokens: 5, ..warm() },
                hi(),
                false,
                json!({ "messages": messages, "model": model, "stream": false, "max_completion_tokens": 5 }),
            );
        }
        check(
            "gpt-5-chat-latest",
            warm(),
            hi(),
            false,
            json!({ "messages": messages, "model": "gpt-5-chat-latest", "stream": false, "temperature": 0.1,
                    "seed": 1 }),
        );
        let extra = json!({ "temperature": 0.9, "user": "u" }).as_object().unwrap().clone();
        check(
            "gpt-4o",
            ChatSettings { json_mode: true, extra, ..warm() },
            hi(),
            false,
            json!({ "messages": messages, "model": "gpt-4o", "stream": false, "temperature": 0.9, "seed": 1,
                    "user": "u", "response_format": { "type": "json_object" } }),
        );
    }

    #[test]
    fn turns_tools_and_formats() {
        let call = ToolCall { id: "c1".into(), name: "add".into(), arguments: json!({ "a": 1 }) };
        let mut asks = ChatTurn::assistant("");
        asks.tool_calls = vec![call.clone()];
        let mut sees = ChatTurn::user("what is it?");
        sees.parts.push(ContentPart::Image { url: "data:image/png;base64,AA==".into() });
        let request = ChatRequest {
            turns: vec![ChatTurn::system("be short"), sees, asks, ChatTurn::tool(&call, "2")],
            tools: vec![ToolSchema {
                name: "add".into(),
                description: "Adds.".into(),
                parameters: json!({ "type": "object" }),
            }],
            forced_tool: Some("add".into()),
            format: ResponseFormat::Schema { name: "Out".into(), schema: json!({ "type": "object" }) },
        };
        check(
            "gpt-4o",
            ChatSettings::default(),
            request,
            false,
            json!({
                "messages": [
                    { "role": "system", "content": "be short" },
                    { "role": "user", "content": [
                        { "type": "text", "text": "what is it?" },
                        { "type": "image_url", "image_url": { "url": "data:image/png;base64,AA==" } },
                    ] },
                    { "role": "assistant", "content": null, "tool_calls": [
                        { "type": "function", "id": "c1", "function": { "name": "add", "arguments": "{\"a\":1}" } },
                    ] },
                    { "role": "tool", "content": "2", "tool_call_id": "c1" },
                ],
                "model": "gpt-4o",
                "stream": false,
                "tools": [{ "type": "function", "function": {
                    "name": "add", "description": "Adds.", "parameters": { "type": "object" } } }],
                "tool_choice": { "type": "function", "function": { "name": "add" } },
                "response_format": { "type": "json_schema", "json_schema": {
                    "name": "Out", "schema": { "type": "object" } } },
            }),
        );
    }
}
