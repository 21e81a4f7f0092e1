//! ConversationChain.

use super::chains::ChainFields;
use langflow_core::capability::{ChatMemory, ChatTurn};
use langflow_core::component::Handle;
use langflow_core::prelude::*;

/// Messages of a conversation that the model reads.
const REMEMBERED: usize = 100;

/// Talks with a language model, and remembers the conversation where a memory is connected.
#[derive(Component)]
#[component(
    id = "ConversationChain",
    class = "ConversationChainComponent",
    title = "ConversationChain",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.conversation.ConversationChainComponent",
    legacy
)]
pub struct ConversationChain {
    #[input(group)]
    chain: ChainFields,
    /// The conversation so far, to which question and answer are added.
    #[input(title = "Memory", handles = ["BaseChatMemory"])]
    memory: Option<Handle<dyn ChatMemory>>,
}

#[outputs]
impl ConversationChain {
    /// The answer.
    #[output(name = "text", title = "Text", method = "invoke_chain")]
    async fn text(&self, cx: &Cx) -> Result<Message, Fault> {
        let mut turns = Vec::new();
        if let Some(memory) = &self.memory {
            for message in memory.0.last(REMEMBERED).await? {
                let is_user = message.sender.as_deref() == Some("User");
                let turn = if is_user { ChatTurn::user } else { ChatTurn::assistant };
                turns.push(turn(message.text));
            }
        }
        turns.push(ChatTurn::user(self.chain.input_value.clone()));
        let answer = cx.new_message(self.chain.ask(turns, cx).await?);
        if let Some(memory) = &self.memory {
            for (text, sender) in [(&self.chain.input_value, "User"), (&answer.text, "Machine")] {
                let mut message = cx.new_message(text.clone());
                message.sender = Some(sender.to_owned());
                memory.0.append(&message).await?;
            }
        }
        Ok(answer)
    }
}
