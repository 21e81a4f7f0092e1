//! Type Convert.

use super::operations::outputs_named;
use crate::text::markdown;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

choice! {
    /// What comes out. Older flows say `Data` and `DataFrame`.
    pub enum Kind { Message = "Message", Json = "JSON" | "Data", Table = "Table" | "DataFrame" }
}

/// Converts between messages, data and tables.
///
/// A message becomes data with the single key `text`, data becomes one row (or its rows, when its only key
/// holds a list of objects), a table becomes data with its rows under `results`. As a message, data is the
/// text it holds and a table a Markdown table. With *Auto Parse* the text of a message is read as JSON or
/// CSV where it looks like it.
#[derive(Component)]
#[component(
    id = "TypeConverterComponent",
    title = "Type Convert",
    icon = "repeat",
    category = "processing",
    module = "lfx.components.processing.converter.TypeConverterComponent",
    documentation = "https://docs.langflow.org/type-convert",
    examples = EXAMPLES
)]
pub struct TypeConverterComponent {
    /// What to convert. Of a list the first item counts.
    #[input(title = "Input", kind = Handle, handles = ["Message", "Data", "JSON", "DataFrame", "Table"], required)]
    input_data: AnyValue,
    /// Read JSON and CSV in the text of a message.
    #[input(title = "Auto Parse", advanced)]
    auto_parse: bool,
    /// What comes out; the node's output follows from it.
    #[input(title = "Output Type", kind = Tab, default = Kind::Message, real_time_refresh)]
    #[expect(dead_code, reason = "it chooses the output in the editor")]
    output_type: Kind,
}

#[outputs]
impl TypeConverterComponent {
    /// The input as a message.
    #[output(name = "message_output", title = "Message Output")]
    async fn convert_to_message(&self, cx: &Cx) -> Result<Message, Fault> {
        match self.input()? {
            Value::Message(message) => Ok(Arc::unwrap_or_clone(message)),
            Value::Table(table) => Ok(cx.new_message(markdown::table(&table))),
            Value::Data(data) => Ok(cx.new_message(data.to_message().text)),
            Value::Json(Json::String(text)) => Ok(cx.new_message(text)),
            Value::Json(Json::Object(map)) => Ok(cx.new_message(Data::new(map).to_message().text)),
            other => Err(refuse(&other)),
        }
    }

    /// The input as data.
    #[output(name = "data_output", title = "JSON Output")]
    async fn convert_to_data(&self, _cx: &Cx) -> Result<Data, Fault> {
        match self.input()? {
            Value::Message(message) => Ok(self.read(&message.text)),
            Value::Json(Json::String(text)) => Ok(self.read(&text)),
            Value::Data(data) => Ok(Arc::unwrap_or_clone(data)),
            Value::Json(json @ Json::Object(_)) => Ok(Data::from_json(json)),
            Value::Table(table) => Ok(Data::from_json(json!({"results": table.to_json()}))),
            other => Err(refuse(&other)),
        }
    }

    /// The input as a table.
    #[output(name = "dataframe_output", title = "Table Output")]
    async fn convert_to_dataframe(&self, _cx: &Cx) -> Result<Table, Fault> {
        match self.input()? {
            Value::Message(message) => Ok(self.read(&message.text).to_table()),
            Value::Json(Json::String(text)) => Ok(self.read(&text).to_table()),
            Value::Data(data) => Ok(data.to_table()),
            Value::Json(json @ Json::Object(_)) => Ok(Data::from_json(json).to_table()),
            Value::Table(table) => Ok(Arc::unwrap_or_clone(table)),
            other => Err(refuse(&other)),
        }
    }

    /// The node has the output of its type.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field == "output_type" {
            let name = match request.value.as_str() {
                Some("JSON" | "Data") => "data_output",
                Some("Table" | "DataFrame") => "dataframe_output",
                _ => "message_output",
            };
            patch.outputs = Some(outputs_named(&Self::output_specs(), &[name]));
        }
        Ok(patch)
    }
}

fn refuse(value: &Value) -> Fault {
    Fault::invalid(format!("Cannot convert {}: expected Message, Data or DataFrame", value.type_name()))
        .at_field("input_data")
}

impl TypeConverterComponent {
    /// The input, or the first of several.
    fn input(&self) -> Result<Value, Fault> {
        match &self.input_data.0 {
            Value::List(items) => items
                .first()
                .cloned()
                .ok_or_else(|| Fault::missing("the list is empty").at_field("input_data")),
            one => Ok(one.clone()),
        }
    }

    fn read(&self, text: &str) -> Data {
        let parsed = if self.auto_parse { parse(text) } else { None };
        parsed.unwrap_or_else(|| Data::from_text(text))
    }
}

/// Data in a text that is JSON or CSV.
fn parse(text: &str) -> Option<Data> {
    let text = text.trim_start_matches('\u{feff}').trim();
    match serde_json::from_str::<Json>(text) {
        Ok(json @ Json::Object(_)) => return Some(Data::from_json(json)),
        Ok(Json::Array(items)) if !items.is_empty() && items.iter().all(Json::is_object) => {
            return Some(Data::from_json(json!({"records": items})));
        }
        _ => {}
    }
    let mut lines = text.lines();
    let has_comma = lines.next().is_some_and(|line| line.contains(','));
    if !has_comma || lines.next().is_none() {
        return None;
    }
    let table = crate::text::csv::read(text).ok()?;
    Some(Data::from_json(json!({"records": table.to_json()})))
}

examples! {
    "A message as data": {"input_data": {"$message": "hi"}} => data_output: {"text": "hi"};
    "Data as a message": {"input_data": {"$data": {"text": "hi", "n": 1}}} => message_output: "hi";
    "A table as a message": {"input_data": {"$table": [{"a": 1}]}} => message_output: "|   a |\n|----:|\n|   1 |";
    "CSV in a message": {"input_data": {"$message": "n,t\n1,x\n2,y"}, "auto_parse": true}
        => dataframe_output: [{"n": 1, "t": "x"}, {"n": 2, "t": "y"}];
    "A list of objects in data": {"input_data": {"$data": {"rows": [{"a": 1}, {"a": 2}]}}}
        => dataframe_output: [{"a": 1}, {"a": 2}];
    "Nothing": {} => fails "required";
}
