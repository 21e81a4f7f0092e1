//! Parse JSON.

use crate::text::{jq, repair};
use langflow_core::prelude::*;
use langflow_core::value::python_repr;

/// Runs a jq program over JSON that is written in a text or stands in data.
///
/// JSON that is not quite right is mended. Several inputs are one list.
#[derive(Component)]
#[component(
    id = "ParseJSONData",
    class = "ParseJSONDataComponent",
    title = "Parse JSON",
    icon = "braces",
    category = "processing",
    module = "lfx.components.processing.parse_json_data.ParseJSONDataComponent",
    legacy,
    replacement = ["processing.ParserComponent"],
    examples = EXAMPLES
)]
pub struct ParseJsonDataComponent {
    /// The JSON: a message with it as text, or data.
    #[input(title = "Input", kind = Handle, handles = ["Message", "Data", "JSON"], required)]
    input_value: AnyValue,
    /// The jq program.
    #[input(title = "JQ Query", required)]
    query: String,
}

#[outputs]
impl ParseJsonDataComponent {
    /// One data for each result; what is no object becomes its text.
    #[output(name = "filtered_data", title = "Filtered Data")]
    async fn filter_data(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        if self.input_value.0.is_falsy() {
            return Ok(Vec::new());
        }
        let json = read(&self.input_value.0)?;
        let ran = jq::run(self.query.clone(), json).await;
        let results = ran.map_err(|fault| fault.prefixed("jq: ").at_field("query"))?;
        let data = |json: Json| match json {
            Json::Object(map) => Data::new(map),
            Json::String(text) => Data::from_text(text),
            other => Data::from_text(python_repr(&other)),
        };
        Ok(results.into_iter().map(data).collect())
    }
}

fn read(value: &Value) -> Result<Json, Fault> {
    let text = match value {
        Value::List(items) => return items.iter().map(read).collect::<Result<_, _>>().map(Json::Array),
        Value::Message(message) => message.text.clone(),
        Value::Json(Json::String(text)) => text.clone(),
        other => return Ok(other.to_json()),
    };
    repair::read(&text)
        .ok_or_else(|| Fault::invalid("Invalid JSON: there is no value in it").at_field("input_value"))
}

examples! {
    "Keys of a list": {"input_value": {"$message": "[{'a': 1}, {'a': 2}]"}, "query": ".[].a"}
        => filtered_data: [{"text": "1"}, {"text": "2"}];
    "Objects of data": {"input_value": {"$data": {"x": {"y": 1}}}, "query": ".x"} => filtered_data: [{"y": 1}];
    "Not a program": {"input_value": {"$data": {}}, "query": ".["} => fails "jq";
}
