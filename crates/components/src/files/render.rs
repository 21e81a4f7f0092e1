//! Results as the content of a file.

use super::spreadsheet;
use crate::text::{csv, markdown};
use langflow_core::{Json, JsonMap, Table, Value};
use serde_json::json;

/// What is written.
#[derive(Clone, Debug)]
pub enum Input {
    Message(String),
    Data(JsonMap),
    Table(Table),
}

impl Input {
    /// Sorts a value into one of the kinds. A text that is a JSON object, or a list of objects, is a table:
    /// so agents hand them over.
    pub fn of(value: &Value) -> Result<Self, String> {
        match value {
            Value::Message(message) => Ok(Self::Message(message.text.clone())),
            Value::Data(data) => Ok(Self::Data(data.data.clone())),
            Value::Table(table) => Ok(Self::Table(Table::clone(table))),
            Value::Json(Json::String(text)) => Ok(Self::of_text(text)),
            Value::Json(Json::Object(map)) => Ok(Self::Data(map.clone())),
            Value::Json(Json::Array(items)) => {
                rows(items).map(Self::Table).ok_or_else(|| "the list holds no rows".into())
            }
            Value::List(items) if items.len() == 1 => items.first().map_or(Err("nothing".into()), Self::of),
            Value::List(items) => {
                let rows = items.iter().filter_map(|item| match item {
                    Value::Data(data) => Some(data.data.clone()),
                    Value::Message(message) => {
                        Some(JsonMap::from_iter([("text".into(), json!(message.text))]))
                    }
                    _ => None,
                });
                Ok(Self::Table(Table::from_rows(rows)))
            }
            other => Err(format!("Cannot write {}: expected Message, Data or DataFrame", other.type_name())),
        }
    }

    fn of_text(text: &str) -> Self {
        match serde_json::from_str::<Json>(text) {
            Ok(Json::Object(map)) => Self::Table(Table::from_rows([map])),
            Ok(Json::Array(items)) => {
                rows(&items).map_or_else(|| Self::Message(text.to_owned()), Self::Table)
            }
            _ => Self::Message(text.to_owned()),
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Self::Message(_) => "Message",
            Self::Data(_) => "Data",
            Self::Table(_) => "DataFrame",
        }
    }

    /// Formats it can be written in.
    pub fn formats(&self) -> &'static [&'static str] {
        match self {
            Self::Message(_) => &["txt", "json", "markdown", "html"],
            Self::Data(_) | Self::Table(_) => &["csv", "excel", "json", "markdown"],
        }
    }
}

fn rows(items: &[Json]) -> Option<Table> {
    let rows: Option<Vec<JsonMap>> = items.iter().map(|item| item.as_object().cloned()).collect();
    rows.filter(|rows| !rows.is_empty()).map(Table::from_rows)
}

/// The content of the file, put behind `old` where there is something to append to.
pub fn render(input: &Input, format: &str, old: Option<&str>) -> Result<Vec<u8>, String> {
    let text = match (input, format) {
        (Input::Message(text), "json") => json_text(json!({"message": text}), old)?,
        (Input::Message(text), "markdown") => glue(old, "\n\n", &format!("**Message:**\n\n{text}")),
        (Input::Message(text), _) => glue(old, "\n", text),
        (Input::Data(map), "json") => json_text(Json::Object(map.clone()), old)?,
        (Input::Table(table), "json") => json_text(table.to_json(), old)?,
        (_, "excel") => return spreadsheet::write(&table_of(input)),
        (_, "csv") => match old {
            Some(old) if !old.is_empty() => {
                glue(Some(old.trim_end_matches('\n')), "\n", &csv::write(&table_of(input), false))
            }
            _ => csv::write(&table_of(input), true),
        },
        _ => glue(old, "\n\n", &markdown::table(&table_of(input))),
    };
    Ok(text.into_bytes())
}

/// The content of a file that is kept elsewhere, where there are more formats. In plain text a message is its text,
/// data is JSON and a table CSV.
pub fn remote(input: &Input, format: &str) -> Result<Vec<u8>, String> {
    let local = match (input, format) {
        (Input::Message(_), "txt" | "log") => "txt",
        (Input::Data(_), "txt" | "log") | (_, "json") => "json",
        (Input::Table(_), "txt" | "log") | (_, "csv") => "csv",
        (_, "md") => "markdown",
        (_, "xlsx") => "excel",
        (Input::Message(_), "html") => "html",
        (_, "tsv") => {
            let rows = csv::write(&table_of(input), true);
            return csv::with_tabs(&rows).map(String::into_bytes);
        }
        (_, "jsonl") => {
            let rows: Vec<String> = table_of(input).rows().map(|row| json!(row).to_string()).collect();
            return Ok(rows.join("\n").into_bytes());
        }
        _ => return Err(format!("{} is not written as '{format}'", input.kind())),
    };
    render(input, local, None)
}

fn table_of(input: &Input) -> Table {
    match input {
        Input::Message(text) => Table::from_rows([JsonMap::from_iter([("text".into(), json!(text))])]),
        Input::Data(map) => langflow_core::Data::new(map.clone()).to_table(),
        Input::Table(table) => table.clone(),
    }
}

fn glue(old: Option<&str>, between: &str, new: &str) -> String {
    match old {
        Some(old) if !old.is_empty() => format!("{old}{between}{new}"),
        _ => new.to_owned(),
    }
}

/// Pretty JSON; appended values join one list.
fn json_text(new: Json, old: Option<&str>) -> Result<String, String> {
    let value = match old.filter(|old| !old.trim().is_empty()) {
        None => new,
        Some(old) => {
            let mut all =
                match serde_json::from_str(old).map_err(|error| format!("the file is not JSON: {error}"))? {
                    Json::Array(items) => items,
                    one => vec![one],
                };
            match new {
                Json::Array(items) => all.extend(items),
                one => all.push(one),
            }
            Json::Array(all)
        }
    };
    serde_json::to_string_pretty(&value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_in_its_formats() {
        let table = Input::of(&Value::from(json!([{"a": 1, "b": "x"}]))).unwrap();
        let data = Input::Data(json!({"a": 1}).as_object().cloned().unwrap());
        let message = Input::Message("hi".into());
        for (input, format, old, expected) in [
            (&table, "csv", None, "a,b\n1,x\n"),
            (&table, "csv", Some("a,b\n0,w\n"), "a,b\n0,w\n1,x\n"),
            (&table, "json", None, "[\n  {\n    \"a\": 1,\n    \"b\": \"x\"\n  }\n]"),
            (&table, "markdown", None, "|   a | b   |\n|----:|:----|\n|   1 | x   |"),
            (&data, "json", Some("{\"z\": 0}"), "[\n  {\n    \"z\": 0\n  },\n  {\n    \"a\": 1\n  }\n]"),
            (&message, "txt", Some("old"), "old\nhi"),
            (&message, "markdown", None, "**Message:**\n\nhi"),
            (&message, "json", None, "{\n  \"message\": \"hi\"\n}"),
        ] {
            assert_eq!(String::from_utf8(render(input, format, old).unwrap()).unwrap(), expected, "{format}");
        }
        assert!(render(&data, "json", Some("no json")).is_err());
        for (input, format, expected) in [
            (&table, "tsv", "a\tb\n1\tx\n"),
            (&table, "jsonl", "{\"a\":1,\"b\":\"x\"}"),
            (&table, "txt", "a,b\n1,x\n"),
            (&message, "log", "hi"),
        ] {
            assert_eq!(String::from_utf8(remote(input, format).unwrap()).unwrap(), expected, "{format}");
        }
        assert!(remote(&message, "parquet").is_err());
    }
}
