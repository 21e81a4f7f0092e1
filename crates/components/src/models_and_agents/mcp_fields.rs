//! Between the schema of a tool and the fields of a node: fields, arguments, rows.

use langflow_core::capability::{McpReply, McpTool};
use langflow_core::component::{InputKind, InputSpec};
use langflow_core::{Json, JsonMap};
use serde_json::json;

/// Arguments of one tool that become fields.
const MAX_FIELDS: usize = 100;
/// Marks a field that came out of a tool's schema.
const MARK: &str = "mcp_argument";

pub fn is_argument(field: &Json) -> bool {
    field.get(MARK).and_then(Json::as_bool) == Some(true)
}

fn properties(schema: &Json) -> impl Iterator<Item = (&String, &Json)> {
    schema.get("properties").and_then(Json::as_object).into_iter().flatten()
}

/// A field for each argument. Values that are there already stay; names that the node has itself are left out.
pub fn fields(tool: &McpTool, template: &JsonMap) -> JsonMap {
    let required: Vec<&str> = tool
        .input_schema
        .get("required")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    let mut fields = JsonMap::new();
    for (name, schema) in properties(&tool.input_schema).take(MAX_FIELDS) {
        let old = template.get(name);
        if old.is_some_and(|field| !is_argument(field)) {
            continue;
        }
        let mut field = field(name, schema);
        if let Some(map) = field.as_object_mut() {
            map.insert("required".into(), json!(required.contains(&name.as_str())));
            if let Some(value) = old.and_then(|old| old.get("value")) {
                map.insert("value".into(), value.clone());
            }
        }
        fields.insert(name.clone(), field);
    }
    fields
}

/// The table of actions of a node that is a tool: a row for each tool of the server. A tool that was switched off
/// stays so.
pub fn actions(tools: &[McpTool], template: &JsonMap) -> Json {
    let old = template.get("tools_metadata").and_then(|field| field.get("value")?.as_array());
    let is_off = |name: &str| {
        let mut rows = old.into_iter().flatten();
        rows.any(|row| {
            row.pointer("/tags/0").and_then(Json::as_str) == Some(name)
                && row.get("status").and_then(Json::as_bool) == Some(false)
        })
    };
    let rows = tools.iter().map(|tool| {
        json!({
            "name": tool.name, "description": tool.description, "tags": [tool.name], "status": !is_off(&tool.name),
            "approval_actions": [], "display_name": tool.name, "display_description": tool.description,
            "readonly": false, "args": tool.input_schema.get("properties"),
        })
    });
    let mut input = InputSpec::new("tools_metadata");
    input.kind = InputKind::Tools;
    input.title = "Actions";
    input.info = "Names and descriptions of the actions, as an agent sees them.";
    input.real_time_refresh = true;
    input.value = rows.collect();
    input.merge_extra(json!({"is_list": true}));
    input.to_template()
}

fn field(name: &str, schema: &Json) -> Json {
    let options: Vec<&Json> = schema.get("enum").and_then(Json::as_array).into_iter().flatten().collect();
    let mut input = InputSpec::new("argument");
    input.kind = match kind(schema) {
        "integer" => InputKind::Int,
        "number" => InputKind::Float,
        "boolean" => InputKind::Bool,
        "object" => InputKind::NestedDict,
        _ if !options.is_empty() => InputKind::Dropdown,
        _ => InputKind::MessageText,
    };
    input.list = kind(schema) == "array";
    let mut field = input.to_template();
    let text = |key: &str| schema.get(key).and_then(Json::as_str);
    if let Some(map) = field.as_object_mut() {
        map.insert("name".into(), json!(name));
        map.insert("display_name".into(), json!(text("title").unwrap_or(name)));
        map.insert("info".into(), json!(text("description").unwrap_or_default()));
        map.insert(MARK.into(), json!(true));
        if !options.is_empty() {
            map.insert("options".into(), json!(options));
        }
        if let Some(value) = schema.get("default").filter(|value| !value.is_null()) {
            map.insert("value".into(), value.clone());
        }
    }
    field
}

/// The type of a property; of a choice between types the first that is not null.
fn kind(schema: &Json) -> &str {
    let of = |schema: &Json| match schema.get("type") {
        Some(Json::Array(kinds)) => {
            kinds.iter().filter_map(Json::as_str).find(|kind| *kind != "null").map(str::to_owned)
        }
        Some(Json::String(kind)) => Some(kind.clone()),
        _ => None,
    };
    let branches = ["anyOf", "oneOf"].iter().filter_map(|key| schema.get(*key)?.as_array()).flatten();
    let found = of(schema).or_else(|| branches.filter_map(of).find(|kind| kind != "null"));
    match found.as_deref() {
        Some("integer") => "integer",
        Some("number") => "number",
        Some("boolean") => "boolean",
        Some("object") => "object",
        Some("array") => "array",
        _ => "string",
    }
}

/// Arguments as the schema wants them: names in its spelling, texts as numbers, lists or objects where these are
/// wanted, nulls left out; with `known_only` what the schema does not name is left out too, and so are empty
/// texts that it does not require.
pub fn arguments_of(schema: &Json, given: JsonMap, known_only: bool) -> JsonMap {
    let required = |name: &str| {
        schema.get("required").and_then(Json::as_array).is_some_and(|names| names.iter().any(|n| n == name))
    };
    let mut arguments = JsonMap::new();
    for (name, value) in nested(given, schema) {
        let property = properties(schema)
            .find(|(known, _)| **known == name)
            .or_else(|| properties(schema).find(|(known, _)| spelling(known) == spelling(&name)));
        if value.is_null() || (known_only && property.is_none()) {
            continue;
        }
        let Some((known, property)) = property else {
            arguments.insert(name, value);
            continue;
        };
        if known_only && value.as_str() == Some("") && !required(known) {
            continue;
        }
        arguments.insert(known.clone(), coerced(value, kind(property)));
    }
    arguments
}

