//! A declaration becomes a graph as the editor saves it.

use super::Template;
use super::declare::{Declaration, NodeDeclaration, value};
use crate::catalogue::prompt::{CheckPrompt, change as change_prompt};
use crate::catalogue::update::{UpdateNode, change as change_node};
use crate::catalogue::{EditorPorts, code_hash};
use crate::{App, AppError, AppResult};
use indexmap::IndexMap;
use langflow_core::flow::encode_handle;
use langflow_core::{Json, JsonMap};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// Places of nodes, in pixels of the canvas: columns by what a node waits for.
const COLUMN: i64 = 420;
const ROW: i64 = 460;
const NOTE_WIDTH: i64 = 340;

pub(super) async fn build(app: &Arc<App>, key: &'static str, text: &str) -> AppResult<Template> {
    let declared: Declaration = serde_json::from_str(text).map_err(|error| bad(key, &error.to_string()))?;
    let mut nodes: IndexMap<String, (String, Json)> = IndexMap::new();
    for (name, node) in &declared.nodes {
        let id = format!("{}-{}", node.kind, suffix(key, name));
        nodes.insert(name.clone(), (id, make_node(app, key, node).await?));
    }
    let mut edges = Vec::new();
    let mut links = Vec::new();
    for edge in &declared.edges {
        let wrong = || bad(key, &format!("the edge '{edge}' has no ends"));
        let (from, to) = edge.split_once(" > ").ok_or_else(wrong)?;
        let (from, output) = from.split_once('.').ok_or_else(wrong)?;
        let (to, field) = to.split_once('.').ok_or_else(wrong)?;
        let (source, target) = (nodes.get(from).ok_or_else(wrong)?, nodes.get(to).ok_or_else(wrong)?);
        let source_handle = source_handle(source, output).ok_or_else(wrong)?;
        let (target_handle, is_feedback) = target_handle(target, field).ok_or_else(wrong)?;
        if !is_feedback {
            links.push((from, to));
        }
        edges.push(make_edge(&source.0, &target.0, &source_handle, &target_handle));
    }
    let columns = columns(&nodes, &links);
    let mut rows: IndexMap<i64, i64> = IndexMap::new();
    let mut placed = vec![note(key, &declared.note)];
    for ((id, node), (kind, column)) in
        nodes.values().zip(declared.nodes.values().map(|node| node.kind.as_str()).zip(columns))
    {
        let row = rows.entry(column).or_default();
        placed.push(json!({
            "id": id,
            "type": "genericNode",
            "position": {"x": column * COLUMN, "y": *row * ROW},
            "data": {"id": id, "type": kind, "node": node},
            "selected": false,
            "dragging": false,
        }));
        *row += 1;
    }
    Ok(Template {
        id: template_id(key),
        key,
        name: declared.name,
        description: declared.description,
        icon: declared.icon,
        tags: declared.tags,
        needs: declared.needs,
        graph: json!({"nodes": placed, "edges": edges, "viewport": {"x": 420, "y": 120, "zoom": 0.6}}),
    })
}

fn bad(key: &str, why: &str) -> AppError {
    AppError::bug(format!("the template {key}: {why}"))
}

/// The catalogue's node with the declared values.
async fn make_node(app: &Arc<App>, key: &str, declared: &NodeDeclaration) -> AppResult<Json> {
    let definition = app
        .catalogue
        .get(&declared.kind)
        .cloned()
        .ok_or_else(|| bad(key, &format!("the catalogue has no {}", declared.kind)))?;
    let mut node = definition.spec().to_catalogue(code_hash);
    let ports = Arc::new(EditorPorts::new(app, Uuid::nil()));
    let cx = ports.context(app);
    for (field, declared_value) in &declared.set {
        let template = template_of(&node);
        let known =
            template.get(field).ok_or_else(|| bad(key, &format!("{} has no {field}", declared.kind)))?;
        let is_prompt = known.get("type").and_then(Json::as_str) == Some("prompt");
        let value = value(declared_value);
        if let Some(slot) = node.pointer_mut(&format!("/template/{field}/value")) {
            *slot = value.clone();
        }
        if is_prompt {
            let template = value.as_str().unwrap_or_default().to_owned();
            let request = CheckPrompt {
                name: field.clone(),
                template,
                node: node.as_object().cloned(),
                mustache: false,
            };
            node = change_prompt(request)?.node.map(Json::Object).unwrap_or_default();
        }
        if declared.refresh.contains(field) {
            let request = UpdateNode {
                template: template_of(&node),
                field: field.clone(),
                value,
                ..UpdateNode::default()
            };
            node = change_node(definition.as_ref(), request, &cx).await?;
        }
    }
    if declared.tool {
        let request = UpdateNode {
            template: template_of(&node),
            field: "tool_mode".into(),
            value: json!(true),
            tool_mode: Some(true),
            ..UpdateNode::default()
        };
        node = change_node(definition.as_ref(), request, &cx).await?;
    }
    if let (Some(map), Some(title)) = (node.as_object_mut(), &declared.title) {
        map.insert("display_name".into(), json!(title));
    }
    Ok(node)
}

