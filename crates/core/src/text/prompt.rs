//! Variables of prompt templates: which there are, and the fields they become.

use super::{format, mustache};
use crate::{Fault, Json, JsonMap};
use serde_json::json;

/// Names that a variable cannot have because the component has such a field.
const RESERVED: [&str; 4] = ["template", "code", "use_double_brackets", "tool_placeholder"];

/// The variables of a template, in order, each once.
///
/// # Errors
/// The template does not parse, or a name cannot be a field.
pub fn variables(template: &str, is_mustache: bool) -> Result<Vec<String>, Fault> {
    let names = if is_mustache {
        mustache::variables(template)?
    } else {
        format::variables(template).map_err(|why| Fault::invalid(format!("Invalid template: {why}")))?
    };
    let wrong: Vec<&str> = names.iter().map(String::as_str).filter(|name| !is_name(name)).collect();
    if wrong.is_empty() {
        return Ok(names);
    }
    Err(Fault::invalid(format!(
        "These variables cannot be used: {}. A name starts with a letter or an underscore, goes on with \
         letters, digits and underscores, and is not one of: {}.",
        wrong.join(", "),
        RESERVED.join(", ")
    )))
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && !RESERVED.contains(&name)
}

/// The field of a variable, as the reference adds it to a node.
pub fn variable_field(name: &str) -> Json {
    json!({
        "field_type": "str",
        "required": false,
        "placeholder": "",
        "list": false,
        "show": true,
        "multiline": true,
        "value": "",
        "fileTypes": [],
        "file_path": "",
        "name": name,
        "display_name": name,
        "advanced": false,
        "input_types": ["Message"],
        "dynamic": false,
        "info": "",
        "load_from_db": false,
        "title_case": false,
        "type": "str",
    })
}

/// The fields of a node's template that are variables: those no declaration knows.
pub fn variable_fields(template: &JsonMap) -> Vec<(String, Json)> {
    template
        .iter()
        .filter(|(name, field)| {
            field.is_object() && !name.starts_with('_') && !RESERVED.contains(&name.as_str())
        })
        .filter(|(_, field)| field.get("_input_type").is_none_or(|kind| kind == "DefaultPromptField"))
        .map(|(name, field)| (name.clone(), field.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_all_at_once() {
        assert_eq!(variables("{a} {b} {a}", false).unwrap(), ["a", "b"]);
        assert_eq!(variables("{{a}} {b}", true).unwrap(), ["a"]);
        let fault = variables("{a b} {ok} {1x} {code}", false).unwrap_err();
        assert!(fault.message().contains("a b, 1x, code"), "{fault}");
        assert!(variables("{a", false).is_err());
    }
}
