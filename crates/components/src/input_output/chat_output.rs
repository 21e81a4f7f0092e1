//! Chat Output.

use super::chat::{Looks, SENDERS, session_or_run};
use crate::text::stringify::stringify;
use langflow_core::prelude::*;
use langflow_core::value::Source;
use serde_json::json;

/// Shows a result as a message of the chat.
///
/// Data is shown as a block of JSON, a table as a Markdown table, a list with one item a line. A message
/// that a model or an agent has already begun to show is finished, not shown a second time.
#[derive(Component)]
#[component(
    id = "ChatOutput",
    title = "Chat Output",
    icon = "MessagesSquare",
    category = "input_output",
    module = "lfx.components.input_output.chat_output.ChatOutput",
    documentation = "https://docs.langflow.org/chat-input-and-output",
    minimized,
    examples = EXAMPLES
)]
pub struct ChatOutput {
    /// What to show: a message, data, a table, or several of them.
    #[input(title = "Inputs", kind = Handle, handles = ["Data", "JSON", "DataFrame", "Table", "Message"], required)]
    input_value: AnyValue,
    /// Keep the message in the chat history.
    #[input(title = "Store Messages", default = true, advanced)]
    should_store_message: bool,
    /// Who speaks.
    #[input(title = "Sender Type", kind = Dropdown, options = SENDERS, default = "Machine", advanced)]
    sender: String,
    /// The name shown beside the message.
    #[input(title = "Sender Name", default = "AI", advanced)]
    sender_name: String,
    /// The conversation the message belongs to. Empty: the session of the run.
    #[input(title = "Session ID", advanced)]
    session_id: String,
    /// A further key that divides the history of a session.
    #[input(title = "Context ID", advanced)]
    context_id: String,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Data Template", default = "{text}", advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    data_template: String,
    /// Drop empty rows and blank lines of tables.
    #[input(title = "Basic Clean Data", default = true, advanced)]
    clean_data: bool,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl ChatOutput {
    /// The message as it is shown.
    #[output(name = "message", title = "Output Message")]
    async fn message_response(&self, cx: &Cx) -> Result<Arc<Message>, Fault> {
        let mut message = self.begin(cx)?;
        message.sender = Some(self.sender.clone());
        message.sender_name = Some(self.sender_name.clone());
        message.session_id = session_or_run(&self.session_id, cx);
        message.context_id.clone_from(&self.context_id);
        message.flow_id = Some(cx.scope().flow_id);
        Looks::read(&self.rest).put_on(&mut message);
        message.properties.source = source(cx);
        conclude_steps(&mut message);
        let usage = cx.graph().usage_above();
        if !self.should_store_message || message.session_id.is_empty() {
            message.properties.usage = usage.or(message.properties.usage);
            return Ok(Arc::new(message));
        }
        if usage.is_some() && cx.scope().events.is_some() {
            // Clients of the reference see the message twice: as it came, and with the token counts of all nodes.
            cx.announce(&mut message).await;
        }
        message.properties.usage = usage.or(message.properties.usage);
        cx.send_message(message).await
    }
}

impl ChatOutput {
    /// The message to finish: the one that arrived, unless it is the user's own, else a new one.
    fn begin(&self, cx: &Cx) -> Result<Message, Fault> {
        match &self.input_value.0 {
            Value::Message(message) if !cx.graph().fed_by_chat_input() => {
                // What a prompt carries besides its text is for models, not for the chat.
                Ok(Message { extra: JsonMap::new(), ..Message::clone(message) })
            }
            value => {
                let text = stringify(value, self.clean_data)
                    .map_err(|why| Fault::invalid(why).at_field("input_value"))?;
                Ok(cx.new_message(text))
            }
        }
    }
}

/// The steps of an agent end with its answer.
fn conclude_steps(message: &mut Message) {
    let answer = json!({
        "type": "text",
        "duration": null,
        "header": { "title": "Output", "icon": "MessageSquare" },
        "text": message.text,
    });
    let steps =
        message.content_blocks.iter_mut().filter(|block| block.get("title") == Some(&json!("Agent Steps")));
    for steps in steps.filter_map(|block| block.get_mut("contents")?.as_array_mut()) {
        if steps.last() != Some(&answer) {
            steps.push(answer.clone());
        }
    }
}

/// The node that made the text, and its model where it has one.
fn source(cx: &Cx) -> Source {
    let Some(node) = cx.graph().upstream().into_iter().next() else { return Source::default() };
    let source = node.model_name.unwrap_or_else(|| node.display_name.clone());
    Source { id: Some(node.id), display_name: Some(node.display_name), source: Some(source) }
}

examples! {
    "A message": {"input_value": {"$message": "Hello"}} => message: "Hello";
    "Data is shown as JSON": {"input_value": {"$data": {"a": 1}}}
        => message: "```json\n{\n  \"a\": 1\n}\n```";
    "A table is shown in Markdown": {"input_value": {"$table": [{"name": "Ann", "age": 31}]}}
        => message: "| name   |   age |\n|:-------|------:|\n| Ann    |    31 |";
    "Several inputs": {"input_value": {"$list": [{"$message": "one"}, {"$message": "two"}]}}
        => message: "one\ntwo";
    "Nothing to show": {"input_value": null} => fails "required";
}
