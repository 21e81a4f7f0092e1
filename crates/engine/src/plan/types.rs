//! Whether an edge may carry what it carries (engine.md 1.7).
//!
//! Lenient: what the editor allowed passes. Refused is only an edge whose ends both name types that have
//! nothing in common.

use langflow_core::component::ComponentSpec;
use langflow_core::flow::{Edge, Node};

fn canon(name: &str) -> &str {
    match name {
        "Data" => "JSON",
        "DataFrame" => "Table",
        "Text" | "str" => "Message",
        other => other,
    }
}

fn share(a: &[String], b: &[&str]) -> bool {
    a.iter().any(|x| b.iter().any(|y| canon(x) == canon(y) || canon(y) == "Any" || x == "Any"))
}

/// Why the edge cannot be, if it cannot.
pub(super) fn check(
    edge: &Edge,
    source: &Node,
    target: &Node,
    target_spec: Option<&ComponentSpec>,
) -> Result<(), String> {
    let mut accepted: Vec<&str> = edge.input_types.iter().map(String::as_str).collect();
    if !edge.field_type.is_empty() {
        accepted.push(&edge.field_type);
    }
    let field = target.field(&edge.field);
    if let Some(types) = field.and_then(|f| f.get("input_types")).and_then(|t| t.as_array()) {
        accepted.extend(types.iter().filter_map(|t| t.as_str()));
    }
    if let Some(input) = target_spec.and_then(|s| s.input(&edge.field)) {
        accepted.extend(input.handle_types());
    }
    if edge.is_feedback {
        // A loop takes whatever its body makes.
        return Ok(());
    }
    let names = || (&source.display_name, &target.display_name);
    if !edge.output_types.is_empty() && !accepted.is_empty() && !share(&edge.output_types, &accepted) {
        // The handle may be stale: what the output is now counts too.
        let now = source.output(&edge.output).map(|o| o.types.as_slice()).unwrap_or_default();
        if !share(now, &accepted) {
            let (a, b) = names();
            return Err(if now.is_empty() || now == edge.output_types.as_slice() {
                format!("Edge between {a} and {b} has invalid handles")
            } else {
                format!("Edge between {a} and {b} has no matched type.")
            });
        }
    }
    Ok(())
}
