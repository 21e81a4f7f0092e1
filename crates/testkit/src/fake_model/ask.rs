//! What a request asks for, on any wire, and what the fake says to it.

use super::Shared;
use super::script::Scripted;
use axum::response::Response;
use serde_json::{Value as Json, json};

/// A request, read.
#[derive(Debug, Default)]
pub(crate) struct Ask {
    /// Text of the last user turn.
    pub user: String,
    /// Results of tools after the last user turn.
    pub tool_results: Vec<String>,
    /// A tool the model must call.
    pub forced_tool: Option<String>,
    /// The answer must be JSON.
    pub wants_json: bool,
    pub has_tools: bool,
}

impl Ask {
    /// Scripted replies first, then the rules in the head of the module.
    pub fn answer(&self, shared: &Shared) -> Scripted {
        shared.next_scripted().unwrap_or_else(|| self.rule())
    }

    fn rule(&self) -> Scripted {
        if !self.tool_results.is_empty() {
            return Scripted::text(format!("Tool said: {}", self.tool_results.join(" | ")));
        }
        if let Some(tool) = &self.forced_tool {
            return Scripted::call(tool.clone(), first_object(&self.user).unwrap_or_else(|| json!({})));
        }
        if self.has_tools {
            let calls: Vec<_> = self.user.lines().filter_map(asked_call).collect();
            if !calls.is_empty() {
                return Scripted::ToolCalls(calls);
            }
        }
        if self.wants_json {
            return Scripted::text(first_object(&self.user).unwrap_or_else(|| json!({})).to_string());
        }
        Scripted::text(format!("Echo: {}", self.user))
    }
}

/// The next scripted reply, where it is the same on every wire.
pub(crate) async fn scripted(shared: &Shared) -> Option<Response> {
    shared.next_scripted()?.plain().await
}

/// `call <tool> <json>`; arguments that are no JSON go as they stand.
fn asked_call(line: &str) -> Option<(String, Json)> {
    let (name, arguments) = line.trim().strip_prefix("call ")?.split_once(' ')?;
    let arguments = serde_json::from_str(arguments).unwrap_or_else(|_| json!(arguments));
    Some((name.to_owned(), arguments))
}

/// The first JSON object in a text.
fn first_object(text: &str) -> Option<Json> {
    let start = text.find('{')?;
    let mut stream = serde_json::Deserializer::from_str(text.get(start..)?).into_iter::<Json>();
    stream.next()?.ok()
}

/// A text in pieces of a word and the space after it.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(' ').map(|word| format!("{word} ")).collect()
}
