//! Agent.

use super::legacy::model_of;
use super::prepare::{history, input_turn, system_prompt, unique};
use super::progress::Progress;
use super::runner::Runner;
use super::{builtin, structured};
use crate::models::pick::ModelPick;
use crate::models::schema::Schema;
use crate::models::texts;
use langflow_core::capability::ChatTurn;
use langflow_core::capability::ModelKind;
use langflow_core::component::{RefreshCx, RefreshRequest, ToolList};
use langflow_core::prelude::*;
use serde_json::json;

/// Answers with a language model that calls tools as it needs them.
///
/// Connect tools, or components in tool mode. The agent sees the messages of its session, calls tools (several
/// at a time where the model asks for that), and goes on until it has an answer or has called the model *Max
/// Iterations* times. In the instructions `{current_date}` and `{model_name}` are filled in.
#[derive(Component)]
#[component(
    id = "Agent",
    class = "AgentComponent",
    title = "Agent",
    icon = "bot",
    category = "models_and_agents",
    module = "lfx.components.models_and_agents.agent.AgentComponent",
    documentation = "https://docs.langflow.org/agents"
)]
pub struct AgentComponent {
    /// The model that decides and answers. It has to be able to call tools.
    #[input(
        title = "Language Model",
        extra = json!({ "required": true, "filters": { "tool_calling": true } })
    )]
    model: ModelPick,
    /// The provider's key, or the name of a variable that holds it. Without one the provider's own variable
    /// is used.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// Who the agent is and how it works.
    #[input(title = "Agent Instructions", kind = Multiline, default = texts::AGENT)]
    system_prompt: String,
    /// Separates conversations of one session from each other.
    #[input(title = "Context ID", advanced)]
    context_id: String,
    /// How many messages of the session the agent remembers; 0 for none.
    #[input(title = "Number of Chat History Messages", advanced, default = 100)]
    n_messages: usize,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced, range = (0.0, 128_000.0, 1.0))]
    max_tokens: u64,
    /// How the structured response is to be made.
    #[input(title = "Output Format Instructions", kind = Multiline, advanced, default = texts::EXTRACT)]
    format_instructions: String,
    /// The fields of the structured response.
    #[input(title = "Output Schema", kind = Table, advanced, extra = json!({ "is_list": true, "table_schema": texts::schema_columns() }))]
    output_schema: Table,
    /// What the agent may call.
    #[input(title = "Tools")]
    tools: ToolList,
    /// What the agent answers to.
    #[input(title = "Input", tool_mode)]
    input_value: Message,
    /// Tells the model when a tool fails, so that it can try otherwise. Off, the run fails with the tool.
    #[input(title = "Handle Parse Errors", advanced, default = true)]
    handle_parsing_errors: bool,
    /// How often the model may be called for one answer.
    #[input(title = "Max Iterations", advanced, default = 15, range = (1.0, 128_000.0, 1.0))]
    max_iterations: u32,
    /// Shows the answer word by word.
    #[input(title = "Stream", advanced, default = true)]
    stream: bool,
    /// Gives the agent a tool that tells the date.
    #[input(title = "Current Date", advanced, default = true)]
    add_current_date_tool: bool,
    /// Gives the agent a tool for arithmetic.
    #[input(title = "Calculator", advanced, default = true)]
    add_calculator_tool: bool,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl AgentComponent {
    /// The answer.
    #[output(name = "response", title = "Response", aliases = ["run_agent"])]
    async fn message_response(&self, cx: &Cx) -> Result<Message, Fault> {
        let model = self.connect(cx).await?;
        let turns = self.turns(&*model, cx).await?;
        let mut progress = Progress::begin(self.stream, cx).await;
        self.runner(&*model, cx).run(turns, &mut progress, cx).await?;
        let message = progress.finish(cx).await?;
        cx.set_status(message.clone());
        Ok(message)
    }

    /// The answer as data with the fields of *Output Schema*.
    #[output(name = "structured_response", title = "Structured Response", types = ["Data", "JSON"], no_tool)]
    async fn json_response(&self, cx: &Cx) -> Result<Data, Fault> {
        let schema = Schema::from_table(&self.output_schema)?;
        let Some(schema) = schema else {
            return Ok(Data::from_json(json!({ "content": self.input_value.text })));
        };
        let model = self.connect(cx).await?;
        let turns = self.turns(&*model, cx).await?;
        // The tools every agent has do not turn an extraction into a run with tools.
        let runner = Runner { tools: unique(self.tools.0.clone()), ..self.runner(&*model, cx) };
        let data = structured::answer(&runner, turns, &self.format_instructions, &schema, cx).await?;
        cx.set_status(data.clone());
        Ok(data)
    }

    /// The list of models, and the fields of the chosen provider.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        crate::models::refresh::model_fields(request, cx, ModelKind::Language).await
    }
}

impl AgentComponent {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        model_of(&self.model, self.api_key.expose(), self.max_tokens, &self.rest, cx).await
    }

    async fn turns(&self, model: &dyn ChatModel, cx: &Cx) -> Result<Vec<ChatTurn>, Fault> {
        let mut turns = Vec::new();
        let system = system_prompt(&self.system_prompt, &model.info().model, cx);
        if !system.trim().is_empty() {
            turns.push(ChatTurn::system(system));
        }
        turns.extend(history(self.n_messages, &self.context_id, &self.input_value, cx).await?);
        turns.push(input_turn(&self.input_value, cx).await?);
        Ok(turns)
    }

    fn runner<'a>(&self, model: &'a dyn ChatModel, cx: &Cx) -> Runner<'a> {
        let mut tools = unique(self.tools.0.clone());
        let extras = [
            self.add_current_date_tool.then(|| builtin::current_date(cx)).flatten(),
            self.add_calculator_tool.then(|| builtin::calculator(cx)).flatten(),
        ];
        for extra in extras.into_iter().flatten() {
            if !tools.iter().any(|tool| tool.schema().name == extra.schema().name) {
                tools.push(extra);
            }
        }
        Runner {
            model,
            tools,
            max_iterations: self.max_iterations,
            handle_errors: self.handle_parsing_errors,
        }
    }
}
