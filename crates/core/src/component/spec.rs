//! A whole declaration, and its form in the catalogue.

use super::example::Example;
use super::input::InputSpec;
use super::output::OutputSpec;
use crate::run::{Egress, Flows, McpServers, Models, Variables, Vectors};
use crate::value::{Json, JsonMap};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// The declaration of a component.
#[derive(Clone, Debug, Default)]
pub struct ComponentSpec {
    /// Type key, as it stands in `data.type` of a node.
    pub id: &'static str,
    /// Other keys of the same component in stored flows.
    pub aliases: &'static [&'static str],
    /// Class name in the reference's package, for the generated code.
    pub class: &'static str,
    /// Dotted module path in the reference's package.
    pub module: &'static str,
    pub title: &'static str,
    /// First paragraph of the doc comment.
    pub description: &'static str,
    /// The rest of the doc comment, for the reference page.
    pub details: &'static str,
    pub documentation: &'static str,
    pub icon: &'static str,
    pub category: &'static str,
    pub legacy: bool,
    pub beta: bool,
    pub minimized: bool,
    /// `category.Type` of what replaces a legacy component.
    pub replacement: &'static [&'static str],
    pub inputs: Vec<InputSpec>,
    pub outputs: Vec<OutputSpec>,
    /// Unknown template fields are read too (prompt variables).
    pub takes_rest: bool,
    /// Worked examples: tests of the component, and part of its reference page.
    pub examples: &'static [Example],
}

impl ComponentSpec {
    pub fn input(&self, name: &str) -> Option<&InputSpec> {
        self.inputs.iter().find(|i| i.name == name)
    }

    /// The declared output a stored output means: by name, then by method or alias, then by a type that
    /// only one output has (components.md 1.3).
    pub fn resolve_output(&self, name: &str, method: Option<&str>, types: &[&str]) -> Option<&OutputSpec> {
        if let Some(found) = self.outputs.iter().find(|o| o.name == name) {
            return Some(found);
        }
        let named = |key: &str| self.outputs.iter().find(|o| o.method == key || o.aliases.contains(&key));
        if let Some(found) = method.and_then(named).or_else(|| named(name)) {
            return Some(found);
        }
        let mut typed =
            self.outputs.iter().filter(|o| o.types.iter().any(|t| types.iter().any(|u| same_type(t, u))));
        match (typed.next(), typed.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// The catalogue entry (contract-flows 6.2). `code_hash` gives the hash of the generated code.
    pub fn to_catalogue(&self, code_hash: impl Fn(&str) -> String) -> Json {
        let code = self.python();
        let mut template = JsonMap::new();
        template.insert("_type".into(), json!("Component"));
        template.insert("code".into(), code_field(&code));
        for input in &self.inputs {
            template.insert(input.name.into(), input.to_template());
        }
        let listed: Vec<&OutputSpec> = self.outputs.iter().filter(|o| o.listed).collect();
        let mut base_classes: Vec<&str> = Vec::new();
        for output in &listed {
            for t in &output.types {
                if !base_classes.contains(t) {
                    base_classes.push(t);
                }
            }
        }
        base_classes.sort_unstable();
        let mut entry = json!({
            "base_classes": base_classes,
            "beta": self.beta,
            "conditional_paths": [],
            "custom_fields": {},
            "description": self.description,
            "display_name": self.title,
            "documentation": self.documentation,
            "edited": false,
            "field_order": self.inputs.iter().map(|i| i.name).collect::<Vec<_>>(),
            "frozen": false,
            "icon": self.icon,
            "legacy": self.legacy,
            "metadata": {
                "code_hash": code_hash(&code),
                "component_class_name": self.class,
                "dependencies": {"dependencies": [{"name": "lfx", "version": null}], "total_dependencies": 1},
                "module": self.module,
            },
            "minimized": self.minimized,
            "output_types": [],
            "outputs": listed.iter().map(|o| o.to_json()).collect::<Vec<_>>(),
            "pinned": false,
            "template": template,
            "tool_mode": false,
        });
        if !self.replacement.is_empty()
            && let Some(map) = entry.as_object_mut()
        {
            map.insert("replacement".into(), json!(self.replacement));
        }
        entry
    }

    /// A few lines of Python that subclass the component of the same name in `lfx`, so that a flow made
    /// here also runs on Langflow. They are never executed here.
    pub fn python(&self) -> String {
        if self.module.is_empty() {
            return format!("# {}: runs natively in langflow-rs.\n", self.title);
        }
        format!(
            "from {module} import {class} as _Base\n\n\nclass {class}(_Base):\n    \
             \"\"\"{title}: runs natively in langflow-rs; these lines let Langflow run it too.\"\"\"\n",
            module = self.module,
            class = self.class,
            title = self.title,
        )
    }
}

/// `Data` is `JSON`, `DataFrame` is `Table`.
pub(crate) fn same_type(a: &str, b: &str) -> bool {
    fn canon(t: &str) -> &str {
        match t {
            "Data" => "JSON",
            "DataFrame" => "Table",
            other => other,
        }
    }
    canon(a) == canon(b)
}

fn code_field(code: &str) -> Json {
    json!({
        "advanced": true,
        "api_editable": false,
        "dynamic": true,
        "fileTypes": [],
        "file_path": "",
        "info": "",
        "list": false,
        "load_from_db": false,
        "multiline": true,
        "name": "code",
        "password": false,
        "placeholder": "",
        "required": true,
        "show": true,
        "title_case": false,
        "type": "code",
        "value": code,
    })
}

/// A field was changed in the editor, or its refresh button pressed.
#[derive(Clone, Debug, Default)]
pub struct RefreshRequest {
    /// The template as the editor holds it.
    pub template: JsonMap,
    pub field: String,
    pub value: Json,
    /// The flow that the node stands in, where the editor says so.
    pub flow_id: Option<Uuid>,
}

/// What a refresh may ask of the outside world.
#[derive(Clone)]
pub struct RefreshCx {
    pub variables: Arc<dyn Variables>,
    pub egress: Arc<dyn Egress>,
    pub flows: Arc<dyn Flows>,
    pub models: Arc<dyn Models>,
    pub mcp: Arc<dyn McpServers>,
    pub vectors: Arc<dyn Vectors>,
}

/// Changes of a node that follow from a changed field.
#[derive(Clone, Debug, Default)]
pub struct SpecPatch {
    /// Field objects to merge (`null` removes the field).
    pub template: JsonMap,
    /// The node's outputs from now on.
    pub outputs: Option<Vec<Json>>,
}
