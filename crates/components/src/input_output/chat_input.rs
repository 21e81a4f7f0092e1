//! Chat Input.

use super::chat::{Looks, SENDERS, session_or_run};
use langflow_core::prelude::*;
use langflow_core::value::json_is_falsy;

/// Starts a flow with what a user says.
///
/// The text of a run (`input_value` of the API, the playground's text box) replaces what stands in the
/// field. The message is stored in the history of its session unless *Store Messages* is off.
#[derive(Component)]
#[component(
    id = "ChatInput",
    title = "Chat Input",
    icon = "MessagesSquare",
    category = "input_output",
    module = "lfx.components.input_output.chat.ChatInput",
    documentation = "https://docs.langflow.org/chat-input-and-output",
    minimized,
    examples = EXAMPLES
)]
pub struct ChatInput {
    /// The text that goes into the flow.
    #[input(title = "Input Text", kind = Multiline, handles = [])]
    input_value: String,
    /// Keep the message in the chat history.
    #[input(title = "Store Messages", default = true, advanced)]
    should_store_message: bool,
    /// Who speaks.
    #[input(title = "Sender Type", kind = Dropdown, options = SENDERS, default = "User", advanced)]
    sender: String,
    /// The name shown beside the message.
    #[input(title = "Sender Name", default = "User", advanced)]
    sender_name: String,
    /// The conversation the message belongs to. Empty: the session of the run.
    #[input(title = "Session ID", advanced)]
    session_id: String,
    /// A further key that divides the history of a session.
    #[input(title = "Context ID", advanced)]
    context_id: String,
    /// Files that go with the message.
    #[input(
        title = "Files", kind = File, list, advanced,
        file_types = ["csv", "json", "pdf", "txt", "md", "mdx", "yaml", "yml", "xml", "html", "htm", "docx",
            "py", "sh", "sql", "js", "ts", "tsx", "jpg", "jpeg", "png", "bmp", "image"],
        extra = serde_json::json!({"temp_file": true})
    )]
    files: Many<Json>,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl ChatInput {
    /// What the user said, as a message.
    #[output(name = "message", title = "Chat Message")]
    async fn message_response(&self, cx: &Cx) -> Result<Arc<Message>, Fault> {
        let mut message = cx.new_message(self.input_value.clone());
        message.sender = Some(self.sender.clone());
        message.sender_name = Some(self.sender_name.clone());
        message.session_id = session_or_run(&self.session_id, cx);
        message.context_id.clone_from(&self.context_id);
        message.files = self.files.0.iter().filter(|file| !json_is_falsy(file)).cloned().collect();
        Looks::read(&self.rest).put_on(&mut message);
        if self.should_store_message && !message.session_id.is_empty() {
            cx.send_message(message).await
        } else {
            Ok(Arc::new(message))
        }
    }
}

examples! {
    "A question": {"input_value": "What is a flow?"} => message: "What is a flow?";
}
