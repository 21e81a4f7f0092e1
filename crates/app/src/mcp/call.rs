//! Calling a tool: a run like any other.

use super::McpServer;
use super::{schema, tools};
use crate::principal::Credential;
use crate::runs::{
    FrameSink, InputType, OutputChoice, PreparedRun, RunAnswer, RunFlow, RunInput, prepare_run,
};
use crate::variables::Overrides;
use crate::{App, AppError, AppResult, Principal};
use langflow_core::{Json, JsonMap};
use langflow_store::flows;
use std::sync::Arc;

/// A call as it came.
#[derive(Clone, Debug, Default)]
pub struct CallTool {
    pub name: String,
    pub arguments: JsonMap,
    /// Values that the request gives to global variables.
    pub variables: Overrides,
}

/// A call that can start.
pub struct PreparedCall {
    run: PreparedRun,
    flow_name: String,
    is_owner: bool,
}

/// Finds the flow of the tool and makes ready to run it.
///
/// # Errors
/// 404 in the words of the reference when there is no such tool; what [`prepare_run`] refuses.
pub async fn prepare_call(
    app: &Arc<App>,
    who: &Principal,
    server: McpServer,
    call: CallTool,
) -> AppResult<PreparedCall> {
    let unknown = || AppError::not_found(format!("Flow with name '{}' not found", call.name));
    let header = tools::find_flow(app, who, server, &call.name).await?.ok_or_else(unknown)?;
    let flow = flows::find(&app.store, who.user_id, header.id).await?.ok_or_else(unknown)?;
    let graph: Json = flow.data.as_ref().ok_or_else(unknown)?.read().map_err(AppError::internal)?;
    let nodes = schema::input_nodes(&graph);
    let mut arguments = call.arguments;
    let is_owner = who.credential != Credential::Anonymous;
    let session_id = text(arguments.shift_remove("session_id")).filter(|id| !id.is_empty());
    let session_id = match (session_id, server) {
        // Strangers share no session with the owner.
        (Some(id), McpServer::Project(project)) if !is_owner => format!("mcp-{project}-{id}"),
        (Some(id), _) => id,
        (None, _) => app.ids.random().to_string(),
    };
    let has_chat = nodes.iter().any(|node| node.kind == "ChatInput");
    let input = RunInput {
        value: Some(text(arguments.shift_remove("input_value")).unwrap_or_default()),
        kind: if has_chat { InputType::Chat } else { InputType::Any },
        components: Vec::new(),
    };
    let wanted = RunFlow {
        flow: header.id.to_string(),
        inputs: vec![input],
        output: OutputChoice::Kind("any"),
        tweaks: schema::tweaks(&nodes, &arguments),
        session_id: Some(session_id),
        stream: false,
        variables: call.variables,
        plain_errors: true,
        ..RunFlow::default()
    };
    let mut run = prepare_run(app, who, wanted).await.map_err(|error| told(&flow.name, &error, is_owner))?;
    if !is_owner {
        run.refuse_closed().await?;
    }
    Ok(PreparedCall { run, flow_name: flow.name, is_owner })
}

impl PreparedCall {
    /// Runs the flow; the texts of its outputs, each once. Events go to the sink on the way. Dropping the
    /// future cancels the run.
    ///
    /// # Errors
    /// What failed, in one sentence. A stranger only learns that it failed.
    pub async fn run(self, sink: Option<FrameSink>) -> AppResult<Vec<String>> {
        let Self { run, flow_name, is_owner } = self;
        match run.run(sink).await {
            Ok(answer) => Ok(texts(&answer)),
            Err(error) => Err(told(&flow_name, &error, is_owner)),
        }
    }
}

fn told(flow: &str, error: &AppError, is_owner: bool) -> AppError {
    let why = if is_owner { crate::runs::error_text(error) } else { "the flow failed".into() };
    AppError::new(error.kind, format!("Error Executing the {flow} tool. Error: {why}"))
}

fn text(value: Option<Json>) -> Option<String> {
    match value? {
        Json::String(text) => Some(text),
        Json::Null => None,
        other => Some(other.to_string()),
    }
}

/// Texts of all outputs: chat messages first, then results; equal ones once.
fn texts(answer: &RunAnswer) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !texts.contains(&text) {
            texts.push(text);
        }
    };
    for result in answer.outputs.iter().flat_map(|output| &output.results) {
        let messages = result.get("messages").and_then(Json::as_array).into_iter().flatten();
        for message in messages.filter_map(|message| message.get("message")) {
            add(text_of(message));
        }
        for value in result.get("results").and_then(Json::as_object).into_iter().flat_map(JsonMap::values) {
            add(text_of(value));
        }
    }
    texts
}

/// The text of a message, else the value as JSON.
fn text_of(value: &Json) -> String {
    let text = match value {
        Json::String(text) => Some(text.as_str()),
        Json::Object(map) => ["text", "message"].iter().find_map(|key| map.get(*key)?.as_str()),
        _ => None,
    };
    text.map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::RunOutput;
    use serde_json::json;

    #[test]
    fn equal_texts_are_told_once() {
        let results = vec![
            json!({"messages": [{"message": "hi"}], "results": {"message": {"text": "hi", "data": {}}}}),
            json!({"messages": [], "results": {"data": {"a": 1}, "text": "bye"}}),
            Json::Null,
        ];
        let answer =
            RunAnswer { outputs: vec![RunOutput { input_value: None, results }], ..RunAnswer::default() };
        assert_eq!(texts(&answer), ["hi", r#"{"a":1}"#, "bye"]);
    }
}
