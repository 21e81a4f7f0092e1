//! A whole response.

use super::body::Wanted;
use langflow_app::runs::RunAnswer;
use serde_json::{Map, Value, json};

/// What stands in every part of the answer.
#[derive(Default)]
pub struct Head {
    /// Also the session.
    pub id: String,
    /// Seconds since 1970.
    pub created: i64,
    pub wanted: Wanted,
}

/// A tool that an agent used.
pub struct ToolUse<'a> {
    pub name: &'a str,
    pub input: &'a Value,
    pub output: &'a Value,
    pub error: &'a Value,
}

/// Tools in the content of a message, in order.
pub fn tools(message: &Value) -> Vec<ToolUse<'_>> {
    static NONE: Value = Value::Null;
    let blocks = message.get("content_blocks").and_then(Value::as_array).into_iter().flatten();
    blocks
        .flat_map(|block| block.get("contents").and_then(Value::as_array).into_iter().flatten())
        .filter(|leaf| leaf.get("type").is_some_and(|kind| kind == "tool_use"))
        .map(|leaf| ToolUse {
            name: leaf.get("name").and_then(Value::as_str).unwrap_or_default(),
            input: leaf.get("tool_input").unwrap_or(&NONE),
            output: leaf.get("output").unwrap_or(&NONE),
            error: leaf.get("error").unwrap_or(&NONE),
        })
        .collect()
}

/// Tokens, if the message tells them.
pub fn usage(message: &Value) -> Value {
    let Some(usage) = message.pointer("/properties/usage").filter(|usage| usage.is_object()) else {
        return Value::Null;
    };
    let count = |key: &str| usage.get(key).and_then(Value::as_u64).unwrap_or(0);
    json!({
        "input_tokens": count("input_tokens"), "output_tokens": count("output_tokens"),
        "total_tokens": count("total_tokens"),
    })
}

/// One tool as an item of `output`.
pub fn tool_item(number: usize, tool: &ToolUse<'_>, shows_results: bool) -> Value {
    let status = if tool.output.is_null() && !tool.error.is_null() { "failed" } else { "completed" };
    let mut item = if shows_results {
        let queries = match tool.input {
            Value::Object(map) => map.values().cloned().collect(),
            other => vec![json!(other.to_string())],
        };
        let results = if tool.output.is_null() { json!([]) } else { tool.output.clone() };
        json!({
            "id": format!("{}_{number}", tool.name), "queries": queries, "status": status,
            "tool_name": tool.name, "type": "tool_call", "results": results,
        })
    } else {
        json!({
            "id": format!("fc_{number}"), "type": "function_call", "status": status, "name": tool.name,
            "call_id": format!("call_{number}"), "arguments": arguments(tool),
        })
    };
    if let Some(map) = item.as_object_mut().filter(|_| status == "failed") {
        map.insert("error".into(), tool.error.clone());
    }
    item
}

/// The arguments of a tool as JSON text.
pub fn arguments(tool: &ToolUse<'_>) -> String {
    if tool.input.is_null() { "{}".into() } else { tool.input.to_string() }
}

pub fn whole(head: &Head, answer: &RunAnswer) -> Value {
    let result = answer.outputs.iter().flat_map(|output| &output.results).next_back();
    let results = result.and_then(|result| result.get("results")).and_then(Value::as_object);
    let message = results.and_then(|map| map.values().next()).cloned().unwrap_or_default();
    let text = match (&message, message.get("text").and_then(Value::as_str)) {
        (_, Some(text)) => text.to_owned(),
        (Value::String(text), None) => text.clone(),
        _ => String::new(),
    };
    let mut output: Vec<Value> = tools(&message)
        .iter()
        .enumerate()
        .map(|(at, tool)| tool_item(at + 1, tool, head.wanted.shows_results))
        .collect();
    output.push(json!({
        "type": "message", "id": format!("msg_{}", head.id), "status": "completed", "role": "assistant",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    }));
    json!({
        "id": head.id, "object": "response", "created_at": head.created, "status": "completed",
        "error": null, "incomplete_details": null, "instructions": null, "max_output_tokens": null,
        "model": head.wanted.model, "output": output, "parallel_tool_calls": true,
        "previous_response_id": head.wanted.previous, "reasoning": {"effort": null, "summary": null},
        "store": true, "temperature": 1.0, "text": {"format": {"type": "text"}}, "tool_choice": "auto",
        "tools": [], "top_p": 1.0, "truncation": "disabled", "usage": usage(&message), "user": null,
        "metadata": Map::new(),
    })
}
