//! The request. `input` is a text, or a list of messages of which the last one of the user counts: the
//! conversation before it is what the flow remembers under `previous_response_id`.

use crate::extract::fields::Fields;
use crate::extract::json::JsonBody;
use langflow_app::AppResult;
use serde_json::Value;
use utoipa::ToSchema;

/// The request for a response.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the API's document; it is read field by field")]
pub struct ResponsesBody {
    /// Id or endpoint name of the flow.
    model: String,
    /// Text for the chat input, or a list of messages.
    #[schema(value_type = String)]
    input: Value,
    /// Answer as a stream of events.
    stream: Option<bool>,
    /// The conversation goes on from this response.
    previous_response_id: Option<String>,
    /// `tool_call.results`: tell what tools gave.
    include: Option<Vec<String>>,
}

/// What is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub model: String,
    pub input: String,
    pub stream: bool,
    pub has_tools: bool,
    pub previous: Option<String>,
    /// `include` names `tool_call.results`.
    pub shows_results: bool,
}

pub fn read(body: &JsonBody) -> AppResult<Wanted> {
    let mut fields = body.fields()?;
    let include = fields.texts("include").flatten().unwrap_or_default();
    let wanted = Wanted {
        model: fields.required_text("model"),
        input: read_input(&mut fields),
        stream: fields.boolean("stream").flatten().unwrap_or(false),
        has_tools: fields.raw("tools").flatten().is_some_and(|raw| raw.get() != "[]"),
        previous: fields.text("previous_response_id").flatten().filter(|id| !id.is_empty()),
        shows_results: include.iter().any(|word| word == "tool_call.results"),
    };
    fields.finish()?;
    Ok(wanted)
}

fn read_input(fields: &mut Fields<'_>) -> String {
    let Some(raw) = fields.raw("input").flatten().filter(|raw| raw.get().starts_with('[')) else {
        return fields.required_text("input");
    };
    let messages: Vec<Value> = serde_json::from_str(raw.get()).unwrap_or_default();
    let last = messages.iter().rev().find(|message| is_of_user(message)).and_then(text_of);
    last.unwrap_or_else(|| {
        fields.problem("input", "value_error", "Value error, the list holds no text of the user");
        String::new()
    })
}

fn is_of_user(message: &Value) -> bool {
    message.get("role").is_none_or(|role| role == "user")
}

fn text_of(message: &Value) -> Option<String> {
    match message.get("content")? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<&str> =
                parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect();
            (!texts.is_empty()).then(|| texts.join("\n"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_lists_of_messages_are_read() {
        for (input, expected) in [
            (r#""hi""#, Some("hi")),
            (r#"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]"#, Some("a")),
            (
                r#"[{"role": "user", "content": [{"type": "input_text", "text": "x"}, {"type": "input_text", "text": "y"}]}]"#,
                Some("x\ny"),
            ),
            (r#"[{"role": "assistant", "content": "b"}]"#, None),
            ("5", None),
            ("null", None),
        ] {
            let text = format!(r#"{{"model": "m", "input": {input}}}"#);
            let read = read(&JsonBody::parse(text.as_bytes()).unwrap());
            assert_eq!(read.ok().map(|wanted| wanted.input).as_deref(), expected, "{input}");
        }
    }
}