/// `a.b: 1` becomes `a: {b: 1}` where the schema has `a` and not `a.b`.
fn nested(given: JsonMap, schema: &Json) -> JsonMap {
    let has = |name: &str| properties(schema).any(|(known, _)| known == name);
    let mut all = JsonMap::new();
    for (name, value) in given {
        match name.split_once('.') {
            Some((outer, inner)) if !has(&name) && has(outer) && !inner.is_empty() => {
                let slot = all.entry(outer.to_owned()).or_insert_with(|| json!({}));
                if let Some(map) = slot.as_object_mut() {
                    map.insert(inner.to_owned(), value);
                }
            }
            _ => {
                all.insert(name, value);
            }
        }
    }
    all
}

/// The same for `maxResults`, `max_results` and `max-results`.
fn spelling(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn coerced(value: Json, kind: &str) -> Json {
    let Json::String(text) = &value else {
        return match (kind, &value) {
            ("string", Json::Number(_) | Json::Bool(_)) => Json::String(value.to_string()),
            ("array", Json::Array(_)) => value,
            ("array", _) => json!([value]),
            _ => value,
        };
    };
    let parsed = serde_json::from_str::<Json>(text.trim()).ok();
    match (kind, parsed) {
        ("integer", Some(n)) if n.is_i64() || n.is_u64() => n,
        ("number", Some(n)) if n.is_number() => n,
        ("boolean", Some(b)) if b.is_boolean() => b,
        ("object", Some(o)) if o.is_object() => o,
        ("array", Some(a)) if a.is_array() => a,
        ("array", _) => json!([text]),
        _ => value,
    }
}

/// The texts of a reply, a line each; other blocks as JSON.
pub fn text_of_reply(reply: &McpReply) -> String {
    let text = |block: &Json| match block.get("text").and_then(Json::as_str) {
        Some(text) => text.to_owned(),
        None => block.to_string(),
    };
    reply.content.iter().map(text).collect::<Vec<_>>().join("\n")
}

/// A block as a row: a text that holds an object becomes its columns.
pub fn row(block: &Json) -> Json {
    let Some(text) = block.get("text").and_then(Json::as_str) else { return block.clone() };
    match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(map)) => Json::Object(map),
        Ok(value) if !value.is_string() => json!({"text": text, "parsed_value": value, "type": "text"}),
        _ => json!({"text": text, "type": "text"}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Json {
        json!({"type": "object", "required": ["q"], "properties": {
            "q": {"type": "string"}, "maxResults": {"type": "integer"}, "deep": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
            "filter": {"type": "object"}, "tags": {"type": "array", "items": {"type": "string"}}}})
    }

    #[test]
    fn arguments_are_made_to_fit() {
        for (given, known_only, expected) in [
            (json!({"q": "x", "max_results": "3"}), false, json!({"q": "x", "maxResults": 3})),
            (
                json!({"q": 5, "deep": "true", "tags": "a"}),
                false,
                json!({"q": "5", "deep": true, "tags": ["a"]}),
            ),
            (json!({"filter.a": 1, "filter.b": 2, "q": null}), false, json!({"filter": {"a": 1, "b": 2}})),
            (json!({"filter": "{\"a\": 1}", "tags": "[1]"}), false, json!({"filter": {"a": 1}, "tags": [1]})),
            (json!({"other": 1}), false, json!({"other": 1})),
            (json!({"other": 1, "q": "", "filter": {}}), true, json!({"q": "", "filter": {}})),
            (json!({"maxResults": "many"}), true, json!({"maxResults": "many"})),
        ] {
            let fitted = arguments_of(&schema(), given.as_object().unwrap().clone(), known_only);
            assert_eq!(Json::Object(fitted), expected, "{given}");
        }
    }

    #[test]
    fn arguments_become_fields() {
        let tool = McpTool { name: "t".into(), description: String::new(), input_schema: schema() };
        let fields = fields(&tool, &JsonMap::new());
        let kinds: Vec<(&str, &str)> =
            fields.iter().map(|(name, field)| (name.as_str(), field["type"].as_str().unwrap())).collect();
        assert_eq!(
            kinds,
            [
                ("q", "str"),
                ("maxResults", "int"),
                ("deep", "bool"),
                ("filter", "NestedDict"),
                ("tags", "str")
            ]
        );
        assert!(fields["q"]["required"] == true && fields["tags"]["list"] == true);
        assert!(fields.values().all(is_argument));
    }

    #[test]
    fn blocks_become_rows() {
        for (text, expected) in [
            ("{\"a\": 1}", json!({"a": 1})),
            ("[1]", json!({"text": "[1]", "parsed_value": [1], "type": "text"})),
            ("hi", json!({"text": "hi", "type": "text"})),
        ] {
            assert_eq!(row(&json!({"type": "text", "text": text})), expected);
        }
        assert_eq!(row(&json!({"type": "image", "data": "x"})), json!({"type": "image", "data": "x"}));
    }
}
