//! Changes of fields that a caller asks for, for one run (engine.md 2.8).

use super::Node;
use crate::value::{Json, JsonMap};

/// Which fields a caller may change. Setting `LANGFLOW_TWEAKS_POLICY`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TweakPolicy {
    /// Every field but the protected ones.
    #[default]
    Permissive,
    /// Where the flow marks fields with `api_editable`, only those.
    Declared,
    /// None.
    Off,
}

/// Why tweaks were refused; nothing was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub reason: &'static str,
    /// Names of all refused fields, in the order of the request.
    pub fields: Vec<String>,
}

impl Refusal {
    const PROTECTED: &str = "The field is protected and keeps the value set by the flow author.";
    const UNDECLARED: &str = "The flow author did not open the field to API callers.";
    const OFF: &str = "This server does not take tweaks.";

    fn add(found: &mut Option<Self>, reason: &'static str, field: &str) {
        let refusal = found.get_or_insert_with(|| Self { reason, fields: Vec::new() });
        if !refusal.fields.iter().any(|f| f == field) {
            refusal.fields.push(field.to_owned());
        }
    }
}

/// Fields that hold code or decide where code-like text goes, on the components that have them.
const CODE_FIELDS: [&str; 6] = [
    "python_code",
    "function_code",
    "tool_code",
    "filter_instruction",
    "global_imports",
    "allow_dangerous_code",
];

fn is_protected(node: &Node, name: &str) -> bool {
    let is_code = node.field(name).and_then(|f| f.get("type")).and_then(Json::as_str) == Some("code");
    is_code
        || name == "code"
        || CODE_FIELDS.contains(&name)
        || (node.kind.contains("SQLComponent") && matches!(name, "database_url" | "query"))
        || name == "bing_search_url"
}

/// The templates that change, by index into `nodes`. Unknown nodes and fields are ignored, as the
/// reference does; refusals are collected before anything is applied.
pub fn apply(
    nodes: &[&Node],
    tweaks: &JsonMap,
    policy: TweakPolicy,
) -> Result<Vec<(usize, JsonMap)>, Refusal> {
    let wanted = resolve(nodes, tweaks);
    check(nodes, &wanted, policy)?;
    let mut changed: Vec<(usize, JsonMap)> = Vec::new();
    for (at, name, value) in wanted {
        let Some(node) = nodes.get(at) else { continue };
        let slot = match changed.iter().position(|(i, _)| *i == at) {
            Some(slot) => slot,
            None => {
                changed.push((at, node.template.clone()));
                changed.len() - 1
            }
        };
        if let Some((_, template)) = changed.get_mut(slot)
            && let Some(Json::Object(field)) = template.get_mut(name)
        {
            set(field, value);
        }
    }
    Ok(changed)
}

/// Which field of which node each tweak means.
fn resolve<'a>(nodes: &[&Node], tweaks: &'a JsonMap) -> Vec<(usize, &'a str, &'a Json)> {
    let mut wanted = Vec::new();
    for (key, value) in tweaks {
        if let Json::Object(fields) = value {
            // The id first; of several nodes with one display name the last.
            let at = nodes
                .iter()
                .position(|n| n.id == *key)
                .or_else(|| nodes.iter().rposition(|n| n.display_name == *key));
            let Some((at, node)) = at.and_then(|at| nodes.get(at).map(|node| (at, node))) else { continue };
            for (name, value) in fields {
                if node.field(name).is_some() {
                    wanted.push((at, name.as_str(), value));
                }
            }
        } else {
            for (at, node) in nodes.iter().enumerate() {
                if node.field(key).is_some() {
                    wanted.push((at, key.as_str(), value));
                }
            }
        }
    }
    wanted
}

fn check(nodes: &[&Node], wanted: &[(usize, &str, &Json)], policy: TweakPolicy) -> Result<(), Refusal> {
    let is_open = |field: &JsonMap| field.get("api_editable").and_then(Json::as_bool) == Some(true);
    let declared = policy == TweakPolicy::Declared
        && nodes.iter().any(|n| n.template.values().filter_map(Json::as_object).any(is_open));
    let mut refusal = None;
    for (at, name, _) in wanted {
        let Some(node) = nodes.get(*at) else { continue };
        if is_protected(node, name) {
            Refusal::add(&mut refusal, Refusal::PROTECTED, name);
        } else if policy == TweakPolicy::Off {
            Refusal::add(&mut refusal, Refusal::OFF, name);
        } else if declared && !node.field(name).is_some_and(is_open) {
            Refusal::add(&mut refusal, Refusal::UNDECLARED, name);
        }
    }
    refusal.map_or(Ok(()), Err)
}

