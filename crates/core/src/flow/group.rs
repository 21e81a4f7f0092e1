//! Group nodes: a node that stands for a nested graph (engine.md 1.9).

use super::node::text;
use super::{Document, Edge, Node};
use crate::value::{Json, JsonMap};

/// Replaces the group node `id` of `document` by the nodes of `inner`.
pub(super) fn expand(document: &mut Document, id: &str, group_json: &Json, mut inner: Document) {
    let Some(at) = document.nodes.iter().position(|n| n.id == id) else { return };
    let group = document.nodes.remove(at);
    for child in &mut inner.nodes {
        child.frozen |= group.frozen;
        child.group = Some(id.to_owned());
    }
    overlay_fields(&group, &mut inner.nodes);
    for edge in &mut document.edges {
        if edge.target == id {
            enter(edge, &group);
        }
        if edge.source == id {
            leave(edge, group_json, &inner);
        }
    }
    document.nodes.splice(at..at, inner.nodes);
    document.edges.extend(inner.edges);
}

/// A group field with a proxy replaces the child's field, which keeps how it is shown.
fn overlay_fields(group: &Node, children: &mut [Node]) {
    for field in group.template.values().filter_map(Json::as_object) {
        let Some(proxy) = field.get("proxy").and_then(Json::as_object) else { continue };
        let (Some(child_id), Some(name)) = (text(proxy, "id"), text(proxy, "field")) else { continue };
        let Some(child) = children.iter_mut().find(|c| c.id == child_id) else { continue };
        let Some(Json::Object(old)) = child.template.get(&name) else { continue };
        let mut new: JsonMap = field.clone();
        new.remove("proxy");
        for kept in ["show", "advanced", "display_name", "name"] {
            if let Some(value) = old.get(kept) {
                new.insert(kept.into(), value.clone());
            }
        }
        if old.get("type").and_then(Json::as_str) == Some("code") {
            new.insert("type".into(), "code".into());
        }
        child.template.insert(name, Json::Object(new));
    }
}

fn enter(edge: &mut Edge, group: &Node) {
    let proxy = edge.target_proxy.take().or_else(|| {
        let proxy = group.field(&edge.field)?.get("proxy")?.as_object()?;
        text(proxy, "id").zip(text(proxy, "field"))
    });
    if let Some((child, field)) = proxy {
        edge.target = child;
        edge.field = field;
    }
}

fn leave(edge: &mut Edge, group_json: &Json, inner: &Document) {
    let outputs = group_json.pointer("/data/node/outputs").and_then(Json::as_array);
    let proxy = outputs.into_iter().flatten().find_map(|output| {
        let output = output.as_object()?;
        let proxy = output.get("proxy")?.as_object()?;
        (text(output, "name")? == edge.output).then(|| text(proxy, "id").zip(text(proxy, "name")))?
    });
    if let Some((child, name)) = proxy {
        edge.source = child;
        edge.output = name;
        return;
    }
    let named = inner
        .nodes
        .iter()
        .filter(|c| edge.output.strip_prefix(c.id.as_str()).is_some_and(|rest| rest.starts_with('_')))
        .max_by_key(|c| c.id.len());
    if let Some(child) = named {
        edge.output = edge.output.chars().skip(child.id.chars().count() + 1).collect();
        edge.source.clone_from(&child.id);
        return;
    }
    let last = inner.nodes.iter().rev().find(|c| !inner.edges.iter().any(|e| e.source == c.id));
    if let Some(child) = last {
        if let Some((_, name)) = edge.output.split_once('_') {
            edge.output = name.to_owned();
        }
        edge.source.clone_from(&child.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn child(id: &str) -> Json {
        json!({"id": id, "data": {"type": "Pass", "node": {
            "template": {"x": {"type": "str", "value": "inner", "show": true, "display_name": "X"}},
            "outputs": [{"name": "output", "types": ["Message"]}]}}})
    }

    #[test]
    fn a_group_becomes_its_children() {
        let json = json!({
            "nodes": [child("Pass-z"), {"id": "Group-1", "type": "genericNode", "data": {"type": "GroupNode",
                "node": {"frozen": true,
                    "template": {"x_Pass-a": {"type": "str", "value": "outer", "show": false,
                        "proxy": {"id": "Pass-a", "field": "x"}}},
                    "outputs": [{"name": "Pass-b_output", "proxy": {"id": "Pass-b", "name": "output"}}],
                    "flow": {"data": {"nodes": [child("Pass-a"), child("Pass-b")], "edges": [
                        {"source": "Pass-a", "target": "Pass-b", "targetHandle": "Message|x|Pass-b"}]}}}}}],
            "edges": [
                {"source": "Pass-z", "target": "Group-1", "data": {
                    "sourceHandle": {"name": "output", "output_types": ["Message"]},
                    "targetHandle": {"fieldName": "x_Pass-a", "inputTypes": ["Message"], "type": "str",
                        "proxy": {"id": "Pass-a", "field": "x"}}}},
                {"source": "Group-1", "target": "Pass-z", "data": {
                    "sourceHandle": {"name": "Pass-b_output", "output_types": ["Message"]},
                    "targetHandle": {"fieldName": "x", "inputTypes": ["Message"], "type": "str"}}}]});
        let (document, problems) = Document::read(&json);
        assert!(problems.is_empty(), "{problems:?}");
        let ids: Vec<&str> = document.nodes.iter().map(|n| n.id.as_str()).collect();
        assert_eq!(ids, ["Pass-z", "Pass-a", "Pass-b"]);
        let inner = document.node("Pass-a").unwrap();
        assert!(inner.frozen && inner.group.as_deref() == Some("Group-1"));
        assert_eq!(inner.field("x").unwrap()["value"], "outer");
        assert_eq!(inner.field("x").unwrap()["show"], true);
        let ends: Vec<(&str, &str, &str)> =
            document.edges.iter().map(|e| (e.source.as_str(), e.target.as_str(), e.field.as_str())).collect();
        assert_eq!(ends, [("Pass-z", "Pass-a", "x"), ("Pass-b", "Pass-z", "x"), ("Pass-a", "Pass-b", "x")]);
        assert_eq!(document.edges[1].output, "output");
    }
}
