//! The shapes in which flow files arrive (engine.md 1.1).

use super::Problem;
use crate::value::{Json, JsonMap};

/// The flow envelopes of an uploaded file: one flow, a list of flows, `{"flows": […]}`, or a bare graph,
/// which becomes an envelope without a name. Component code that was saved as a list of lines is joined.
pub fn envelopes(file: Json) -> Result<Vec<JsonMap>, Problem> {
    let items = match file {
        Json::Object(mut map) => match map.remove("flows") {
            Some(Json::Array(flows)) => flows,
            Some(_) => return Err(Problem::malformed("'flows' is not a list")),
            None => vec![Json::Object(map)],
        },
        Json::Array(items) => items,
        _ => return Err(Problem::malformed("The file is not a flow: expected a JSON object")),
    };
    items
        .into_iter()
        .map(|item| {
            let Json::Object(mut flow) = item else {
                return Err(Problem::malformed("A flow in the file is not an object"));
            };
            if !flow.contains_key("data") && flow.contains_key("nodes") && flow.contains_key("edges") {
                let mut envelope = JsonMap::new();
                envelope.insert("data".into(), Json::Object(flow));
                flow = envelope;
            }
            if let Some(data) = flow.get_mut("data") {
                join_code_lines(data);
            }
            Ok(flow)
        })
        .collect()
}

/// Joins code fields that were saved as a list of lines, in nested groups too.
pub fn join_code_lines(graph: &mut Json) {
    let Some(Json::Array(nodes)) = graph.get_mut("nodes") else { return };
    for node in nodes {
        let Some(definition) = node.pointer_mut("/data/node") else { continue };
        if let Some(Json::Object(template)) = definition.get_mut("template") {
            for field in template.values_mut().filter_map(Json::as_object_mut) {
                let is_code = field.get("type").and_then(Json::as_str) == Some("code");
                if let Some(Json::Array(lines)) = field.get("value").filter(|_| is_code) {
                    let lines: Vec<&str> = lines.iter().filter_map(Json::as_str).collect();
                    let joined = lines.join("\n");
                    field.insert("value".into(), Json::String(joined));
                }
            }
        }
        if let Some(nested) = definition.pointer_mut("/flow/data") {
            join_code_lines(nested);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_shape_of_a_file_is_read() {
        let graph = json!({"nodes": [{"data": {"node": {"template": {
            "code": {"type": "code", "value": ["a", "b"]}}}}}], "edges": []});
        let flow = json!({"name": "f", "data": graph});
        let shapes =
            [graph.clone(), flow.clone(), json!([flow]), json!({"flows": [flow]}), json!({"data": graph})];
        for shape in shapes {
            let read = envelopes(shape.clone()).unwrap();
            assert_eq!(read.len(), 1, "{shape}");
            let code = read[0]["data"].pointer("/nodes/0/data/node/template/code/value").unwrap();
            assert_eq!(code, "a\nb");
        }
        assert!(envelopes(json!("x")).is_err());
        assert!(envelopes(json!({"flows": 3})).is_err());
    }
}
