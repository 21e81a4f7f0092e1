//! A node of the canvas, as a run sees it.

use super::Problem;
use crate::value::{Json, JsonMap};

/// One executable node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub id: String,
    /// Type key, `data.type`.
    pub kind: String,
    pub display_name: String,
    pub description: String,
    pub icon: Option<String>,
    /// Field name → field object, in the order of the file. `_type` and `code` are in here too.
    pub template: JsonMap,
    pub outputs: Vec<NodeOutput>,
    /// Reuse the last result.
    pub frozen: bool,
    /// The node is offered to an agent as tools.
    pub tool_mode: bool,
    /// Its code was changed by hand.
    pub edited: bool,
    pub is_input: bool,
    pub is_output: bool,
    /// Python class of the component, from the metadata or the stored source.
    pub class_names: Vec<String>,
    /// Id of the outermost group node this one stood in.
    pub group: Option<String>,
}

/// One output of a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeOutput {
    pub name: String,
    pub method: Option<String>,
    pub display_name: String,
    pub types: Vec<String>,
    /// Takes the feedback edge of a loop.
    pub allows_loop: bool,
    /// Becomes a tool in tool mode.
    pub tool_mode: bool,
}

/// Name of the one output of a node in tool mode.
pub const TOOLSET: &str = "component_as_tool";

impl Node {
    /// Reads a node that has an executable form.
    pub(super) fn read(json: &Json, at: usize) -> Result<Self, Problem> {
        let bad = |why: &str| Problem::malformed(format!("Node {at} {why}"));
        let node = json.as_object().ok_or_else(|| bad("is not an object"))?;
        let id = text(node, "id").ok_or_else(|| bad("has no id"))?;
        let broken = |why: &str| Problem::malformed(format!("Node '{id}' {why}")).at_node(&id, &id);
        let data = node.get("data").and_then(Json::as_object).ok_or_else(|| broken("has no data"))?;
        let definition = data
            .get("node")
            .and_then(Json::as_object)
            .ok_or_else(|| broken("has no component definition"))?;
        let template = match definition.get("template") {
            Some(Json::Object(map)) => map.clone(),
            Some(Json::Null) | None => JsonMap::new(),
            Some(_) => return Err(broken("has a template that is not an object")),
        };
        let kind = text(data, "type")
            .or_else(|| id.split_once('-').map(|(prefix, _)| prefix.to_owned()))
            .unwrap_or_else(|| id.clone());
        let display_name = text(definition, "display_name").unwrap_or_else(|| kind.clone());
        Ok(Self {
            kind,
            display_name,
            description: text(definition, "description").unwrap_or_default(),
            icon: text(definition, "icon"),
            outputs: outputs(definition.get("outputs")),
            frozen: flag(definition, "frozen"),
            tool_mode: flag(definition, "tool_mode"),
            edited: flag(definition, "edited"),
            is_input: flag(definition, "is_input"),
            is_output: flag(definition, "is_output"),
            class_names: class_names(definition, &template),
            group: None,
            id,
            template,
        })
    }

    /// The id up to its first dash: the type at the time the node was made.
    pub fn prefix(&self) -> &str {
        self.id.split_once('-').map_or(self.id.as_str(), |(prefix, _)| prefix)
    }

    /// Whether the id's prefix or the type is one of these.
    pub fn is_any(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.prefix()) || kinds.contains(&self.kind.as_str())
    }

    pub fn output(&self, name: &str) -> Option<&NodeOutput> {
        self.outputs.iter().find(|o| o.name == name)
    }

    /// The Python source the node carries, if it carries one.
    pub fn code(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self.field("code")?.get("value")? {
            Json::String(code) => Some(code.as_str().into()),
            Json::Array(lines) => {
                Some(lines.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("\n").into())
            }
            _ => None,
        }
        .filter(|code: &std::borrow::Cow<'_, str>| !code.trim().is_empty())
    }

    /// The object of a field.
    pub fn field(&self, name: &str) -> Option<&JsonMap> {
        self.template.get(name).and_then(Json::as_object)
    }
}

pub(super) fn text(map: &JsonMap, key: &str) -> Option<String> {
    map.get(key).and_then(Json::as_str).filter(|s| !s.is_empty()).map(str::to_owned)
}

fn flag(map: &JsonMap, key: &str) -> bool {
    map.get(key).and_then(Json::as_bool).unwrap_or(false)
}

pub(super) fn texts(json: Option<&Json>) -> Vec<String> {
    json.and_then(Json::as_array)
        .map(|items| items.iter().filter_map(Json::as_str).map(str::to_owned).collect())
        .unwrap_or_default()
}

fn outputs(json: Option<&Json>) -> Vec<NodeOutput> {
    let Some(Json::Array(items)) = json else { return Vec::new() };
    items
        .iter()
        .filter_map(Json::as_object)
        .filter_map(|output| {
            let name = text(output, "name")?;
            Some(NodeOutput {
                method: text(output, "method"),
                display_name: text(output, "display_name").unwrap_or_else(|| name.clone()),
                types: texts(output.get("types")),
                allows_loop: flag(output, "allows_loop"),
                tool_mode: output.get("tool_mode").and_then(Json::as_bool).unwrap_or(true),
                name,
            })
        })
        .collect()
}

/// Class named by the metadata, then classes in the stored source that subclass something.
fn class_names(definition: &JsonMap, template: &JsonMap) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(name) =
        definition.get("metadata").and_then(Json::as_object).and_then(|m| text(m, "component_class_name"))
    {
        names.push(name);
    }
    let code = template.get("code").and_then(|c| c.get("value"));
    let lines: Vec<&str> = match code {
        Some(Json::String(code)) => code.lines().collect(),
        Some(Json::Array(lines)) => lines.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    for line in lines {
        if let Some(rest) = line.strip_prefix("class ")
            && let Some((name, bases)) = rest.split_once('(')
            && bases.contains("Component")
        {
            let name = name.trim().to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}