/// Writes one tweak into a field object.
fn set(field: &mut JsonMap, value: &Json) {
    let kind = field.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
    let key = if kind == "file" { "file_path" } else { "value" };
    match (kind.as_str(), value) {
        ("NestedDict", Json::String(text)) => {
            let parsed = serde_json::from_str(text).unwrap_or_else(|_| value.clone());
            field.insert("value".into(), parsed);
        }
        ("NestedDict" | "mcp", _) => {
            field.insert("value".into(), value.clone());
        }
        ("dict", Json::Object(map)) => {
            let inner = match map.get("value") {
                Some(inner) if map.len() == 1 => inner.clone(),
                _ => value.clone(),
            };
            field.insert("value".into(), inner);
        }
        ("file", Json::Object(map)) => {
            if let Some(path) = map.values().next_back() {
                field.insert(key.into(), path.clone());
            }
        }
        (_, Json::Object(map)) => {
            if !map.contains_key("load_from_db") {
                field.insert("load_from_db".into(), Json::Bool(false));
            }
            for (name, value) in map {
                field.insert(name.clone(), value.clone());
            }
            return;
        }
        _ => {
            field.insert(key.into(), value.clone());
        }
    }
    field.insert("load_from_db".into(), Json::Bool(false));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Document;
    use serde_json::json;

    fn document() -> Document {
        let node = |id: &str, name: &str| {
            json!({"id": id, "data": {"type": "X", "node": {"display_name": name, "template": {
                "text": {"type": "str", "value": "old", "load_from_db": true},
                "path": {"type": "file", "value": "", "file_path": "a/b"},
                "map": {"type": "dict", "value": {}},
                "nest": {"type": "NestedDict", "value": {}},
                "open": {"type": "str", "value": "", "api_editable": true},
                "code": {"type": "code", "value": "x"}}}}})
        };
        Document::read(&json!({"nodes": [node("X-1", "One"), node("X-2", "One")], "edges": []})).0
    }

    fn run(tweaks: Json, policy: TweakPolicy) -> Result<Vec<(usize, JsonMap)>, Refusal> {
        let document = document();
        let nodes: Vec<&Node> = document.nodes.iter().collect();
        apply(&nodes, tweaks.as_object().unwrap(), policy)
    }

    #[test]
    fn each_form_of_a_tweak_lands_where_it_should() {
        let cases = [
            (json!({"X-1": {"text": "new"}}), 0, "/text/value", json!("new")),
            (json!({"X-1": {"text": "new"}}), 0, "/text/load_from_db", json!(false)),
            (
                json!({"X-1": {"text": {"value": "V", "load_from_db": true}}}),
                0,
                "/text/load_from_db",
                json!(true),
            ),
            (json!({"One": {"text": "new"}}), 1, "/text/value", json!("new")),
            (json!({"text": "all"}), 1, "/text/value", json!("all")),
            (json!({"X-1": {"path": "c/d"}}), 0, "/path/file_path", json!("c/d")),
            (json!({"X-1": {"path": {"value": "c/d"}}}), 0, "/path/file_path", json!("c/d")),
            (json!({"X-1": {"map": {"value": {"a": 1}}}}), 0, "/map/value", json!({"a": 1})),
            (json!({"X-1": {"map": {"a": 1, "b": 2}}}), 0, "/map/value", json!({"a": 1, "b": 2})),
            (json!({"X-1": {"nest": "{\"a\": 1}"}}), 0, "/nest/value", json!({"a": 1})),
        ];
        for (tweaks, at, path, expected) in cases {
            let changed = run(tweaks.clone(), TweakPolicy::Permissive).unwrap();
            let (_, template) = changed.into_iter().find(|(i, _)| *i == at).unwrap();
            assert_eq!(Json::Object(template).pointer(path), Some(&expected), "{tweaks}");
        }
    }

    #[test]
    fn unknown_nodes_and_fields_are_ignored() {
        for tweaks in [json!({"Y": {"text": 1}}), json!({"X-1": {"zzz": 1}}), json!({"zzz": 1})] {
            assert!(run(tweaks, TweakPolicy::Permissive).unwrap().is_empty());
        }
    }

    #[test]
    fn all_refusals_are_collected() {
        let tweaks = json!({"X-1": {"text": "a", "code": "b"}, "open": "c"});
        let fields = |policy| run(tweaks.clone(), policy).unwrap_err().fields;
        assert_eq!(fields(TweakPolicy::Permissive), ["code"]);
        assert_eq!(fields(TweakPolicy::Declared), ["text", "code"]);
        assert_eq!(fields(TweakPolicy::Off), ["text", "code", "open"]);
        assert!(run(json!({"X-1": {"open": "a"}}), TweakPolicy::Declared).is_ok());
    }
}
