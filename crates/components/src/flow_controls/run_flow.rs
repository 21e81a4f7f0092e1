//! Run Flow.

use super::flow_fields;
use langflow_core::capability::{ToolOutput, ToolSchema};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_core::run::FlowOutcome;
use serde_json::json;
use uuid::Uuid;

/// Between the node and the field in the name of a field.
const SEPARATOR: char = '~';

/// Runs another flow and gives its results.
///
/// Choose a flow: the node gets a field for every open field of its inputs, and an output for every output
/// of its chat and text outputs. As a tool the flow is one action of its own name.
#[derive(Component)]
#[component(
    id = "RunFlow",
    class = "RunFlowComponent",
    title = "Run Flow",
    icon = "Workflow",
    category = "flow_controls",
    module = "lfx.components.flow_controls.run_flow.RunFlowComponent",
    documentation = "https://docs.langflow.org/run-flow",
    beta
)]
pub struct RunFlowComponent {
    /// The flow to run, by name.
    #[input(
        title = "Flow Name", kind = Dropdown, options = NO_OPTIONS, real_time_refresh, refresh_button,
        extra = json!({"value": null})
    )]
    flow_name_selected: String,
    /// The flow to run, by id; it wins over the name.
    #[input(title = "Flow ID", kind = Str, hidden, extra = json!({"value": null, "override_skip": true}))]
    flow_id_selected: String,
    /// The conversation the flow belongs to. Empty: the session of this run.
    #[input(title = "Session ID", advanced)]
    session_id: String,
    /// Kept for older flows: compiled flows are kept anyway.
    #[input(title = "Cache Flow", advanced)]
    #[expect(dead_code, reason = "plans are cached by flow and version")]
    cache_flow: bool,
    #[input(rest)]
    values: Params,
}

const NO_OPTIONS: [&str; 0] = [];

#[outputs]
impl RunFlowComponent {
    /// The last result of the flow.
    #[output(name = "flow_outputs", title = "Flow Outputs", types = ["JSON"], legacy)]
    async fn flow_outputs(&self, cx: &Cx) -> Result<Value, Fault> {
        Ok(last(&self.outcome(cx).await?))
    }

    /// The last result as data.
    #[output(name = "flow_outputs_data", title = "Flow Data Output", method = "data_output", types = ["JSON"], legacy)]
    async fn flow_outputs_data(&self, cx: &Cx) -> Result<Value, Fault> {
        Ok(match last(&self.outcome(cx).await?) {
            Value::Message(message) => Data::from_text(message.text.clone()).into(),
            other => other,
        })
    }

