//! Message Store.

use super::stored::{self, Spoken};
use langflow_core::capability::ChatMemory;
use langflow_core::prelude::*;

/// Stores a message in the history.
#[derive(Component)]
#[component(
    id = "StoreMessage",
    class = "MessageStoreComponent",
    title = "Message Store",
    icon = "message-square-text",
    category = "processing",
    module = "lfx.components.processing.store_message.MessageStoreComponent",
    legacy,
    replacement = ["models_and_agents.Memory"],
    examples = EXAMPLES
)]
pub struct MessageStoreComponent {
    /// The message to store.
    #[input(title = "Message", kind = MessageText, required, tool_mode)]
    message: AnyValue,
    /// A memory outside of this server. Empty: the chat history of this server.
    #[input(title = "External Memory", handles = ["Memory"])]
    memory: Option<Handle<dyn ChatMemory>>,
    /// Who speaks.
    #[input(title = "Sender", advanced)]
    sender: String,
    /// The name shown beside the message.
    #[input(title = "Sender Name", advanced)]
    sender_name: String,
    /// The conversation. Empty: the session of the run.
    #[input(title = "Session ID", advanced)]
    session_id: String,
}

#[outputs]
impl MessageStoreComponent {
    /// The stored message.
    #[output(name = "stored_messages", title = "Stored Messages", method = "store_message", hidden)]
    async fn stored_messages(&self, cx: &Cx) -> Result<Message, Fault> {
        let sender = Spoken {
            sender: &self.sender,
            sender_name: &self.sender_name,
            session_id: &self.session_id,
            context_id: "",
        };
        stored::store(&self.message.0, &sender, self.memory.as_ref(), cx).await
    }
}

examples! {
    "A text": {"message": "noted"} => stored_messages: "noted";
}
