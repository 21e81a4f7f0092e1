//! Tools every agent may have: the date, and arithmetic. They are the components of these names.

use langflow_core::capability::{Tool, ToolOutput, ToolSchema};
use langflow_core::component::{Definition, Params};
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, Value, async_trait};
use serde_json::json;
use std::sync::{Arc, LazyLock};

static COMPONENTS: LazyLock<langflow_core::component::Catalogue> = LazyLock::new(crate::catalogue);

/// `get_current_date(timezone)`.
pub(super) fn current_date(cx: &Cx) -> Option<Arc<dyn Tool>> {
    let parameters = json!({
        "properties": { "timezone": {
            "default": "UTC", "description": "Name of a time zone, like Europe/Berlin.", "type": "string",
        } },
        "type": "object",
    });
    component_tool("CurrentDate", "get_current_date", "Tells date and time in a time zone.", parameters, cx)
}

/// `evaluate_expression(expression)`.
pub(super) fn calculator(cx: &Cx) -> Option<Arc<dyn Tool>> {
    let parameters = json!({
        "properties": { "expression": {
            "description": "The arithmetic expression, like 4*4*(33/22)+12-20.", "type": "string",
        } },
        "required": ["expression"],
        "type": "object",
    });
    component_tool("CalculatorComponent", "evaluate_expression", "Does basic arithmetic.", parameters, cx)
}

fn component_tool(
    key: &str,
    name: &str,
    description: &str,
    parameters: Json,
    cx: &Cx,
) -> Option<Arc<dyn Tool>> {
    let definition = Arc::clone(COMPONENTS.get(key)?);
    let output = definition.spec().outputs.first()?.name;
    let schema = ToolSchema { name: name.into(), description: description.into(), parameters };
    Some(Arc::new(ComponentTool { schema, definition, output, cx: cx.clone() }))
}

/// The first output of a component, as a tool.
struct ComponentTool {
    schema: ToolSchema,
    definition: Arc<dyn Definition>,
    output: &'static str,
    cx: Cx,
}

impl std::fmt::Debug for ComponentTool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ComponentTool").field("schema", &self.schema).finish_non_exhaustive()
    }
}

#[async_trait]
impl Tool for ComponentTool {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        let mut params = Params::default();
        if let Json::Object(arguments) = arguments {
            for (name, value) in arguments {
                params.set(name, Value::from(value));
            }
        }
        let instance = self.definition.parse(params).map_err(Fault::join)?;
        let value = instance.run_output(self.output, &self.cx).await?;
        Ok(match &value {
            Value::Message(message) => ToolOutput::text(message.text.clone()),
            other => {
                let json = other.to_json();
                ToolOutput { text: json.to_string(), artifact: Some(json), is_error: false }
            }
        })
    }
}
