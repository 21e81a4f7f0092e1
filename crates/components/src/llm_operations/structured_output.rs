//! Structured Output.

use super::{complete, model_of};
use crate::models::pick::ModelPick;
use crate::models::schema::Schema;
use crate::models::texts;
use langflow_core::capability::ModelKind;
use langflow_core::capability::{ChatRequest, ChatTurn, ResponseFormat, ToolSchema};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Turns text into data with the fields you describe.
///
/// The model fills in a form: one record for every item it finds in the text.
#[derive(Component)]
#[component(
    id = "StructuredOutput",
    class = "StructuredOutputComponent",
    title = "Structured Output",
    icon = "braces",
    category = "llm_operations",
    module = "lfx.components.llm_operations.structured_output.StructuredOutputComponent",
    documentation = "https://docs.langflow.org/structured-output"
)]
pub struct StructuredOutputComponent {
    /// The model that reads the text. It has to call tools or answer in JSON of a schema.
    #[input(title = "Language Model", extra = json!({ "required": true }))]
    model: ModelPick,
    /// The provider's key, or the name of a variable that holds it.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// The text to read.
    #[input(title = "Input Message", kind = Multiline, required, tool_mode)]
    input_value: String,
    /// How the text is to be read.
    #[input(title = "Format Instructions", kind = Multiline, required, advanced, default = texts::EXTRACT)]
    system_prompt: String,
    /// Name of the form, for the model.
    #[input(title = "Schema Name", advanced)]
    schema_name: String,
    /// The fields of a record.
    #[input(
        title = "Output Schema", kind = Table, extra = json!({ "required": true, "is_list": true, "table_schema": texts::schema_columns() }),
        default = json!([{ "name": "field", "description": "description of field", "type": "str", "multiple": "False" }])
    )]
    output_schema: Table,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl StructuredOutputComponent {
    /// One record as its fields, several as a list under `results`.
    #[output(name = "structured_output", title = "Structured Output", method = "build_structured_output")]
    async fn structured_output(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut objects = self.objects(cx).await?;
        if objects.len() == 1 {
            return Ok(Data::from_json(objects.remove(0)));
        }
        Ok(Data::from_json(json!({ "results": objects })))
    }

    /// A row per record.
    #[output(
        name = "dataframe_output", title = "Structured Output", method = "build_structured_dataframe",
        aliases = ["structured_output_dataframe", "as_dataframe"]
    )]
    async fn dataframe_output(&self, cx: &Cx) -> Result<Table, Fault> {
        let objects = self.objects(cx).await?;
        Ok(Table::from_rows(objects.into_iter().filter_map(|object| object.as_object().cloned())))
    }

    /// The list of models, and the fields of the chosen provider.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        crate::models::refresh::model_fields(request, cx, ModelKind::Language).await
    }
}

impl StructuredOutputComponent {
    async fn objects(&self, cx: &Cx) -> Result<Vec<Json>, Fault> {
        let schema = Schema::from_table(&self.output_schema)?
            .ok_or_else(|| Fault::missing("Output schema cannot be empty").at_field("output_schema"))?;
        let model = match (&self.model, self.rest.get("llm")) {
            // Flows of version 1.7 and older connect the model here.
            (ModelPick::Nothing, Some(Value::Model(model))) => Arc::clone(model),
            (pick, _) => model_of(pick, &self.api_key, cx).await?,
        };
        let name = form_name(&self.schema_name);
        let turns =
            vec![ChatTurn::system(self.system_prompt.clone()), ChatTurn::user(self.input_value.clone())];
        let info = model.info().clone();
        let objects = if info.tools {
            let form = ToolSchema {
                name: name.clone(),
                description: "Hands in all records found in the text.".into(),
                parameters: schema.envelope(),
            };
            let request =
                ChatRequest { turns, tools: vec![form], forced_tool: Some(name), ..ChatRequest::default() };
            let answer = complete(&*model, request, cx).await?;
            match answer.tool_calls.into_iter().next() {
                Some(call) => match call.arguments {
                    Json::String(text) => schema.read_objects(&text),
                    json => schema.check_objects(json),
                },
                // Some models answer in text although they were told to fill in the form.
                None => schema.read_objects(&answer.text),
            }
        } else if info.json_schema {
            let format = ResponseFormat::Schema { name, schema: schema.envelope() };
            let answer =
                complete(&*model, ChatRequest { turns, format, ..ChatRequest::default() }, cx).await?;
            schema.read_objects(&answer.text)
        } else {
            return Err(Fault::unsupported(format!(
                "the model '{}' of {} can neither call tools nor answer in JSON of a schema",
                info.model, info.provider
            ))
            .at_field("model"));
        };
        match objects {
            Ok(objects) if !objects.is_empty() => Ok(objects),
            Ok(_) => Err(Fault::invalid("No structured output returned")),
            Err(why) => Err(Fault::invalid(format!("No structured output returned: {why}"))),
        }
    }
}

/// A name that providers take for a tool.
fn form_name(text: &str) -> String {
    let name: String =
        text.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(64).collect();
    if name.is_empty() { "OutputModel".into() } else { name }
}
