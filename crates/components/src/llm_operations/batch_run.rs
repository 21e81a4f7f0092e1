//! Batch Run.

use super::{complete, model_of};
use crate::models::pick::ModelPick;
use futures::StreamExt as _;
use langflow_core::capability::ModelKind;
use langflow_core::capability::{ChatRequest, ChatTurn};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Rows asked about at the same time.
const AT_ONCE: usize = 8;

/// Asks a model about every row of a table.
///
/// The model gets the text of one column, or the whole row where no column is named. Its answers become a new
/// column.
#[derive(Component)]
#[component(
    id = "BatchRunComponent",
    title = "Batch Run",
    icon = "List",
    category = "llm_operations",
    module = "lfx.components.llm_operations.batch_run.BatchRunComponent",
    documentation = "https://docs.langflow.org/batch-run"
)]
pub struct BatchRunComponent {
    /// The model that is asked.
    #[input(title = "Language Model", extra = json!({ "required": true }))]
    model: ModelPick,
    /// The provider's key, or the name of a variable that holds it.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// Instructions that go with every row.
    #[input(title = "Instructions", kind = Multiline)]
    system_message: String,
    /// The rows.
    #[input(title = "Table", required, kind = DataFrame)]
    df: Table,
    /// The column whose text is sent; empty sends the whole row.
    #[input(title = "Column Name")]
    column_name: String,
    /// The column for the answers.
    #[input(title = "Output Column Name", advanced, default = "model_response")]
    output_column_name: String,
    /// Adds a column that tells how each row went.
    #[input(title = "Enable Metadata", advanced)]
    enable_metadata: bool,
}

#[outputs]
impl BatchRunComponent {
    /// The rows with the answers, and their number under `batch_index`.
    #[output(name = "batch_results", title = "LLM Results", method = "run_batch")]
    async fn batch_results(&self, cx: &Cx) -> Result<Table, Fault> {
        let column = self.column_name.trim();
        if !column.is_empty() && !self.df.columns().iter().any(|known| known == column) {
            return Err(Fault::missing(format!(
                "there is no column '{column}'; there are: {}",
                self.df.columns().join(", ")
            ))
            .at_field("column_name"));
        }
        let model = model_of(&self.model, &self.api_key, cx).await?;
        let asking: Vec<_> =
            self.df.rows().enumerate().map(|(n, row)| self.ask(&*model, n, row, cx)).collect();
        let mut answers = futures::stream::iter(asking).buffered(AT_ONCE);
        let mut rows = Vec::new();
        while let Some(row) = answers.next().await {
            rows.push(row?);
        }
        Ok(Table::from_rows(rows))
    }

    /// The list of models, and the fields of the chosen provider.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        crate::models::refresh::model_fields(request, cx, ModelKind::Language).await
    }
}

impl BatchRunComponent {
    async fn ask(
        &self,
        model: &dyn ChatModel,
        number: usize,
        mut row: JsonMap,
        cx: &Cx,
    ) -> Result<JsonMap, Fault> {
        let text = match self.column_name.trim() {
            "" => whole_row(&row),
            column => row.get(column).map(plain).unwrap_or_default(),
        };
        let mut turns = Vec::new();
        if !self.system_message.trim().is_empty() {
            turns.push(ChatTurn::system(self.system_message.clone()));
        }
        turns.push(ChatTurn::user(text.clone()));
        let answer = complete(model, ChatRequest::new(turns), cx)
            .await
            .map_err(|fault| fault.prefixed(&format!("row {}: ", number + 1)))?;
        let column =
            if self.output_column_name.is_empty() { "model_response" } else { &self.output_column_name };
        if self.enable_metadata {
            row.insert(
                "metadata".into(),
                json!({
                    "has_system_message": !self.system_message.trim().is_empty(),
                    "input_length": text.chars().count(),
                    "response_length": answer.text.chars().count(),
                    "processing_status": "success",
                }),
            );
        }
        row.insert(column.to_owned(), json!(answer.text));
        row.insert("batch_index".into(), json!(number));
        Ok(row)
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        other => langflow_core::value::python_repr(other),
    }
}

/// The row as TOML: every column a table with its value.
fn whole_row(row: &JsonMap) -> String {
    let tables: Vec<String> =
        row.iter().map(|(name, value)| format!("[{name}]\nvalue = {}", json!(plain(value)))).collect();
    tables.join("\n\n")
}
