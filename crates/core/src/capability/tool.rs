//! Tools that an agent may call.

use super::ToolSchema;
use crate::value::Json;
use crate::{Fault, async_trait};
use std::fmt::Debug;

/// What a tool gives back to the model.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolOutput {
    /// The text the model reads.
    pub text: String,
    /// The same as JSON where there is more than text, for the event stream.
    pub artifact: Option<Json>,
    /// The tool failed; the text says why.
    pub is_error: bool,
}

impl ToolOutput {
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), artifact: None, is_error: false }
    }
}

/// One callable tool.
#[async_trait]
pub trait Tool: Debug + Send + Sync {
    fn schema(&self) -> &ToolSchema;

    /// Description as the Toolset output shows it in events.
    fn describe(&self) -> Json {
        let schema = self.schema();
        serde_json::json!({
            "name": schema.name,
            "description": schema.description,
            "args_schema": schema.parameters,
            "return_direct": false,
            "verbose": false,
            "tags": [schema.name],
            "metadata": {},
        })
    }

    /// Calls the tool. A [`Fault`] goes back to the model as an error text unless it is a
    /// cancellation or a budget.
    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault>;
}
