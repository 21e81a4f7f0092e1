//! Stored field values become parameters (engine.md 2.4).

use langflow_core::component::{InputKind, InputSpec};
use langflow_core::value::json_is_falsy;
use langflow_core::{Json, JsonMap, Value};

/// One field of a node with what stands in it.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub value: Prepared,
}

/// A field's value before the run.
#[derive(Clone, Debug)]
pub enum Prepared {
    Literal(Value),
    /// The global variable with this name.
    Variable {
        name: String,
        /// The field hides its value: credentials may stand here.
        is_secret: bool,
    },
}

/// Reads a field object; `None` means that the declared default holds.
pub fn prepare(
    name: &str,
    field: &JsonMap,
    declared: Option<&InputSpec>,
) -> Result<Option<Prepared>, String> {
    let kind = field.get("type").and_then(Json::as_str).unwrap_or("str");
    if name == "_type" || name == "code" || kind == "other" || is_hidden(field, declared) {
        return Ok(None);
    }
    let value = field.get("value").unwrap_or(&Json::Null);
    if let Some(variable) = variable(field, value, declared) {
        return Ok(Some(variable));
    }
    let literal = match kind {
        "file" => file(field),
        "int" | "float" | "slider" => number(value),
        "bool" => boolean(value),
        "str" => text(value),
        "table" | "tools" => rows(name, kind, value)?,
        _ => Some(value.clone()).filter(|v| !json_is_falsy(v)),
    };
    let literal = literal.and_then(|v| parse_config(name, kind, v));
    let literal = match literal {
        None | Some(Json::Null) => field.get("default").filter(|d| !d.is_null()).cloned(),
        some => some,
    };
    Ok(literal.map(|v| Prepared::Literal(Value::from(v))))
}

/// A hidden field's stored value is ignored, unless the node or the component says that it counts.
fn is_hidden(field: &JsonMap, declared: Option<&InputSpec>) -> bool {
    let counts = |keys: &JsonMap| keys.get("override_skip").and_then(Json::as_bool) == Some(true);
    field.get("show").and_then(Json::as_bool) == Some(false)
        && !counts(field)
        && !declared.is_some_and(|declared| counts(&declared.extra))
}

fn variable(field: &JsonMap, value: &Json, declared: Option<&InputSpec>) -> Option<Prepared> {
    if field.get("load_from_db").and_then(Json::as_bool) != Some(true) {
        return None;
    }
    let name = value.as_str().filter(|s| !s.is_empty())?;
    let is_secret = field.get("password").and_then(Json::as_bool) == Some(true)
        || declared.is_some_and(|d| matches!(d.kind, InputKind::Secret | InputKind::MultilineSecret));
    Some(Prepared::Variable { name: name.to_owned(), is_secret })
}

/// Of file fields the path counts, not the value.
fn file(field: &JsonMap) -> Option<Json> {
    match field.get("file_path") {
        Some(Json::Array(paths)) => Some(Json::Array(paths.clone())),
        Some(Json::String(path)) if !path.is_empty() => Some(Json::String(path.clone())),
        _ => (field.get("list").and_then(Json::as_bool) == Some(true)).then(|| Json::Array(Vec::new())),
    }
}

/// A number, or the raw value when it is none.
fn number(value: &Json) -> Option<Json> {
    match value {
        Json::Null => None,
        Json::String(s) if s.trim().is_empty() => None,
        Json::String(s) => {
            let s = s.trim();
            let parsed = s
                .parse::<i64>()
                .map(Json::from)
                .ok()
                .or_else(|| s.parse::<f64>().ok().filter(|f| f.is_finite()).map(Json::from));
            Some(parsed.unwrap_or_else(|| value.clone()))
        }
        other => Some(other.clone()),
    }
}

/// Any text counts as true, as in the reference; the editor stores booleans.
fn boolean(value: &Json) -> Option<Json> {
    match value {
        Json::Bool(_) => Some(value.clone()),
        Json::String(s) => (!s.is_empty()).then_some(Json::Bool(true)),
        _ => None,
    }
}

