//! Tools that people's components offer.

use super::CodeNode;
use langflow_core::capability::{Tool, ToolOutput, ToolSchema};
use langflow_core::component::Params;
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, Value, async_trait};
use serde_json::json;
use std::fmt;
use std::sync::Arc;

/// Tools of one node: more are left out.
const MAX_TOOLS: usize = 256;

/// One tool: the worker makes it anew for every call.
pub struct CodeTool {
    schema: ToolSchema,
    tags: Json,
    node: Arc<CodeNode>,
    params: Params,
    cx: Cx,
    /// The output that gives the tool, where it is not the node's toolset.
    output: Option<String>,
}

impl fmt::Debug for CodeTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodeTool").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// Tools from the descriptions a worker gave.
pub fn make(node: &Arc<CodeNode>, params: &Params, cx: &Cx, output: Option<&str>, items: Vec<Json>) -> Value {
    let tools = items
        .into_iter()
        .take(MAX_TOOLS)
        .filter_map(|mut item| {
            let text = |item: &Json, key: &str| item.get(key).and_then(Json::as_str).map(str::to_owned);
            let schema = ToolSchema {
                name: text(&item, "name")?,
                description: text(&item, "description").unwrap_or_default(),
                parameters: item.get_mut("parameters").map_or_else(|| json!({}), Json::take),
            };
            Some(Arc::new(CodeTool {
                tags: item.get_mut("tags").map_or_else(|| json!([schema.name]), Json::take),
                schema,
                node: Arc::clone(node),
                params: params.clone(),
                cx: cx.clone(),
                output: output.map(str::to_owned),
            }) as Arc<dyn Tool>)
        })
        .collect();
    Value::Tools(tools)
}

#[async_trait]
impl Tool for CodeTool {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    fn describe(&self) -> Json {
        json!({
            "name": self.schema.name,
            "description": self.schema.description,
            "args_schema": self.schema.parameters,
            "return_direct": false,
            "verbose": false,
            "tags": self.tags,
            "metadata": {
                "display_name": self.node.display_name,
                "display_description": self.schema.description,
                "source_id": self.node.id,
            },
            "handle_tool_error": true,
        })
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        let more = json!({"name": self.schema.name, "arguments": arguments, "output": self.output});
        let answer = self.node.call_once("tool", &self.params, more, &self.cx).await?;
        let text = answer.get("text").and_then(Json::as_str).unwrap_or_default().to_owned();
        Ok(ToolOutput { text, artifact: answer.get("artifact").cloned(), is_error: false })
    }
}
