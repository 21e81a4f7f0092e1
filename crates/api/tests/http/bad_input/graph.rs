//! Flows in a few lines: nodes with the fields that differ, edges `A.output > B.field`.

use langflow_core::component::{Catalogue, ComponentSpec};
use serde_json::{Value, json};

pub struct Graph<'a> {
    catalogue: &'a Catalogue,
    nodes: Vec<(&'static str, &'static str, bool, Value)>,
    edges: Vec<&'static str>,
}

impl<'a> Graph<'a> {
    /// Chat Output `out`.
    pub fn output(catalogue: &'a Catalogue) -> Self {
        let graph = Self { catalogue, nodes: Vec::new(), edges: Vec::new() };
        graph.node("ChatOutput-out", "ChatOutput", json!({}))
    }

    /// Chat Input `in` and Chat Output `out`.
    pub fn chat(catalogue: &'a Catalogue) -> Self {
        Self::output(catalogue).node("ChatInput-in", "ChatInput", json!({}))
    }

    /// `fields` are values by name; an object with `file_path` is taken as the field's keys.
    pub fn node(mut self, id: &'static str, kind: &'static str, fields: Value) -> Self {
        self.nodes.push((id, kind, false, fields));
        self
    }

    /// A node in tool mode.
    pub fn tool(mut self, id: &'static str, kind: &'static str, fields: Value) -> Self {
        self.nodes.push((id, kind, true, fields));
        self
    }

    pub fn edge(mut self, edge: &'static str) -> Self {
        self.edges.push(edge);
        self
    }

    fn spec(&self, id: &str) -> &ComponentSpec {
        let (_, kind, ..) = self.nodes.iter().find(|(known, ..)| *known == id).unwrap();
        self.catalogue.get(kind).unwrap_or_else(|| panic!("there is no {kind}")).spec()
    }

    pub fn json(&self) -> Value {
        let nodes: Vec<Value> = self.nodes.iter().map(|node| self.node_json(node)).collect();
        let edges: Vec<Value> = self.edges.iter().map(|edge| self.edge_json(edge)).collect();
        json!({"nodes": nodes, "edges": edges, "viewport": {"x": 0, "y": 0, "zoom": 1}})
    }

    fn node_json(&self, (id, kind, is_tool, fields): &(&str, &str, bool, Value)) -> Value {
        let mut node = self.spec(id).to_catalogue(|_| String::new());
        for (name, value) in fields.as_object().unwrap() {
            let field = &mut node["template"][name];
            assert!(field.is_object(), "{kind} has no field {name}");
            let is_file = field["type"] == "file";
            field[if is_file { "file_path" } else { "value" }] = value.clone();
            field["show"] = json!(true);
            field["load_from_db"] = json!(false);
        }
        if *is_tool {
            node["tool_mode"] = json!(true);
            node["outputs"] = json!([{"name": "component_as_tool", "display_name": "Toolset", "method": "to_toolkit",
                "types": ["Tool"], "selected": "Tool", "cache": true, "value": "__UNDEFINED__"}]);
        }
        json!({"id": id, "type": "genericNode", "position": {"x": 0, "y": 0},
            "data": {"id": id, "type": kind, "node": node}})
    }

    fn edge_json(&self, edge: &str) -> Value {
        let (from, to) = edge.split_once(" > ").unwrap();
        let ((source, output), (target, field)) =
            (from.split_once('.').unwrap(), to.split_once('.').unwrap());
        let types: Vec<&str> = match output {
            "component_as_tool" => vec!["Tool"],
            _ => self.spec(source).outputs.iter().find(|o| o.name == output).unwrap().types.clone(),
        };
        let input = self.spec(target).input(field).unwrap_or_else(|| panic!("there is no {target}.{field}"));
        json!({"source": source, "target": target, "data": {
            "sourceHandle": {"dataType": "X", "id": source, "name": output, "output_types": types},
            "targetHandle": {"fieldName": field, "id": target, "inputTypes": input.handle_types(), "type": "str"}}})
    }
}
