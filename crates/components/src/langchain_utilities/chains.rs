//! What the nodes that stand for chains share.

use langflow_core::capability::{ChatModel, ChatRequest, ChatTurn};
use langflow_core::component::Handle;
use langflow_core::prelude::*;

/// What a chain works on, and with which model.
#[derive(Inputs)]
pub struct ChainFields {
    /// What the chain answers to.
    #[input(title = "Input", kind = Multiline, required)]
    pub input_value: String,
    /// The model.
    #[input(title = "Language Model", required)]
    pub llm: Handle<dyn ChatModel>,
}

impl ChainFields {
    /// Asks the model; its tokens are counted.
    pub async fn ask(&self, turns: Vec<ChatTurn>, cx: &Cx) -> Result<String, Fault> {
        let answer = self.llm.0.complete(ChatRequest::new(turns)).await?;
        if let Some(usage) = answer.usage {
            cx.add_usage(usage)?;
        }
        Ok(answer.text)
    }

    /// Asks with a task and a text.
    pub async fn ask_about(&self, task: &str, text: &str, cx: &Cx) -> Result<String, Fault> {
        self.ask(vec![ChatTurn::system(task), ChatTurn::user(text)], cx).await
    }
}
