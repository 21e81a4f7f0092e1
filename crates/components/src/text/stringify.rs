//! Any value as the text a chat shows (Chat Output, and Parser in its mode "Stringify").

use super::markdown;
use langflow_core::value::{Json, clean_text, json_fence};
use langflow_core::{Table, Value};

/// The text of a value. `clean` tidies texts and tables. The error names what is wrong with the value.
pub fn stringify(value: &Value, clean: bool) -> Result<String, String> {
    match value {
        Value::Null | Value::Json(Json::Null) => Err("Input data cannot be None".into()),
        Value::Json(Json::String(text)) => Ok(clean_text(text)),
        Value::Message(message) => Ok(message.text.clone()),
        Value::Data(data) => Ok(json_fence(&Json::Object(data.data.clone()))),
        Value::Json(json @ Json::Object(_)) => Ok(json_fence(json)),
        Value::Table(table) if clean => Ok(markdown::table(&tidy(table))),
        Value::Table(table) => Ok(markdown::table(table)),
        Value::List(items) => join(items, clean),
        Value::Json(Json::Array(items)) => {
            join(&items.iter().cloned().map(Value::from).collect::<Vec<_>>(), clean)
        }
        other => Err(format!("Expected Message, Data, DataFrame or text, got {}", other.type_name())),
    }
}

/// JSON on one line with a blank after commas and colons, as Python writes it.
pub fn spaced(json: &Json) -> String {
    match json {
        Json::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        Json::Object(map) => {
            let pairs =
                map.iter().map(|(key, value)| format!("{}: {}", Json::from(key.as_str()), spaced(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn join(items: &[Value], clean: bool) -> Result<String, String> {
    let texts: Result<Vec<_>, _> = items.iter().map(|item| stringify(item, clean)).collect();
    Ok(texts?.join("\n"))
}

/// Rows without any content are dropped, blank lines inside cells too.
fn tidy(table: &Table) -> Table {
    let mut tidied = Table::with_columns(table.columns().to_vec());
    for row in table.rows() {
        if row.values().all(Json::is_null) {
            continue;
        }
        tidied.push(
            row.into_iter()
                .map(|(name, cell)| match cell {
                    Json::String(text) => (name, Json::String(squeeze(&text))),
                    other => (name, other),
                })
                .collect(),
        );
    }
    tidied
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last_was_newline = false;
    for c in clean_text(text).chars() {
        if c == '\n' && last_was_newline {
            continue;
        }
        last_was_newline = c == '\n';
        out.push(c);
    }
    out
}
