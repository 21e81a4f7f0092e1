//! Texts in the forms that clients and models of the reference know.

use langflow_core::value::python_repr;
use langflow_core::{Json, JsonMap, Value};
use serde::Serialize as _;
use std::io;

/// The text of a tool's result, as the model reads it.
pub(crate) fn for_model(value: &Value) -> String {
    match value {
        Value::Message(message) => message.text.clone(),
        Value::Json(Json::String(text)) => text.clone(),
        Value::Null => String::new(),
        Value::Json(json @ (Json::Bool(_) | Json::Number(_))) => python_repr(json),
        other => spaced_json(&other.to_json()),
    }
}

/// JSON with a blank after `:` and `,`, as Python writes it.
pub(crate) fn spaced_json(json: &Json) -> String {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Spaced);
    if json.serialize(&mut serializer).is_err() {
        return json.to_string();
    }
    String::from_utf8(out).unwrap_or_default()
}

struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

/// The display text of an artifact: a YAML list of one mapping, keys in title case and sorted.
pub(crate) fn yaml_item(map: &JsonMap) -> String {
    let mut keys: Vec<(String, &Json)> = map.iter().map(|(k, v)| (title_case(k), v)).collect();
    keys.sort_by(|a, b| a.0.cmp(&b.0));
    let mut out = String::new();
    for (i, (key, value)) in keys.iter().enumerate() {
        out.push_str(if i == 0 { "- " } else { "  " });
        out.push_str(key);
        out.push(':');
        write_yaml(value, &mut out);
        out.push('\n');
    }
    out
}

fn write_yaml(value: &Json, out: &mut String) {
    match value {
        Json::Array(items) if !items.is_empty() => {
            for item in items {
                out.push_str("\n  - ");
                out.push_str(&yaml_scalar(item));
            }
        }
        Json::Object(map) if !map.is_empty() => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            for key in keys {
                out.push_str("\n    ");
                out.push_str(key);
                out.push_str(": ");
                out.push_str(&map.get(key).map(yaml_scalar).unwrap_or_default());
            }
        }
        other => {
            out.push(' ');
            out.push_str(&yaml_scalar(other));
        }
    }
}

fn yaml_scalar(value: &Json) -> String {
    match value {
        Json::Null => "null".into(),
        Json::Bool(b) => b.to_string(),
        Json::Number(n) => n.to_string(),
        Json::Array(_) | Json::Object(_) => spaced_json(value),
        Json::String(s) => yaml_text(s),
    }
}

fn yaml_text(s: &str) -> String {
    let plain_word = matches!(
        s.to_ascii_lowercase().as_str(),
        "" | "null" | "~" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    let looks_like_number = s.parse::<f64>().is_ok();
    let starts_badly = s.starts_with([
        '-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', ' ',
    ]);
    if s.contains('\n') {
        return format!("'{}'", s.replace('\'', "''").replace('\n', "\n\n    "));
    }
    if plain_word
        || looks_like_number
        || starts_badly
        || s.contains(": ")
        || s.contains(" #")
        || s.ends_with(':')
        || s.ends_with(' ')
    {
        return format!("'{}'", s.replace('\'', "''"));
    }
    s.to_owned()
}

fn title_case(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for (i, word) in key.split('_').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            out.extend(first.to_uppercase());
            out.push_str(chars.as_str());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_artifact_reads_as_yaml() {
        let map =
            json!({"message": "hi", "sender": "User", "sender_name": "User", "files": [], "type": "object"});
        assert_eq!(
            yaml_item(map.as_object().unwrap()),
            "- Files: []\n  Message: hi\n  Sender: User\n  Sender Name: User\n  Type: object\n"
        );
        assert_eq!(yaml_text("a: b"), "'a: b'");
        assert_eq!(yaml_text("it's"), "it's");
    }

    #[test]
    fn json_has_pythons_blanks() {
        assert_eq!(spaced_json(&json!({"result": "3", "a": [1, 2]})), r#"{"result": "3", "a": [1, 2]}"#);
    }
}
