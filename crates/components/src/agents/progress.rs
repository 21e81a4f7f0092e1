//! The message of an agent while it grows (engine.md 4.7).

use langflow_core::capability::{ToolCall, ToolOutput};
use langflow_core::run::{Cx, RunEvent};
use langflow_core::value::{MessageState, Usage};
use langflow_core::{Fault, Json, Message};
use serde_json::json;
use std::sync::Arc;

/// The growing message: shown in the chat if the agent feeds one, else only built.
pub(super) struct Progress {
    message: Message,
    shown: bool,
    /// Pieces of text are sent too.
    tokens: bool,
    /// Leaves of the group *Agent Steps*, once there was a tool.
    steps: Vec<Json>,
    used_tools: bool,
    usage: Option<Usage>,
    tools_began: chrono::DateTime<chrono::Utc>,
}

impl Progress {
    /// Shows the empty message, where there is a chat to show it in.
    pub async fn begin(tokens: bool, cx: &Cx) -> Self {
        let node = cx.node();
        let mut message = cx.new_message("");
        message.sender = Some("Machine".into());
        let name = cx.graph().chat_output_sender_name().unwrap_or_else(|| node.display_name.clone());
        message.sender_name = Some(name);
        message.properties.icon = Some("Bot".into());
        let shown = cx.graph().feeds_chat_output() && !cx.session_id().is_empty();
        if shown {
            message = cx.begin_message(message).await;
        }
        Self {
            message,
            shown,
            tokens,
            steps: Vec::new(),
            used_tools: false,
            usage: None,
            tools_began: cx.clock().now(),
        }
    }

    /// A message that nobody sees, for answers that go elsewhere.
    pub fn silent(cx: &Cx) -> Self {
        Self {
            message: cx.new_message(""),
            shown: false,
            tokens: false,
            steps: Vec::new(),
            used_tools: false,
            usage: None,
            tools_began: cx.clock().now(),
        }
    }

    /// The model speaks anew: what it said before a tool is a step, not the answer.
    pub fn round(&mut self) {
        self.message.text.clear();
    }

    pub async fn token(&mut self, text: &str, cx: &Cx) {
        if text.is_empty() {
            return;
        }
        self.message.text.push_str(text);
        if self.shown && self.tokens {
            cx.token(&self.message, text).await;
        }
    }

    /// The model has finished a text.
    pub fn said(&mut self, text: &str) {
        text.clone_into(&mut self.message.text);
        if !text.is_empty() {
            self.steps.push(json!({ "type": "text", "duration": 0, "header": {}, "text": text }));
        }
    }

    pub fn count(&mut self, usage: Usage) {
        *self.usage.get_or_insert_default() += usage;
    }

    /// The model asks for tools: each becomes a step, and is shown. Gives the place of the first.
    pub async fn begin_tools(&mut self, calls: &[ToolCall], cx: &Cx) -> usize {
        let first = self.steps.len();
        self.used_tools = true;
        self.tools_began = cx.clock().now();
        for call in calls {
            self.steps.push(json!({
                "type": "tool_use",
                "duration": null,
                "header": { "title": format!("Accessing **{}**", call.name), "icon": "Hammer" },
                "name": call.name,
                "tool_input": call.arguments,
                "output": null,
                "error": null,
            }));
            self.show(cx).await;
        }
        first
    }

    /// The tool at `step` has answered.
    pub async fn end_tool(&mut self, step: usize, call: &ToolCall, output: &ToolOutput, cx: &Cx) {
        let duration_ms = (cx.clock().now() - self.tools_began).num_milliseconds();
        let Some(Json::Object(block)) = self.steps.get_mut(step) else { return };
        block.insert("duration".into(), json!(duration_ms));
        block.insert(
            "header".into(),
            json!({ "title": format!("Executed **{}**", call.name), "icon": "Hammer" }),
        );
        if output.is_error {
            block.insert("error".into(), json!(output.text));
        }
        block.insert(
            "output".into(),
            json!({
                "content": output.text,
                "additional_kwargs": {},
                "response_metadata": {},
                "type": "tool",
                "name": call.name,
                "id": cx.scope().ids.random(),
                "tool_call_id": call.id,
                "artifact": output.artifact,
                "status": if output.is_error { "error" } else { "success" },
            }),
        );
        self.show(cx).await;
    }

    async fn show(&mut self, cx: &Cx) {
        self.message.content_blocks = self.blocks();
        if self.shown {
            cx.emit(RunEvent::AddMessage(Arc::new(self.message.clone()))).await;
        }
    }

    fn blocks(&self) -> Vec<Json> {
        if !self.used_tools {
            return Vec::new();
        }
        vec![json!({
            "title": "Agent Steps",
            "contents": self.steps,
            "allow_markdown": true,
            "media_url": null,
        })]
    }

    /// The whole message: stored and shown where there is a chat. It is shown in three states, as clients of
    /// the reference see it: partial, complete, complete with its token counts.
    pub async fn finish(mut self, cx: &Cx) -> Result<Message, Fault> {
        self.show(cx).await;
        self.message.properties.state = MessageState::Complete;
        if self.shown && self.usage.is_some() {
            self.show(cx).await;
        }
        self.message.properties.usage = self.usage;
        if self.shown {
            return cx.send_message(self.message).await.map(|message| Message::clone(&message));
        }
        Ok(self.message)
    }
}
