//! Which nodes of a flow run natively.

use langflow_core::component::Catalogue;
use langflow_core::flow::{Document, Node};
use langflow_core::{Json, JsonMap};
use serde::Serialize;

/// What is known of one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeReport {
    pub id: String,
    pub display_name: String,
    /// Type key.
    #[serde(rename = "type")]
    pub kind: String,
    pub native: bool,
    /// The component's code was changed by hand; it runs natively all the same, and the changes do not.
    pub edited: bool,
}

/// The nodes of a flow, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub nodes: Vec<NodeReport>,
    /// Problems of the document itself.
    pub problems: Vec<String>,
}

impl Report {
    /// Nodes without a native implementation.
    pub fn missing(&self) -> impl Iterator<Item = &NodeReport> {
        self.nodes.iter().filter(|node| !node.native)
    }
}

/// Reports every node of a flow document: the graph, or an envelope around it.
pub fn report(catalogue: &Catalogue, document: &Json) -> Report {
    let (read, problems) = Document::read(document);
    let edited = edited_ids(document);
    Report {
        nodes: read
            .nodes
            .into_iter()
            .map(|node| NodeReport {
                native: is_native(catalogue, &node),
                edited: edited.contains_key(&node.id),
                id: node.id,
                display_name: node.display_name,
                kind: node.kind,
            })
            .collect(),
        problems: problems.into_iter().map(|problem| problem.message).collect(),
    }
}

fn is_native(catalogue: &Catalogue, node: &Node) -> bool {
    catalogue.get(&node.kind).is_some() || node.class_names.iter().any(|name| catalogue.get(name).is_some())
}

/// Ids of nodes whose `edited` flag is set, groups included.
fn edited_ids(document: &Json) -> JsonMap {
    let mut ids = JsonMap::new();
    let mut waiting = vec![document];
    while let Some(graph) = waiting.pop() {
        let graph = graph.get("data").filter(|data| data.is_object()).unwrap_or(graph);
        for node in graph.get("nodes").and_then(Json::as_array).into_iter().flatten() {
            let Some(definition) = node.pointer("/data/node") else { continue };
            if definition.get("edited").and_then(Json::as_bool) == Some(true)
                && let Some(id) = node.get("id").and_then(Json::as_str)
            {
                ids.insert(id.to_owned(), Json::Bool(true));
            }
            waiting.extend(definition.get("flow").filter(|flow| flow.is_object()));
        }
    }
    ids
}
