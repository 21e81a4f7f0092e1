//! Edges and their handles (all historic forms).

use super::node::{text, texts};
use super::{Problem, ProblemKind};
use crate::value::{Json, JsonMap};

/// One edge: an output of `source` feeds a field of `target`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    pub source: String,
    pub target: String,
    /// Name of the output; empty in very old files, which name only types.
    pub output: String,
    pub output_types: Vec<String>,
    /// Name of the field, or of the output that takes a loop's feedback.
    pub field: String,
    pub input_types: Vec<String>,
    /// Wire type of the field.
    pub field_type: String,
    /// The edge ends at an output: feedback of a loop.
    pub is_feedback: bool,
    /// Where a group node's handle really ends: child id and field.
    pub(super) target_proxy: Option<(String, String)>,
}

impl Edge {
    pub(super) fn read(json: &Json, at: usize) -> Result<Self, Problem> {
        let bad = |why: &str| Problem::malformed(format!("Edge {at} {why}"));
        let edge = json.as_object().ok_or_else(|| bad("is not an object"))?;
        let source = text(edge, "source").ok_or_else(|| bad("has no source"))?;
        let target = text(edge, "target").ok_or_else(|| bad("has no target"))?;
        let data = edge.get("data").and_then(Json::as_object);
        let handle = |key: &str| match data.and_then(|d| d.get(key)) {
            Some(Json::Object(map)) => Some(map.clone()),
            Some(Json::String(s)) => decode_handle(s),
            _ => edge.get(key).and_then(Json::as_str).and_then(decode_handle),
        };
        let mut read = Self { source, target, ..Self::default() };
        if let Some(handle) = handle("sourceHandle") {
            read.output = text(&handle, "name").unwrap_or_default();
            read.output_types = texts(handle.get("output_types"));
            if read.output_types.is_empty() {
                read.output_types = texts(handle.get("baseClasses"));
            }
        } else if let Some(plain) = edge.get("sourceHandle").and_then(Json::as_str) {
            // `type|nodeId|types…` of 0.x.
            read.output_types = plain.split('|').skip(2).map(str::to_owned).collect();
        }
        if let Some(handle) = handle("targetHandle") {
            read.read_target(&handle);
        } else if let Some(plain) = edge.get("targetHandle").and_then(Json::as_str) {
            // `types|field|nodeId` of 0.x.
            let mut parts = plain.split('|');
            read.input_types =
                parts.next().unwrap_or_default().split(';').map(|t| t.trim().to_owned()).collect();
            read.field = parts.next().unwrap_or_default().to_owned();
        }
        if read.field.is_empty() {
            return Err(Problem::new(
                ProblemKind::EdgeType,
                format!("Edge between {} and {} has invalid handles", read.source, read.target),
            )
            .at_node(&read.target.clone(), &read.target));
        }
        Ok(read)
    }

    fn read_target(&mut self, handle: &JsonMap) {
        if let Some(field) = text(handle, "fieldName") {
            self.field = field;
            self.input_types = texts(handle.get("inputTypes"));
            self.field_type = text(handle, "type").unwrap_or_default();
        } else {
            // A loop's feedback ends at an output, whose handle looks like a source handle.
            self.is_feedback = handle.contains_key("name");
            self.field = text(handle, "name").unwrap_or_default();
            self.input_types = texts(handle.get("output_types"));
        }
        if let Some(proxy) = handle.get("proxy").and_then(Json::as_object) {
            self.target_proxy = text(proxy, "id").zip(text(proxy, "field"));
        }
    }
}

/// The object of a handle string: JSON in which every `"` is written `œ`.
pub fn decode_handle(text: &str) -> Option<JsonMap> {
    match serde_json::from_str(&text.replace('œ', "\"")) {
        Ok(Json::Object(map)) => Some(map),
        _ => None,
    }
}

/// The handle string of an object, in the compact form with sorted keys that the editor compares.
pub fn encode_handle(handle: &JsonMap) -> String {
    let mut keys: Vec<&String> = handle.keys().collect();
    keys.sort();
    let mut sorted = JsonMap::new();
    for key in keys {
        sorted.insert(key.clone(), handle.get(key).cloned().unwrap_or_default());
    }
    Json::Object(sorted).to_string().replace('"', "œ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_historic_form_of_an_edge_is_read() {
        let data = json!({"source": "a", "target": "b", "data": {
            "sourceHandle": {"dataType": "X", "id": "a", "name": "out", "output_types": ["Message"]},
            "targetHandle": {"fieldName": "q", "id": "b", "inputTypes": ["Message"], "type": "str"}}});
        let strings = json!({"source": "a", "target": "b",
            "sourceHandle": "{œdataTypeœ: œXœ, œidœ: œaœ, œnameœ: œoutœ, œoutput_typesœ: [œMessageœ]}",
            "targetHandle": "{œfieldNameœ:œqœ,œidœ:œbœ,œinputTypesœ:[œMessageœ],œtypeœ:œstrœ}"});
        for json in [data, strings] {
            let edge = Edge::read(&json, 0).unwrap();
            assert_eq!((edge.output.as_str(), edge.field.as_str()), ("out", "q"));
            assert_eq!(edge.input_types, ["Message"]);
        }
        let old = json!({"source": "a", "target": "b", "sourceHandle": "LLM|a|BaseLanguageModel",
            "targetHandle": "BaseLanguageModel|llm|b"});
        assert_eq!(Edge::read(&old, 0).unwrap().field, "llm");
        let feedback = json!({"source": "a", "target": "b", "data": {
            "sourceHandle": {"dataType": "X", "id": "a", "name": "out", "output_types": ["Data"]},
            "targetHandle": {"dataType": "LoopComponent", "id": "b", "name": "item", "output_types": ["Data"]}}});
        assert!(Edge::read(&feedback, 0).unwrap().is_feedback);
    }

    #[test]
    fn handles_read_back() {
        let map = json!({"name": "x", "id": "y"}).as_object().cloned().unwrap();
        assert_eq!(encode_handle(&map), "{œidœ:œyœ,œnameœ:œxœ}");
        assert_eq!(decode_handle(&encode_handle(&map)).unwrap()["id"], "y");
    }
}
