//! Smart Transform.

use super::{ask, model_of};
use crate::models::pick::ModelPick;
use crate::text::jq;
use langflow_core::capability::ModelKind;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_core::value::python_repr;
use serde_json::json;

/// Attempts of the model; after the first it sees what was wrong.
const ATTEMPTS: usize = 3;
/// Rows of a list that the model sees.
const SAMPLE_ROWS: usize = 3;

/// Transforms data as you describe it in words.
///
/// A model writes a jq program for your instructions from a sample of the data; the program then runs here, over
/// all of the data. (Langflow lets the model write Python instead. jq can only compute on the data: it reaches no
/// files, no network and no server.)
#[derive(Component)]
#[component(
    id = "Smart Transform",
    aliases = ["Smart Function"],
    class = "LambdaFilterComponent",
    title = "Smart Transform",
    icon = "square-function",
    category = "llm_operations",
    module = "lfx.components.llm_operations.lambda_filter.LambdaFilterComponent",
    documentation = "https://docs.langflow.org/smart-transform"
)]
pub struct LambdaFilterComponent {
    /// What to transform: data, a table, or a message.
    #[input(
        title = "JSON", kind = Data, handles = ["Data", "JSON", "DataFrame", "Table", "Message"], required
    )]
    data: Many<AnyValue>,
    /// The model that writes the program.
    #[input(title = "Language Model", extra = json!({ "required": true }))]
    model: ModelPick,
    /// The provider's key, or the name of a variable that holds it.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// What is to be done with the data.
    #[input(title = "Instructions", kind = Multiline, required, default = "Transform the data to...")]
    filter_instruction: String,
    /// Characters of a long input that the model sees, from its beginning and from its end.
    #[input(title = "Sample Size", advanced, default = 1000)]
    sample_size: usize,
    /// Inputs shorter than this are shown to the model whole.
    #[input(title = "Max Size", advanced, default = 30000)]
    max_size: usize,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl LambdaFilterComponent {
    /// The result as data: an object as it is, a list under `_results`, text under `text`.
    #[output(name = "data_output", title = "Output", method = "process_as_data", aliases = ["filtered_data", "filter_data"])]
    async fn data_output(&self, cx: &Cx) -> Result<Data, Fault> {
        Ok(match self.transform(cx).await? {
            Json::Object(map) => Data::new(map),
            Json::String(text) => Data::from_text(text),
            list @ Json::Array(_) => Data::from_json(json!({ "_results": list })),
            other => Data::from_json(json!({ "text": other })),
        })
    }

    /// The result as a table: a list of objects as rows, other lists as a column.
    #[output(name = "dataframe_output", title = "Output", method = "process_as_dataframe")]
    async fn dataframe_output(&self, cx: &Cx) -> Result<Table, Fault> {
        let items = match self.transform(cx).await? {
            Json::Array(items) => items,
            one => vec![one],
        };
        Ok(Table::from_rows(items.into_iter().map(|item| match item {
            Json::Object(map) => map,
            other => {
                let mut row = JsonMap::new();
                row.insert("value".into(), other);
                row
            }
        })))
    }

    /// The result as text: lists a line each, objects as JSON.
    #[output(name = "message_output", title = "Output", method = "process_as_message")]
    async fn message_output(&self, cx: &Cx) -> Result<Message, Fault> {
        let text = match self.transform(cx).await? {
            Json::String(text) => text,
            Json::Array(items) => items
                .iter()
                .map(|item| if item.is_object() { item.to_string() } else { python_repr(item) })
                .collect::<Vec<_>>()
                .join("\n"),
            object @ Json::Object(_) => object.to_string(),
            other => python_repr(&other),
        };
        Ok(cx.new_message(text))
    }

    /// The list of models, and the fields of the chosen provider.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        crate::models::refresh::model_fields(request, cx, ModelKind::Language).await
    }
}

impl LambdaFilterComponent {
    async fn transform(&self, cx: &Cx) -> Result<Json, Fault> {
        let model = match (&self.model, self.rest.get("llm")) {
            (ModelPick::Nothing, Some(Value::Model(model))) => Arc::clone(model),
            (pick, _) => model_of(pick, &self.api_key, cx).await?,
        };
        let input = self.input();
        let mut prompt = self.prompt(&input);
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let answer = ask(&*model, "", &prompt, cx).await?;
            let program = program_in(&answer);
            cx.log("Program", program.clone());
            match jq::run(program.as_str(), input.clone()).await {
                Ok(mut results) if results.len() == 1 => return Ok(results.remove(0)),
                Ok(results) => return Ok(Json::Array(results)),
                Err(fault) => {
                    let why = fault.message().to_owned();
                    prompt.push_str(&format!(
                        "\n\nThis program does not work:\n{program}\nIt fails: {why}\nMend it."
                    ));
                    last = why;
                }
            }
        }
        Err(Fault::invalid(format!("the model wrote no program that works: {last}"))
            .at_field("filter_instruction"))
    }

    /// One input as it is, several as a list. A message counts as its text.
    fn input(&self) -> Json {
        let plain = |value: &Value| match value {
            Value::Message(message) => json!(message.text),
            other => other.to_json(),
        };
        match self.data.0.as_slice() {
            [one] => plain(&one.0),
            many => many.iter().map(|item| plain(&item.0)).collect(),
        }
    }

    fn prompt(&self, input: &Json) -> String {
        format!(
            "Write a jq program (jq 1.7) that does this with its input:\n{}\n\nThe input {}. {}\n\nOnly the input is there: \
             no files, no environment. Answer with the program alone, in a code block.",
            self.filter_instruction.trim(),
            shape(input),
            self.sample(input),
        )
    }

    fn sample(&self, input: &Json) -> String {
        let whole = input.to_string();
        if whole.chars().count() <= self.max_size {
            return format!("It is:\n{whole}");
        }
        if let Json::Array(items) = input {
            let rows: Vec<Json> = items.iter().take(SAMPLE_ROWS).cloned().collect();
            let text: String =
                Json::Array(rows).to_string().chars().take(self.sample_size.max(1) * 2).collect();
            return format!("It has {} items and begins:\n{text}", items.len());
        }
        let count = whole.chars().count();
        let head: String = whole.chars().take(self.sample_size).collect();
        let tail: String = whole.chars().skip(count.saturating_sub(self.sample_size)).collect();
        format!("It begins:\n{head}\n\nand ends:\n{tail}")
    }
}

fn shape(input: &Json) -> &'static str {
    match input {
        Json::Array(_) => "is a list",
        Json::Object(_) => "is an object",
        Json::String(_) => "is a text",
        _ => "is a value",
    }
}

/// The program in an answer: the inside of its code block, else the whole.
fn program_in(answer: &str) -> String {
    let inside = answer.split("```").nth(1).map(|block| {
        let rest = block.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        if block.starts_with("jq") || block.starts_with("json") || block.starts_with("sh") {
            rest
        } else {
            block
        }
    });
    let program = inside.unwrap_or(answer).trim();
    let program = program.strip_prefix("jq ").map_or(program, |rest| rest.trim().trim_matches('\''));
    program.to_owned()
}
