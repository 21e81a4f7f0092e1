//! Parser.

use super::columns;
use crate::text::stringify::stringify;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_core::text::Joined;
use langflow_core::text::format::{self, Cell, FormatError};
use serde_json::json;

choice! {
    /// What the parser does with its input.
    pub enum Mode { Parser = "Parser", Stringify = "Stringify" }
}

/// Turns data or a table into text, item by item.
///
/// In mode *Parser* the template is filled once for every item of the input and every row of a table; the
/// results are joined with the separator. `{column}` stands for a value, `{column!r}`, `{column:>10}` and
/// `{column[key]}` work as in Python's format strings. A key that data does not have is left empty; a
/// column that a table does not have is an error. In mode *Stringify* the whole input is shown as a chat
/// would show it.
#[derive(Component)]
#[component(
    id = "ParserComponent",
    aliases = ["parser"],
    title = "Parser",
    icon = "braces",
    category = "processing",
    module = "lfx.components.processing.parser.ParserComponent",
    documentation = "https://docs.langflow.org/parser",
    examples = EXAMPLES
)]
pub struct ParserComponent {
    /// Data or a table.
    #[input(title = "JSON or Table", kind = Handle, handles = ["DataFrame", "Table", "Data", "JSON"], required)]
    input_data: AnyValue,
    /// Fill a template for every item, or show the whole input as text.
    #[input(title = "Mode", kind = Tab, default = Mode::Parser, real_time_refresh)]
    mode: Mode,
    /// The text for one item; `{name}` stands for the value under that key or in that column.
    #[input(title = "Template", kind = Multiline, default = "Text: {text}", required, dynamic)]
    pattern: String,
    /// What stands between two items.
    #[input(title = "Separator", default = "\n", advanced)]
    sep: String,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl ParserComponent {
    /// The text of all items.
    #[output(name = "parsed_text", title = "Parsed Text")]
    async fn parse_combined_text(&self, cx: &Cx) -> Result<Message, Fault> {
        let input = unwrap(&self.input_data.0);
        let text = match self.mode {
            Mode::Stringify => {
                let clean = self.rest.get("clean_data").is_some_and(|v| !v.is_falsy());
                stringify(&input, clean).map_err(|why| Fault::invalid(why).at_field("input_data"))?
            }
            Mode::Parser => {
                let mut lines = Joined::new(&self.sep);
                self.add_lines(&input, &mut lines)?;
                lines.finish()
            }
        };
        cx.set_status(Value::text(text.clone()));
        Ok(cx.new_message(text))
    }

    /// The other mode has other fields.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field != "mode" {
            return Ok(patch);
        }
        let parses = request.value.as_str() != Some("Stringify");
        for (name, show) in [("pattern", parses), ("sep", parses)] {
            if let Some(Json::Object(field)) = request.template.get(name) {
                let mut field = field.clone();
                field.insert("show".into(), json!(show));
                field.insert("required".into(), json!(show && name == "pattern"));
                patch.template.insert(name.into(), Json::Object(field));
            }
        }
        patch.template.insert("clean_data".into(), if parses { Json::Null } else { clean_data_field() });
        Ok(patch)
    }
}

impl ParserComponent {
    /// Adds one text for each item of the input.
    fn add_lines(&self, input: &Value, lines: &mut Joined<'_>) -> Result<(), Fault> {
        match input {
            Value::Table(table) => {
                let numeric = columns::numeric(table);
                for row in table.rows() {
                    let cell = |name: &str| match row.get(name)? {
                        Json::Null if numeric.contains(name) => Some(Cell::Nan),
                        json => Some(Cell::Json(json.clone())),
                    };
                    lines.add(&format::format_with(&self.pattern, &cell)?)?;
                }
                Ok(())
            }
            Value::Data(data) => Ok(lines.add(&self.line(&data.data, &data.default_value)?)?),
            Value::Message(message) => Ok(lines.add(&self.line(&message.to_data().data, "")?)?),
            Value::Json(Json::Object(map)) => Ok(lines.add(&self.line(map, "")?)?),
            Value::List(items) => items.iter().try_for_each(|item| self.add_lines(item, lines)),
            other => Err(Fault::invalid(format!(
                "Unsupported input type: {}. Expected JSON (Data) or Table (DataFrame).",
                other.type_name()
            ))
            .at_field("input_data")),
        }
    }

    fn line(&self, keys: &JsonMap, default: &str) -> Result<String, FormatError> {
        format::format_or(&self.pattern, keys, default)
    }
}

/// An object with a `data` object is that object.
fn unwrap(value: &Value) -> Value {
    match value {
        Value::Json(Json::Object(map)) => match map.get("data") {
            Some(Json::Object(inner)) => Data::new(inner.clone()).into(),
            _ => Data::new(map.clone()).into(),
        },
        other => other.clone(),
    }
}

fn clean_data_field() -> Json {
    let mut input = langflow_core::component::InputSpec::new("clean_data");
    input.kind = InputKind::Bool;
    input.title = "Clean Data";
    input.info = "Drop empty rows and blank lines of tables.";
    input.value = json!(true);
    input.advanced = true;
    input.to_template()
}

examples! {
    "A table": {"input_data": {"$table": [{"name": "Ann", "age": 31}, {"name": "Bo", "age": 4}]},
        "pattern": "{name} is {age:>3}"} => parsed_text: "Ann is  31\nBo is   4";
    "Data, and a key it does not have": {"input_data": {"$data": {"text": "hi"}}, "pattern": "{text}-{nope}-"}
        => parsed_text: "hi--";
    "A column that is not there": {"input_data": {"$table": [{"a": 1}]}, "pattern": "{zz}"} => fails "'zz'";
    "The whole input": {"input_data": {"$data": {"a": 1}}, "mode": "Stringify"}
        => parsed_text: "```json\n{\n  \"a\": 1\n}\n```";
    "A number is no input": {"input_data": 5} => fails "Unsupported input type";
}
