//! Calculator, as older flows have it: a tool with an output of its own.

use super::calculator::calculate;
use langflow_core::capability::{ToolOutput, ToolSchema};
use langflow_core::prelude::*;
use serde_json::json;

/// Does arithmetic, as a tool.
#[derive(Component)]
#[component(
    id = "CalculatorTool",
    class = "CalculatorToolComponent",
    title = "Calculator",
    icon = "calculator",
    category = "tools",
    module = "lfx.components.tools.calculator.CalculatorToolComponent",
    legacy,
    replacement = ["utilities.CalculatorComponent"],
    examples = EXAMPLES
)]
pub struct CalculatorToolComponent {
    /// The expression, for example `2*(3+4)`.
    #[input(title = "Expression")]
    expression: String,
}

#[outputs]
impl CalculatorToolComponent {
    /// The result under `result`, or what is wrong under `error`.
    #[output(name = "api_run_model", title = "JSON", method = "run_model", types = ["JSON"])]
    async fn api_run_model(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(vec![calculate(&self.expression)])
    }

    /// The calculator as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, _cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let schema = ToolSchema {
            name: "calculator".into(),
            description: "Does basic arithmetic with an expression.".into(),
            parameters: json!({
                "type": "object",
                "properties": {"expression": {"type": "string", "description": "The expression, like 2*(3+4)."}},
                "required": ["expression"],
            }),
        };
        Ok(vec![Arc::new(Calculator { schema })])
    }
}

#[derive(Debug)]
struct Calculator {
    schema: ToolSchema,
}

#[async_trait]
impl Tool for Calculator {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        let expression = arguments.get("expression").and_then(Json::as_str).unwrap_or_default();
        let data = Json::Object(calculate(expression).data);
        let is_error = data.get("error").is_some();
        Ok(ToolOutput { text: data.to_string(), artifact: Some(data), is_error })
    }
}

examples! {
    "A sum": {"expression": "1+2"} => api_run_model: [{"result": "3"}];
    "As a tool": {} => api_build_tool: ["calculator"];
}
