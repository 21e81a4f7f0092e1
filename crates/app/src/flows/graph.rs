//! Changes to a graph's JSON that touch nothing else in it.
//!
//! A graph is opened only along the path that is looked at; what lies beside it is carried over as text, so
//! that numbers and unknown keys stay as they were written.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A JSON object opened by one level.
type Object = IndexMap<String, Box<RawValue>>;

/// Groups inside groups deeper than this are left alone.
const MAX_GROUP_DEPTH: usize = 16;

/// What the reference's validators demand of a graph, in its words.
pub fn fault(graph: &str) -> Option<&'static str> {
    let Ok(object) = serde_json::from_str::<IndexMap<Cow<'_, str>, &RawValue>>(graph) else {
        return Some("Flow must be a valid JSON");
    };
    if !object.contains_key("nodes") {
        return Some("Flow must have nodes");
    }
    (!object.contains_key("edges")).then_some("Flow must have edges")
}

/// Whether a node waits for a webhook.
pub fn has_webhook(graph: &str) -> bool {
    #[derive(Deserialize)]
    struct Graph<'a> {
        #[serde(borrow, default)]
        nodes: Vec<Node<'a>>,
    }
    #[derive(Deserialize)]
    struct Node<'a> {
        #[serde(borrow, default)]
        id: Cow<'a, str>,
    }
    serde_json::from_str::<Graph<'_>>(graph).is_ok_and(|g| g.nodes.iter().any(|n| n.id.contains("Webhook")))
}

/// Whether there is anything in it.
pub fn has_nodes(graph: &str) -> bool {
    #[derive(Deserialize)]
    struct Graph<'a> {
        #[serde(borrow, default)]
        nodes: Vec<&'a RawValue>,
    }
    serde_json::from_str::<Graph<'_>>(graph).is_ok_and(|graph| !graph.nodes.is_empty())
}

/// Whether two graphs mean the same; key order and spacing do not count.
pub fn is_same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    matches!((read(one), read(other)), (Some(a), Some(b)) if a == b)
}

/// Joins the lines of code that exported files hold as lists. `None`: there were none.
pub fn join_code(graph: &RawValue) -> Option<Box<RawValue>> {
    edit_fields(graph, &mut |field| {
        let value = field.get("value")?;
        if !value.get().starts_with('[') || text_of(field, "type").as_deref() != Some("code") {
            return None;
        }
        let lines: Vec<String> = serde_json::from_str(value.get()).ok()?;
        to_raw_value(&lines.join("\n")).ok()
    })
}

/// Splits code into lists of lines, as exported files hold it.
pub fn split_code(graph: &RawValue) -> Option<Box<RawValue>> {
    edit_fields(graph, &mut |field| {
        if text_of(field, "type").as_deref() != Some("code") {
            return None;
        }
        let code = text_of(field, "value")?;
        to_raw_value(&code.split('\n').collect::<Vec<_>>()).ok()
    })
}

/// Empties password fields, but for those that name a global variable.
pub fn blank_secrets(graph: &RawValue) -> Option<Box<RawValue>> {
    edit_fields(graph, &mut |field| {
        let is_true = |key: &str| field.get(key).is_some_and(|raw| raw.get() == "true");
        if !is_true("password") || is_true("load_from_db") {
            return None;
        }
        let value = field.get("value")?.get();
        (value != "\"\"" && value != "null").then(|| to_raw_value("").ok()).flatten()
    })
}

/// Takes the editor's passing state (selection, dragging) off the nodes.
pub fn drop_view_state(graph: &RawValue) -> Option<Box<RawValue>> {
    edit_nodes(graph, &mut |node| {
        let before = node.len();
        node.retain(|key, _| !matches!(key.as_str(), "positionAbsolute" | "dragging" | "selected"));
        before != node.len()
    })
}

/// The graph with 2-space indentation and sorted keys, as exported files are written.
pub fn pretty(raw: &RawValue) -> String {
    let mut out = String::with_capacity(raw.get().len() * 2);
    write_pretty(raw, 0, &mut out);
    out
}

fn write_pretty(raw: &RawValue, depth: usize, out: &mut String) {
    const MAX_DEPTH: usize = 100;
    let text = raw.get();
    let pad = |out: &mut String, depth: usize| {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str("  "));
    };
    if depth < MAX_DEPTH
        && text.starts_with('{')
        && let Ok(map) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text)
        && !map.is_empty()
    {
        out.push('{');
        for (index, (key, value)) in map.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { "," });
            pad(out, depth + 1);
            out.push_str(&serde_json::Value::from(key.as_str()).to_string());
            out.push_str(": ");
            write_pretty(value, depth + 1, out);
        }
        pad(out, depth);
        out.push('}');
    } else if depth < MAX_DEPTH
        && text.starts_with('[')
        && let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(text)
        && !list.is_empty()
    {
        out.push('[');
        for (index, value) in list.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { "," });
            pad(out, depth + 1);
            write_pretty(value, depth + 1, out);
        }
        pad(out, depth);
        out.push(']');
    } else {
        out.push_str(text);
    }
}

fn text_of(object: &Object, key: &str) -> Option<String> {
    serde_json::from_str(object.get(key)?.get()).ok()
}