fn template_of(node: &Json) -> JsonMap {
    node.get("template").and_then(Json::as_object).cloned().unwrap_or_default()
}

fn source_handle((id, node): &(String, Json), output: &str) -> Option<JsonMap> {
    let kind = id.rsplit_once('-')?.0;
    let found = find_output(node, output)?;
    let types = found.get("types").cloned().unwrap_or_default();
    object(json!({"dataType": kind, "id": id, "name": output, "output_types": types}))
}

/// The handle of a field, or of the output of a loop that takes what its body gives; `true`: of the latter.
fn target_handle(target: &(String, Json), field: &str) -> Option<(JsonMap, bool)> {
    let (id, node) = target;
    match node.pointer(&format!("/template/{field}")) {
        Some(known) => {
            let types = known.get("input_types").cloned().unwrap_or_default();
            let kind = known.get("type").cloned().unwrap_or_default();
            object(json!({"fieldName": field, "id": id, "inputTypes": types, "type": kind}))
                .map(|map| (map, false))
        }
        None => {
            let is_loop = find_output(node, field)?.get("allows_loop").and_then(Json::as_bool) == Some(true);
            is_loop.then(|| source_handle(target, field)).flatten().map(|map| (map, true))
        }
    }
}

fn find_output<'a>(node: &'a Json, name: &str) -> Option<&'a Json> {
    let outputs = node.get("outputs").and_then(Json::as_array)?;
    outputs.iter().find(|output| output.get("name").and_then(Json::as_str) == Some(name))
}

fn object(value: Json) -> Option<JsonMap> {
    match value {
        Json::Object(map) => Some(map),
        _ => None,
    }
}

fn make_edge(source: &str, target: &str, from: &JsonMap, to: &JsonMap) -> Json {
    let (from_text, to_text) = (encode_handle(from), encode_handle(to));
    json!({
        "id": format!("reactflow__edge-{source}{from_text}-{target}{to_text}"),
        "source": source,
        "target": target,
        "sourceHandle": from_text,
        "targetHandle": to_text,
        "data": {"sourceHandle": from, "targetHandle": to},
        "animated": false,
        "className": "",
        "selected": false,
    })
}

/// The column of every node: one right of the last it waits for.
fn columns(nodes: &IndexMap<String, (String, Json)>, links: &[(&str, &str)]) -> Vec<i64> {
    let mut columns: IndexMap<&str, i64> = nodes.keys().map(|name| (name.as_str(), 0)).collect();
    // So many rounds settle the longest way; a cycle would only make columns far to the right.
    for _ in 0..nodes.len() {
        for (from, to) in links {
            let after = columns.get(from).copied().unwrap_or_default() + 1;
            if let Some(column) = columns.get_mut(to) {
                *column = after.max(*column);
            }
        }
    }
    columns.into_values().collect()
}

fn note(key: &str, lines: &[String]) -> Json {
    let id = format!("note-{}", suffix(key, "note"));
    json!({
        "id": id,
        "type": "noteNode",
        "position": {"x": -NOTE_WIDTH - 60, "y": 0},
        "width": NOTE_WIDTH,
        "height": 320,
        "style": {"width": NOTE_WIDTH, "height": 320},
        "data": {"id": id, "type": "note", "node": {
            "description": lines.join("\n\n"), "display_name": "", "documentation": "",
            "template": {"backgroundColor": "amber"}}},
        "selected": false,
        "dragging": false,
    })
}

/// Five letters that are the same every time.
fn suffix(key: &str, name: &str) -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let digest = Sha256::digest(format!("{key}/{name}"));
    digest
        .iter()
        .take(5)
        .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
        .map(|b| char::from(*b))
        .collect()
}

fn template_id(key: &str) -> Uuid {
    let digest = Sha256::digest(format!("template/{key}"));
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
