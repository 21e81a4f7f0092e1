//! What an agent starts with: its turns and its tools.

use super::runner::speaks;
use crate::models::turns::user_turn;
use langflow_core::capability::{ChatTurn, Tool, ToolOutput, ToolSchema};
use langflow_core::run::{Cx, HistoryQuery};
use langflow_core::{Fault, Json, Message, async_trait};
use std::collections::HashMap;
use std::sync::Arc;

/// The input of an agent that was given none.
const GO_ON: &str = "Continue the conversation.";
/// Bounds of a name that had to be made unique.
const NAME_CHARS: usize = 64;
const SUFFIX_CHARS: usize = 32;

/// Fills `{current_date}`, `{model_name}` and `{optional_user_context}`; other braces are text.
pub(super) fn system_prompt(template: &str, model: &str, cx: &Cx) -> String {
    template
        .replace("{current_date}", &cx.clock().now().format("%Y-%m-%d").to_string())
        .replace("{model_name}", model)
        .replace("{optional_user_context}", "")
}

/// The input as the last turn.
pub(super) async fn input_turn(input: &Message, cx: &Cx) -> Result<ChatTurn, Fault> {
    let mut turn = user_turn(input, cx).await?;
    if turn.parts.len() <= 1 && !turn.parts.iter().any(is_image) && turn.plain_text().trim().is_empty() {
        turn = ChatTurn::user(GO_ON);
    }
    Ok(turn)
}

fn is_image(part: &langflow_core::capability::ContentPart) -> bool {
    matches!(part, langflow_core::capability::ContentPart::Image { .. })
}

/// The last `limit` messages of the session before `input`, as turns.
pub(super) async fn history(
    limit: usize,
    context_id: &str,
    input: &Message,
    cx: &Cx,
) -> Result<Vec<ChatTurn>, Fault> {
    if limit == 0 || cx.session_id().is_empty() {
        return Ok(Vec::new());
    }
    let query = HistoryQuery {
        flow_id: Some(cx.scope().flow_id),
        session_id: Some(cx.session_id().to_owned()),
        context_id: (!context_id.is_empty()).then(|| context_id.to_owned()),
        limit,
        ..HistoryQuery::default()
    };
    let messages = cx.messages().history(query).await?;
    let before = messages.iter().filter(|message| input.id.is_none() || message.id != input.id);
    Ok(before.map(turn_of).filter(speaks).collect())
}

/// A stored message as a turn.
pub(super) fn turn_of(message: &Message) -> ChatTurn {
    if message.sender.as_deref() == Some("User") {
        ChatTurn::user(message.text.clone())
    } else {
        ChatTurn::assistant(message.text.clone())
    }
}

/// Gives tools of the same name names of their own: the name, and the node they come from.
pub(super) fn unique(tools: Vec<Arc<dyn Tool>>) -> Vec<Arc<dyn Tool>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for tool in &tools {
        *counts.entry(tool.schema().name.clone()).or_default() += 1;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    tools
        .into_iter()
        .map(|tool| {
            let name = &tool.schema().name;
            if counts.get(name).is_none_or(|count| *count < 2) {
                return tool;
            }
            let number = seen.entry(name.clone()).or_default();
            *number += 1;
            let described = tool.describe();
            let source = described.pointer("/metadata/source_id").and_then(Json::as_str);
            let suffix = source.map_or_else(|| number.to_string(), legal);
            let schema = ToolSchema { name: joined(name, &suffix), ..tool.schema().clone() };
            Arc::new(Renamed { inner: tool, schema }) as Arc<dyn Tool>
        })
        .collect()
}

fn legal(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(SUFFIX_CHARS).collect()
}

fn joined(name: &str, suffix: &str) -> String {
    let room = NAME_CHARS.saturating_sub(suffix.len() + 1);
    format!("{}_{suffix}", name.chars().take(room).collect::<String>())
}

/// A tool under another name.
#[derive(Debug)]
struct Renamed {
    inner: Arc<dyn Tool>,
    schema: ToolSchema,
}

#[async_trait]
impl Tool for Renamed {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        self.inner.call(arguments).await
    }
}