/// Gives every field of every template to `edit`, which answers its new value, if it has one.
fn edit_fields(
    graph: &RawValue,
    edit: &mut dyn FnMut(&Object) -> Option<Box<RawValue>>,
) -> Option<Box<RawValue>> {
    edit_nodes(graph, &mut |node| {
        edit_at(node, &["data", "node", "template"], &mut |template| {
            let mut changed = false;
            for raw in template.values_mut() {
                let Ok(mut field) = serde_json::from_str::<Object>(raw.get()) else { continue };
                let Some(value) = edit(&field) else { continue };
                field.insert("value".into(), value);
                if let Ok(text) = to_raw_value(&field) {
                    *raw = text;
                    changed = true;
                }
            }
            changed
        })
    })
}

/// Gives every node to `edit`, those inside groups too. `None`: nothing changed.
fn edit_nodes(graph: &RawValue, edit: &mut dyn FnMut(&mut Object) -> bool) -> Option<Box<RawValue>> {
    let mut object: Object = serde_json::from_str(graph.get()).ok()?;
    edit_nodes_in(&mut object, edit, 0).then(|| to_raw_value(&object).ok()).flatten()
}

fn edit_nodes_in(graph: &mut Object, edit: &mut dyn FnMut(&mut Object) -> bool, depth: usize) -> bool {
    let Some(raw) = graph.get_mut("nodes") else { return false };
    let Ok(mut nodes) = serde_json::from_str::<Vec<Box<RawValue>>>(raw.get()) else { return false };
    let mut changed = false;
    for raw in &mut nodes {
        let Ok(mut node) = serde_json::from_str::<Object>(raw.get()) else { continue };
        let mut touched = edit(&mut node);
        if depth < MAX_GROUP_DEPTH && raw.get().contains("\"flow\"") {
            touched |= edit_at(&mut node, &["data", "node", "flow", "data"], &mut |inner| {
                edit_nodes_in(inner, edit, depth + 1)
            });
        }
        if touched && let Ok(text) = to_raw_value(&node) {
            *raw = text;
            changed = true;
        }
    }
    if changed && let Ok(text) = to_raw_value(&nodes) {
        *raw = text;
    }
    changed
}

/// Opens the object at `path`, lets `edit` change it and closes it again.
fn edit_at(object: &mut Object, path: &[&str], edit: &mut dyn FnMut(&mut Object) -> bool) -> bool {
    let Some((key, rest)) = path.split_first() else { return edit(object) };
    let Some(raw) = object.get_mut(*key) else { return false };
    let Ok(mut inner) = serde_json::from_str::<Object>(raw.get()) else { return false };
    let changed = edit_at(&mut inner, rest, edit);
    if changed && let Ok(text) = to_raw_value(&inner) {
        *raw = text;
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    const GRAPH: &str = r#"{"nodes":[{"id":"a","selected":true,"position":{"x":1.10,"y":1e400},"data":{"node":{"template":{"_type":"C","code":{"type":"code","value":"a\nb"},"key":{"password":true,"value":"sk","load_from_db":false},"var":{"password":true,"value":"OPENAI","load_from_db":true}}}}}],"edges":[],"x":{"unknown":12345678901234567890123}}"#;

    #[test]
    fn faults_are_named_in_the_order_of_the_reference() {
        assert_eq!(fault("[]"), Some("Flow must be a valid JSON"));
        assert_eq!(fault("{}"), Some("Flow must have nodes"));
        assert_eq!(fault(r#"{"nodes":[]}"#), Some("Flow must have edges"));
        assert_eq!(fault(GRAPH), None);
    }

    #[test]
    fn code_is_split_and_joined_and_nothing_else_changes() {
        let split = split_code(&raw(GRAPH)).unwrap();
        assert_eq!(split.get(), GRAPH.replace(r#""value":"a\nb""#, r#""value":["a","b"]"#));
        assert_eq!(join_code(&split).unwrap().get(), GRAPH);
        assert!(join_code(&raw(GRAPH)).is_none());
    }

    #[test]
    fn secrets_are_emptied_but_variable_names_stay() {
        let blank = blank_secrets(&raw(GRAPH)).unwrap();
        assert_eq!(blank.get(), GRAPH.replace(r#""value":"sk""#, r#""value":"""#));
    }

    #[test]
    fn view_state_goes_and_nodes_in_groups_are_reached() {
        let inner = drop_view_state(&raw(GRAPH)).unwrap();
        assert_eq!(inner.get(), GRAPH.replace(r#""selected":true,"#, ""));
        let group = format!(
            r#"{{"nodes":[{{"id":"g","data":{{"node":{{"flow":{{"data":{GRAPH}}}}}}}}}],"edges":[]}}"#
        );
        assert!(split_code(&raw(&group)).unwrap().get().contains(r#"["a","b"]"#));
    }

    #[test]
    fn pretty_text_sorts_keys_and_keeps_numbers() {
        let text = pretty(&raw(r#"{"b":[1e400,{}],"a":{"x":1.10}}"#));
        assert_eq!(text, "{\n  \"a\": {\n    \"x\": 1.10\n  },\n  \"b\": [\n    1e400,\n    {}\n  ]\n}");
    }

    #[test]
    fn a_webhook_is_seen_by_its_id() {
        assert!(has_webhook(r#"{"nodes":[{"id":"Webhook-x1"}],"edges":[]}"#));
        assert!(!has_webhook(GRAPH));
    }
}
