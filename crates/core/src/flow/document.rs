//! The typed view of a flow document.

use super::group;
use super::{Edge, Node, Problem, ProblemKind};
use crate::value::Json;
use std::collections::HashSet;

/// Groups nested deeper than this are a mistake, or an attack.
const MAX_GROUP_DEPTH: usize = 16;

/// Nodes and edges of a flow: notes left out, groups expanded, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

impl Document {
    /// Reads a flow: the graph itself, or an envelope with the graph under `data`. What cannot be read is
    /// left out and reported.
    pub fn read(json: &Json) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let document = Self::read_level(json, 0, &mut problems);
        (document, problems)
    }

    pub(super) fn read_level(json: &Json, depth: usize, problems: &mut Vec<Problem>) -> Self {
        let graph = match json.get("data") {
            Some(data @ Json::Object(_)) => data,
            _ => json,
        };
        let (Some(Json::Array(nodes)), Some(Json::Array(edges))) = (graph.get("nodes"), graph.get("edges"))
        else {
            problems.push(Problem::malformed("Invalid payload: expected keys 'nodes' and 'edges'"));
            return Self::default();
        };
        if depth > MAX_GROUP_DEPTH {
            problems.push(Problem::malformed(format!("Groups are nested deeper than {MAX_GROUP_DEPTH}")));
            return Self::default();
        }
        let mut document = Self::default();
        let mut notes = HashSet::new();
        let mut groups = Vec::new();
        for (at, json) in nodes.iter().enumerate() {
            if is_note(json) {
                notes.extend(json.get("id").and_then(Json::as_str));
                continue;
            }
            match Node::read(json, at) {
                Ok(node) => {
                    let nested = json.pointer("/data/node/flow").filter(|f| f.is_object());
                    if let Some(nested) = nested {
                        groups.push((node.id.clone(), nested, json));
                    }
                    document.nodes.push(node);
                }
                Err(problem) => problems.push(problem),
            }
        }
        for (at, json) in edges.iter().enumerate() {
            match Edge::read(json, at) {
                Ok(edge) => {
                    if !notes.contains(edge.source.as_str()) && !notes.contains(edge.target.as_str()) {
                        document.edges.push(edge);
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        for (id, nested, json) in groups {
            let inner = Self::read_level(nested, depth + 1, problems);
            group::expand(&mut document, &id, json, inner);
        }
        if depth == 0 {
            document.check(problems);
        }
        document
    }

    /// Ids are unique and edges end at nodes.
    fn check(&mut self, problems: &mut Vec<Problem>) {
        let mut ids = HashSet::new();
        self.nodes.retain(|node| {
            let is_new = ids.insert(node.id.clone());
            if !is_new {
                problems.push(
                    Problem::malformed(format!("Two nodes have the id '{}'", node.id))
                        .at_node(&node.id, &node.display_name),
                );
            }
            is_new
        });
        self.edges.retain(|edge| {
            let missing = [&edge.source, &edge.target].into_iter().find(|id| !ids.contains(*id));
            if let Some(id) = missing {
                problems.push(
                    Problem::new(ProblemKind::MissingNode, format!("Vertex {id} not found")).at_node(id, id),
                );
            }
            missing.is_none()
        });
    }

    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|n| n.id == id)
    }
}

fn is_note(json: &Json) -> bool {
    json.get("type").and_then(Json::as_str) == Some("noteNode")
        || json.pointer("/data/type").and_then(Json::as_str) == Some("note")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn node(id: &str) -> Json {
        json!({"id": id, "type": "genericNode", "data": {"id": id, "type": "Pass",
            "node": {"template": {}, "outputs": [{"name": "output", "types": ["Message"]}]}}})
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let json = json!({"data": {
            "nodes": [node("Pass-a"), 3, {"id": "x"}, {"id": "n", "type": "noteNode"}],
            "edges": [{"source": "Pass-a", "target": "Pass-b", "targetHandle": "t|f|b"},
                {"source": "n", "target": "Pass-a", "targetHandle": "t|f|a"}, {}]}});
        let (document, problems) = Document::read(&json);
        assert_eq!(document.nodes.len(), 1);
        let texts: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Node 1 is not an object",
                "Node 'x' has no data",
                "Edge 2 has no source",
                "Vertex Pass-b not found"
            ]
        );
    }

    #[test]
    fn anything_that_is_not_a_graph_is_one_problem() {
        for json in [json!(null), json!([]), json!({"data": null}), json!({"nodes": 3, "edges": []})] {
            assert_eq!(Document::read(&json).1.len(), 1, "{json}");
        }
    }
}
