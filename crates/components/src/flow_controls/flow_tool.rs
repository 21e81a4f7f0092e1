//! Flow as Tool.

use super::flow_fields;
use super::run_flow::{FlowTool, tool_name};
use langflow_core::capability::ToolSchema;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Makes a tool of another flow.
#[derive(Component)]
#[component(
    id = "FlowTool",
    class = "FlowToolComponent",
    title = "Flow as Tool",
    icon = "hammer",
    category = "flow_controls",
    module = "lfx.components.flow_controls.flow_tool.FlowToolComponent",
    legacy,
    replacement = ["flow_controls.RunFlow"]
)]
pub struct FlowToolComponent {
    /// The flow, by name.
    #[input(title = "Flow Name", kind = Dropdown, options = NO_OPTIONS, refresh_button)]
    flow_name: String,
    /// The name of the tool. Empty: the name of the flow.
    #[input(title = "Name", kind = Str)]
    tool_name: String,
    /// What the tool does, for the agent. Empty: the description of the flow.
    #[input(title = "Description", kind = Str)]
    tool_description: String,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Return Direct", advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    return_direct: bool,
}

const NO_OPTIONS: [&str; 0] = [];

#[outputs]
impl FlowToolComponent {
    /// The flow as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let flow = flow_fields::find(cx, "", &self.flow_name).await?;
        let graph = cx.scope().flows.graph(flow.0).await?;
        let mut properties = JsonMap::new();
        for (name, field) in flow_fields::fields(&graph, '~') {
            properties.insert(name, json!({"type": "string", "description": field.get("display_name")}));
        }
        let name = if self.tool_name.is_empty() { &flow.1 } else { &self.tool_name };
        let given = [&self.tool_description, &flow.2].into_iter().find(|text| !text.is_empty());
        let description = given.cloned().unwrap_or_else(|| format!("Runs the flow '{}'.", flow.1));
        let schema = ToolSchema {
            name: tool_name(name),
            description,
            parameters: json!({"type": "object", "properties": properties}),
        };
        let tool = FlowTool { schema, flow, session_id: String::new(), argument: None, cx: cx.clone() };
        Ok(vec![Arc::new(tool)])
    }

    /// The flows there are.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if let (true, Some(Json::Object(field))) =
            (request.field == "flow_name", request.template.get("flow_name"))
        {
            let flows = cx.flows.list().await?;
            let names: Vec<&str> = flows.iter().map(|(_, name, _)| name.as_str()).collect();
            let mut field = field.clone();
            field.insert("options".into(), json!(names));
            patch.template.insert("flow_name".into(), Json::Object(field));
        }
        Ok(patch)
    }
}