    /// The last result as a table.
    #[output(
        name = "flow_outputs_dataframe",
        title = "Flow Dataframe Output",
        method = "dataframe_output",
        legacy
    )]
    async fn flow_outputs_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(match last(&self.outcome(cx).await?) {
            Value::Table(table) => Arc::unwrap_or_clone(table),
            Value::Data(data) => data.to_table(),
            Value::Message(message) => Data::from_text(message.text.clone()).to_table(),
            other => Data::from_json(other.to_json()).to_table(),
        })
    }

    /// The last result as a message.
    #[output(name = "flow_outputs_message", title = "Flow Message Output", method = "message_output", legacy)]
    async fn flow_outputs_message(&self, cx: &Cx) -> Result<Message, Fault> {
        let outcome = self.outcome(cx).await?;
        Ok(match last(&outcome) {
            Value::Message(message) => Arc::unwrap_or_clone(message),
            _ => cx.new_message(flow_fields::text(&outcome)),
        })
    }

    /// The flow as one tool, named after it.
    #[toolset]
    async fn tools(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let flow = flow_fields::find(cx, &self.flow_id_selected, &self.flow_name_selected).await?;
        let graph = cx.scope().flows.graph(flow.0).await?;
        let mut properties = JsonMap::new();
        for (name, field) in flow_fields::fields(&graph, SEPARATOR) {
            let text = |key: &str| field.get(key).and_then(Json::as_str).unwrap_or_default();
            let meaning = [text("info"), text("display_name")].into_iter().find(|t| !t.is_empty());
            properties.insert(name, json!({"type": "string", "description": meaning}));
        }
        let description =
            if flow.2.is_empty() { format!("Runs the flow '{}'.", flow.1) } else { flow.2.clone() };
        let schema = ToolSchema {
            name: tool_name(&flow.1),
            description,
            parameters: json!({
                "type": "object",
                "properties": {"flow_tweak_data": {"type": "object", "properties": properties}},
                "required": ["flow_tweak_data"],
            }),
        };
        let session_id = self.session_id.clone();
        Ok(vec![Arc::new(FlowTool {
            schema,
            flow,
            session_id,
            argument: Some("flow_tweak_data"),
            cx: cx.clone(),
        })])
    }

    /// The flows there are, and the fields and outputs of the chosen one.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field != "flow_name_selected" {
            return Ok(patch);
        }
        let flows = cx.flows.list().await?;
        let names: Vec<&str> = flows.iter().map(|(_, name, _)| name.as_str()).collect();
        let chosen = request.value.as_str().and_then(|name| flows.iter().find(|flow| flow.1 == name));
        if let Some(Json::Object(mut field)) = request.template.get("flow_name_selected").cloned() {
            field.insert("options".into(), json!(names));
            patch.template.insert("flow_name_selected".into(), Json::Object(field));
        }
        let Some((id, ..)) = chosen else { return Ok(patch) };
        if let Some(Json::Object(mut field)) = request.template.get("flow_id_selected").cloned() {
            field.insert("value".into(), json!(id));
            patch.template.insert("flow_id_selected".into(), Json::Object(field));
        }
        for old in request.template.keys().filter(|name| name.contains(SEPARATOR)) {
            patch.template.insert(old.clone(), Json::Null);
        }
        let graph = cx.flows.graph(*id).await?;
        patch.template.extend(flow_fields::fields(&graph, SEPARATOR));
        let outputs = flow_fields::outputs(&graph, SEPARATOR);
        patch.outputs =
            Some(outputs.into_iter().map(|(name, title, types)| output(&name, &title, &types)).collect());
        Ok(patch)
    }
}

impl RunFlowComponent {
    async fn outcome(&self, cx: &Cx) -> Result<FlowOutcome, Fault> {
        let flow = flow_fields::find(cx, &self.flow_id_selected, &self.flow_name_selected).await?;
        let values = self.values.iter().map(|(name, value)| (name.to_owned(), value.clone()));
        flow_fields::run(cx, &flow, values, SEPARATOR, &self.session_id).await
    }
}

/// An output of the node for an output of the flow.
fn output(name: &str, title: &str, types: &[String]) -> Json {
    json!({
        "name": name, "display_name": title, "method": name, "types": types, "selected": types.first(),
        "value": "__UNDEFINED__", "cache": true, "allows_loop": false, "group_outputs": false, "tool_mode": true,
    })
}

fn last(outcome: &FlowOutcome) -> Value {
    outcome.results.last().map(|(_, _, value)| value.clone()).unwrap_or_default()
}

/// A name that models accept.
pub fn tool_name(name: &str) -> String {
    let legal: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).take(64).collect();
    if legal.is_empty() { "flow".into() } else { legal }
}

/// A flow that an agent may call.
pub struct FlowTool {
    pub schema: ToolSchema,
    pub flow: (Uuid, String, String),
    pub session_id: String,
    /// The argument that holds the values, if they are not the arguments themselves.
    pub argument: Option<&'static str>,
    pub cx: Cx,
}

impl std::fmt::Debug for FlowTool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FlowTool({})", self.schema.name)
    }
}

#[async_trait]
impl Tool for FlowTool {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        let values = match self.argument {
            Some(name) => arguments.get(name).cloned().unwrap_or_default(),
            None => arguments,
        };
        let values: JsonMap = match values {
            Json::Object(map) => map,
            Json::String(text) => serde_json::from_str(&text).unwrap_or_default(),
            _ => JsonMap::new(),
        };
        let values = values.into_iter().map(|(name, value)| (name, Value::from(value)));
        let outcome = flow_fields::run(&self.cx, &self.flow, values, SEPARATOR, &self.session_id).await?;
        Ok(ToolOutput::text(flow_fields::text(&outcome)))
    }
}
