//! The loop: the model speaks or asks for tools; tools answer; until it asks for none.

use super::progress::Progress;
use futures::StreamExt as _;
use langflow_core::capability::{
    ChatDelta, ChatModel, ChatRequest, ChatResponse, ChatRole, ChatTurn, Tool, ToolCall, ToolOutput,
    ToolSchema,
};
use langflow_core::run::Cx;
use langflow_core::{Fault, FaultKind, Json};
use serde_json::json;
use std::sync::Arc;

/// Tools of one round that run at the same time.
const AT_ONCE: usize = 8;
/// What a tool tells the model is cut here.
const TOOL_TEXT_CHARS: usize = 400_000;

/// Model and tools of one run.
pub(super) struct Runner<'a> {
    pub model: &'a dyn ChatModel,
    pub tools: Vec<Arc<dyn Tool>>,
    /// Calls of the model at most.
    pub max_iterations: u32,
    /// A failing tool tells the model; otherwise it ends the run.
    pub handle_errors: bool,
}

impl Runner<'_> {
    /// Runs to the answer. Everything that happens is told to `progress`.
    pub async fn run(
        &self,
        mut turns: Vec<ChatTurn>,
        progress: &mut Progress,
        cx: &Cx,
    ) -> Result<String, Fault> {
        let tools: Vec<ToolSchema> = self.tools.iter().map(|tool| tool.schema().clone()).collect();
        let limit = self.max_iterations.max(1);
        for _ in 0..limit {
            let request =
                ChatRequest { turns: turns.clone(), tools: tools.clone(), ..ChatRequest::default() };
            let answer = self.ask(request, progress, cx).await?;
            progress.said(&answer.text);
            if answer.tool_calls.is_empty() {
                return Ok(answer.text);
            }
            turns
                .push(ChatTurn { tool_calls: answer.tool_calls.clone(), ..ChatTurn::assistant(answer.text) });
            turns.extend(self.call_tools(&answer.tool_calls, progress, cx).await?);
        }
        let notice =
            format!("The agent stopped: it may call the model {limit} times, and had no answer by then.");
        progress.token(&notice, cx).await;
        progress.said(&notice);
        Ok(notice)
    }

    async fn ask(
        &self,
        request: ChatRequest,
        progress: &mut Progress,
        cx: &Cx,
    ) -> Result<ChatResponse, Fault> {
        progress.round();
        let answer = if self.model.info().streaming {
            self.listen(request, progress, cx).await?
        } else {
            let answer = self.model.complete(request).await?;
            progress.token(&answer.text, cx).await;
            answer
        };
        if let Some(usage) = answer.usage {
            progress.count(usage);
            cx.add_usage(usage)?;
        }
        Ok(answer)
    }

    async fn listen(
        &self,
        request: ChatRequest,
        progress: &mut Progress,
        cx: &Cx,
    ) -> Result<ChatResponse, Fault> {
        let mut answer = ChatResponse::default();
        let mut pieces = self.model.stream(request).await?;
        while let Some(piece) = pieces.next().await {
            match piece? {
                ChatDelta::Text(text) => {
                    progress.token(&text, cx).await;
                    answer.text.push_str(&text);
                }
                ChatDelta::ToolCall(call) => answer.tool_calls.push(call),
                ChatDelta::Usage(usage) => answer.usage = Some(usage),
                ChatDelta::Finish(reason) => answer.finish_reason = Some(reason),
            }
        }
        Ok(answer)
    }

    /// Calls all tools of a round; the answers stand in the order of the calls.
    async fn call_tools(
        &self,
        calls: &[ToolCall],
        progress: &mut Progress,
        cx: &Cx,
    ) -> Result<Vec<ChatTurn>, Fault> {
        let first = progress.begin_tools(calls, cx).await;
        let running: Vec<_> = calls.iter().map(|call| self.call_tool(call, cx)).collect();
        let mut outputs = futures::stream::iter(running).buffered(AT_ONCE);
        let mut turns = Vec::with_capacity(calls.len());
        for (position, call) in calls.iter().enumerate() {
            let Some(output) = outputs.next().await else { break };
            let output = output?;
            progress.end_tool(first + position, call, &output, cx).await;
            turns.push(ChatTurn::tool(call, output.text));
        }
        Ok(turns)
    }

    async fn call_tool(&self, call: &ToolCall, cx: &Cx) -> Result<ToolOutput, Fault> {
        cx.log("Tool Start", json!({ "name": call.name, "input": call.arguments }));
        let output = match self.answer(call).await {
            Ok(output) => output,
            Err(fault) if self.ends_run(&fault) => return Err(fault),
            Err(fault) => ToolOutput { is_error: true, ..ToolOutput::text(fault.message()) },
        };
        cx.log("Tool End", json!({ "name": call.name, "output": output.text }));
        Ok(ToolOutput { text: cut(output.text), ..output })
    }

    async fn answer(&self, call: &ToolCall) -> Result<ToolOutput, Fault> {
        let Some(tool) = self.tools.iter().find(|tool| tool.schema().name == call.name) else {
            let names: Vec<&str> = self.tools.iter().map(|tool| tool.schema().name.as_str()).collect();
            return Err(Fault::invalid(format!(
                "There is no tool '{}'. There are: {}",
                call.name,
                names.join(", ")
            )));
        };
        if let Json::String(text) = &call.arguments {
            return Err(Fault::invalid(format!(
                "The arguments of {} are not a JSON object: {text}. Call it again with valid JSON.",
                call.name
            )));
        }
        tool.call(call.arguments.clone()).await
    }

    fn ends_run(&self, fault: &Fault) -> bool {
        !self.handle_errors || matches!(fault.kind(), FaultKind::Cancelled | FaultKind::Budget)
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(TOOL_TEXT_CHARS) {
        Some((end, _)) => format!("{}\n(cut here)", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Whether a turn is worth sending: blank turns of the history are not.
pub(super) fn speaks(turn: &ChatTurn) -> bool {
    turn.role == ChatRole::System || turn.parts.len() > 1 || !turn.plain_text().trim().is_empty()
}
