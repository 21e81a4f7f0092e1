//! Tool Calling Agent.

use super::legacy::model_of;
use super::prepare::{input_turn, system_prompt, turn_of, unique};
use super::progress::Progress;
use super::runner::{Runner, speaks};
use crate::models::pick::ModelPick;
use crate::models::texts;
use langflow_core::capability::ChatTurn;
use langflow_core::component::{DataLike, ToolList};
use langflow_core::prelude::*;
use serde_json::json;

/// Answers with a language model that calls the connected tools.
///
/// Unlike *Agent* it has no tools of its own and no memory: connect earlier messages to *Chat Memory*.
#[derive(Component)]
#[component(
    id = "ToolCallingAgent",
    class = "ToolCallingAgentComponent",
    title = "Tool Calling Agent",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.tool_calling.ToolCallingAgentComponent"
)]
pub struct ToolCallingAgentComponent {
    /// What the agent may call.
    #[input(title = "Tools")]
    tools: ToolList,
    /// What the agent answers to.
    #[input(title = "Input", tool_mode)]
    input_value: Message,
    /// Tells the model when a tool fails, so that it can try otherwise.
    #[input(title = "Handle Parse Errors", advanced, default = true)]
    handle_parsing_errors: bool,
    /// Kept for older flows: what the agent does is in its log and its message anyway.
    #[input(title = "Verbose", advanced, default = true)]
    #[expect(dead_code, reason = "it printed to the terminal of the server")]
    verbose: bool,
    /// How often the model may be called for one answer.
    #[input(title = "Max Iterations", advanced, default = 15)]
    max_iterations: u32,
    /// The model that decides and answers. It has to be able to call tools.
    #[input(title = "Language Model", extra = json!({ "required": true }))]
    model: ModelPick,
    /// The provider's key, or the name of a variable that holds it.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// Who the agent is and how it works.
    #[input(title = "System Prompt", default = texts::AGENT)]
    system_prompt: String,
    /// Earlier messages of the conversation.
    #[input(title = "Chat Memory", advanced, kind = Data)]
    chat_history: Many<DataLike>,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl ToolCallingAgentComponent {
    /// The answer.
    #[output(name = "response", title = "Response")]
    async fn message_response(&self, cx: &Cx) -> Result<Message, Fault> {
        let model = model_of(&self.model, self.api_key.expose(), 0, &self.rest, cx).await?;
        let mut turns = Vec::new();
        let system = system_prompt(&self.system_prompt, &model.info().model, cx);
        if !system.trim().is_empty() {
            turns.push(ChatTurn::system(system));
        }
        turns.extend(self.chat_history.0.iter().map(remembered).filter(speaks));
        turns.push(input_turn(&self.input_value, cx).await?);
        let runner = Runner {
            model: &*model,
            tools: unique(self.tools.0.clone()),
            max_iterations: self.max_iterations,
            handle_errors: self.handle_parsing_errors,
        };
        let mut progress = Progress::begin(true, cx).await;
        runner.run(turns, &mut progress, cx).await?;
        progress.finish(cx).await
    }

    /// The agent itself, for components that run agents of LangChain.
    #[output(name = "agent", title = "Agent", method = "build_agent", types = ["AgentExecutor"], no_tool)]
    async fn agent(&self, cx: &Cx) -> Result<Value, Fault> {
        if cx.graph().is_connected("agent") {
            return Err(Fault::unsupported(
                "an agent cannot be handed on as an object of LangChain: connect its response instead",
            ));
        }
        Ok(Value::Null)
    }
}

fn remembered(item: &DataLike) -> ChatTurn {
    match item {
        DataLike::Message(message) => turn_of(message),
        DataLike::Data(data) => {
            let said_by_user = data.data.get("sender").and_then(Json::as_str) == Some("User");
            if said_by_user { ChatTurn::user(data.text()) } else { ChatTurn::assistant(data.text()) }
        }
        DataLike::Table(_) => ChatTurn::assistant(""),
    }
}
