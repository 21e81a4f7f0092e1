//! Graphs in short form: components and connections by name, made into nodes and edges as the editor has them.

use crate::catalogue::code_hash;
use crate::{App, AppError, AppResult};
use langflow_core::{Json, JsonMap};
use serde_json::json;

/// A node in short form.
#[derive(Clone, Debug, Default)]
pub struct CompactNode {
    pub id: String,
    /// The key of the component in the catalogue.
    pub kind: String,
    /// Values of fields.
    pub values: JsonMap,
}

/// A connection in short form.
#[derive(Clone, Debug, Default)]
pub struct CompactEdge {
    pub source: String,
    pub source_output: String,
    pub target: String,
    pub target_input: String,
}

/// The graph in the form that flows are stored in.
///
/// # Errors
/// 400 that names every component, node, output and field that is not there.
pub fn expand(app: &App, nodes: &[CompactNode], edges: &[CompactEdge]) -> AppResult<Json> {
    let mut problems = Vec::new();
    let made: Vec<Json> = nodes.iter().filter_map(|node| expand_node(app, node, &mut problems)).collect();
    let edges: Vec<Json> = edges.iter().filter_map(|edge| expand_edge(&made, edge, &mut problems)).collect();
    if problems.is_empty() {
        return Ok(json!({ "nodes": made, "edges": edges }));
    }
    Err(AppError::bad_request(problems.join(" ")))
}

fn expand_node(app: &App, node: &CompactNode, problems: &mut Vec<String>) -> Option<Json> {
    let CompactNode { id, kind, values } = node;
    let Some(entry) = app.catalogue.get(kind) else {
        problems.push(format!("There is no component '{kind}' (node '{id}')."));
        return None;
    };
    let mut definition = entry.spec().to_catalogue(code_hash);
    for (name, value) in values {
        match definition.pointer_mut("/template").and_then(|t| t.get_mut(name)).and_then(Json::as_object_mut)
        {
            Some(field) => {
                field.insert("value".into(), value.clone());
            }
            None => problems.push(format!("The component '{kind}' has no field '{name}' (node '{id}').")),
        }
    }
    Some(json!({"id": id, "type": "genericNode", "data": {"type": kind, "node": definition, "id": id}}))
}

fn expand_edge(nodes: &[Json], edge: &CompactEdge, problems: &mut Vec<String>) -> Option<Json> {
    let mut find = |id: &str| {
        let found = nodes.iter().find(|node| node.get("id").is_some_and(|known| known == id));
        if found.is_none() {
            problems.push(format!("There is no node '{id}', which an edge names."));
        }
        found
    };
    let (source, target) = (find(&edge.source), find(&edge.target));
    let (source, target) = (source?, target?);
    let outputs = source.pointer("/data/node/outputs").and_then(Json::as_array).into_iter().flatten();
    let output = outputs.into_iter().find(|o| o.get("name").is_some_and(|name| *name == edge.source_output));
    let field = target.pointer("/data/node/template").and_then(|template| template.get(&edge.target_input));
    let (Some(output), Some(field)) = (output, field) else {
        if output.is_none() {
            problems.push(format!("The node '{}' has no output '{}'.", edge.source, edge.source_output));
        }
        if field.is_none() {
            problems.push(format!("The node '{}' has no field '{}'.", edge.target, edge.target_input));
        }
        return None;
    };
    let from = json!({
        "dataType": source.pointer("/data/type"), "id": edge.source, "name": edge.source_output,
        "output_types": output.get("types"),
    });
    let to = json!({
        "fieldName": edge.target_input, "id": edge.target,
        "inputTypes": field.get("input_types").cloned().unwrap_or_else(|| json!([])), "type": field.get("type"),
    });
    let (from_text, to_text) = (quoted(&from), quoted(&to));
    Some(json!({
        "source": edge.source, "sourceHandle": from_text, "target": edge.target, "targetHandle": to_text,
        "id": format!("reactflow__edge-{}{from_text}-{}{to_text}", edge.source, edge.target),
        "data": {"sourceHandle": from, "targetHandle": to},
        "className": "", "selected": false, "animated": false,
    }))
}

/// Handles stand in attributes, with `œ` for the quotation mark.
fn quoted(handle: &Json) -> String {
    handle.to_string().replace('"', "œ")
}
