//! The variables of a prompt become fields of its node.

use crate::{App, AppError, AppResult, ErrorKind, Principal};
use langflow_core::text::prompt::{variable_field, variables};
use langflow_core::{Json, JsonMap};
use serde_json::json;

/// A template that was typed into a node.
#[derive(Clone, Debug, Default)]
pub struct CheckPrompt {
    /// Name of the field that holds the template.
    pub name: String,
    pub template: String,
    /// The node; without one there is nothing to change.
    pub node: Option<JsonMap>,
    /// Variables are written `{{name}}`.
    pub mustache: bool,
}

/// The variables, and the node with a field for each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckedPrompt {
    pub variables: Vec<String>,
    pub node: Option<JsonMap>,
}

/// Reads the variables of a template and changes the fields of the node accordingly.
///
/// Without a node the answer is empty, whatever the template, as in the reference. A variable keeps the
/// value its field has.
pub fn check_prompt(_app: &App, _principal: &Principal, request: CheckPrompt) -> AppResult<CheckedPrompt> {
    change(request)
}

pub(crate) fn change(request: CheckPrompt) -> AppResult<CheckedPrompt> {
    let Some(mut node) = request.node else { return Ok(CheckedPrompt::default()) };
    let names = variables(&request.template, request.mustache)
        .map_err(|fault| AppError::new(ErrorKind::RunFailed, fault.message()))?;
    let old = custom_fields(&node, &request.name);
    if let Some(Json::Object(template)) = node.get_mut("template") {
        for gone in old.iter().filter(|name| !names.contains(name)) {
            template.shift_remove(gone.as_str());
        }
        for name in &names {
            if !template.contains_key(name) {
                let mut field = variable_field(name);
                // Fields of a flow that marks what callers may change carry the mark, set or not.
                if let Some(field) = field.as_object_mut() {
                    field.insert("api_editable".into(), json!(false));
                }
                template.insert(name.clone(), field);
            }
        }
    }
    let custom = node.entry("custom_fields").or_insert_with(|| json!({}));
    if !custom.is_object() {
        *custom = json!({});
    }
    if let Some(custom) = custom.as_object_mut() {
        custom.insert(request.name, json!(names));
    }
    Ok(CheckedPrompt { variables: names, node: Some(node) })
}

/// Variables of the field before the change.
fn custom_fields(node: &JsonMap, field: &str) -> Vec<String> {
    node.get("custom_fields")
        .and_then(|fields| fields.get(field))
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(fields: &[&str]) -> JsonMap {
        let mut template = JsonMap::new();
        template.insert("template".into(), json!({"type": "prompt", "value": ""}));
        for name in fields {
            template.insert((*name).into(), json!({"name": name, "value": "kept"}));
        }
        let json = json!({"template": template, "custom_fields": {"template": fields}});
        json.as_object().cloned().unwrap()
    }

    fn check(template: &str, fields: &[&str]) -> AppResult<CheckedPrompt> {
        change(CheckPrompt {
            name: "template".into(),
            template: template.into(),
            node: Some(node(fields)),
            mustache: false,
        })
    }

    #[test]
    fn fields_follow_the_variables_and_keep_their_values() {
        let checked = check("{a} {b}", &["a", "old"]).unwrap();
        assert_eq!(checked.variables, ["a", "b"]);
        let node = Json::Object(checked.node.unwrap());
        assert_eq!(node["template"]["a"]["value"], "kept");
        assert_eq!(node["template"]["b"]["value"], "");
        assert_eq!(node["template"].get("old"), None);
        assert_eq!(node["custom_fields"], json!({"template": ["a", "b"]}));
    }

    #[test]
    fn a_name_that_cannot_be_a_field_is_refused() {
        let error = check("{a b}", &[]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::RunFailed);
        assert!(error.to_string().contains("a b"));
    }

    #[test]
    fn without_a_node_the_answer_is_empty() {
        let request = CheckPrompt { template: "{a".into(), ..CheckPrompt::default() };
        assert_eq!(change(request).unwrap(), CheckedPrompt::default());
    }
}
