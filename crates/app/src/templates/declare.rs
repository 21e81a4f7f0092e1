//! The form of a declaration.

use indexmap::IndexMap;
use langflow_core::{Json, JsonMap};
use serde::{Deserialize, Serialize};

/// A template as it is written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declaration {
    pub name: String,
    pub description: String,
    /// Name of a lucide icon.
    pub icon: String,
    pub tags: Vec<String>,
    pub needs: Vec<Need>,
    /// Lines of the note beside the flow, as Markdown.
    pub note: Vec<String>,
    /// Nodes by a name that edges use.
    pub nodes: IndexMap<String, NodeDeclaration>,
    /// `node.output > node.field`
    pub edges: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeDeclaration {
    /// Type key of the catalogue.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the node is called here.
    pub title: Option<String>,
    /// The node is a tool of an agent.
    #[serde(default)]
    pub tool: bool,
    /// Fields whose change makes further fields or outputs.
    #[serde(default)]
    pub refresh: Vec<String>,
    /// Values of fields; `{"lines": […]}` is a text of several lines.
    #[serde(default)]
    pub set: JsonMap,
}

/// Something a user has to give before a template runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub kind: NeedKind,
    /// Of a key the variable, of a service its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In a sentence.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedKind {
    /// A language model.
    Model,
    /// An embedding model.
    Embedding,
    /// A key of a service, in a global variable.
    Key,
    /// A file.
    File,
    /// A server somewhere.
    Service,
    /// The internet.
    Network,
}

/// The value of a field: lines joined, anything else as it is.
pub(super) fn value(declared: &Json) -> Json {
    let lines =
        declared.as_object().filter(|map| map.len() == 1).and_then(|map| map.get("lines")?.as_array());
    match lines {
        Some(lines) => lines.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("\n").into(),
        None => declared.clone(),
    }
}