/// The two characters `\n` become a newline.
fn text(value: &Json) -> Option<Json> {
    fn unescape(json: &Json) -> Json {
        match json {
            Json::String(s) if s.contains("\\n") => Json::String(s.replace("\\n", "\n")),
            other => other.clone(),
        }
    }
    match value {
        Json::Null => None,
        Json::Array(items) => Some(Json::Array(items.iter().map(unescape).collect())),
        other => Some(unescape(other)),
    }
}

fn rows(name: &str, kind: &str, value: &Json) -> Result<Option<Json>, String> {
    match value {
        Json::Null => Ok(None),
        Json::String(s) if s.is_empty() => Ok(None),
        Json::Array(_) => Ok(Some(value.clone())),
        Json::Object(_) => Ok(Some(Json::Array(vec![value.clone()]))),
        other => Err(format!(
            "Invalid value type {} for {kind} field '{name}'",
            Value::from(other.clone()).type_name()
        )),
    }
}

/// Text in fields for keyword arguments and configurations is JSON; text that is not is dropped, unless the
/// field is plain text anyway.
fn parse_config(name: &str, kind: &str, value: Json) -> Option<Json> {
    if !(name.contains("kwargs") || name.contains("config")) {
        return Some(value);
    }
    match &value {
        Json::String(s) => match serde_json::from_str(s) {
            Ok(parsed) => Some(parsed),
            Err(_) if kind == "str" => Some(value),
            Err(_) => None,
        },
        _ => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn stored_values_become_parameters() {
        let cases = [
            (json!({"type": "str", "value": "a\\nb"}), json!("a\nb")),
            (json!({"type": "str", "value": ""}), json!("")),
            (json!({"type": "str", "value": ["a\\n"], "list": true}), json!(["a\n"])),
            (json!({"type": "str", "value": "x", "show": false}), Json::Null),
            (json!({"type": "str", "value": "x", "show": false, "override_skip": true}), json!("x")),
            (json!({"type": "int", "value": "12"}), json!(12)),
            (json!({"type": "int", "value": "x"}), json!("x")),
            (json!({"type": "slider", "value": "0.5"}), json!(0.5)),
            (json!({"type": "bool", "value": "false"}), json!(true)),
            (json!({"type": "bool", "value": false}), json!(false)),
            (json!({"type": "file", "value": "a.txt", "file_path": "f/a.txt"}), json!("f/a.txt")),
            (json!({"type": "file", "value": "a.txt", "file_path": ""}), Json::Null),
            (json!({"type": "table", "value": {"a": 1}}), json!([{"a": 1}])),
            (json!({"type": "dict", "value": {}}), Json::Null),
            (json!({"type": "other", "value": "x"}), Json::Null),
            (json!({"type": "NestedDict", "value": null, "default": {"a": 1}}), json!({"a": 1})),
        ];
        for (field, expected) in cases {
            let read = prepare("f", field.as_object().unwrap(), None).unwrap();
            let read = match read {
                None => Json::Null,
                Some(Prepared::Literal(value)) => value.to_json(),
                Some(Prepared::Variable { name, .. }) => json!({ "variable": name }),
            };
            assert_eq!(read, expected, "{field}");
        }
        assert!(prepare("f", json!({"type": "table", "value": 3}).as_object().unwrap(), None).is_err());
    }

    #[test]
    fn a_component_may_read_hidden_fields() {
        let field = json!({"type": "str", "value": "http://here", "show": false});
        let mut declared = InputSpec::new("url");
        for counts in [false, true] {
            declared.extra.insert("override_skip".into(), json!(counts));
            let read = prepare("url", field.as_object().unwrap(), Some(&declared)).unwrap();
            assert_eq!(read.is_some(), counts);
        }
    }

    #[test]
    fn a_field_may_name_a_variable() {
        let field = json!({"type": "str", "value": "OPENAI_API_KEY", "load_from_db": true, "password": true});
        let read = prepare("api_key", field.as_object().unwrap(), None).unwrap();
        assert!(matches!(read, Some(Prepared::Variable { is_secret: true, .. })));
    }
}
