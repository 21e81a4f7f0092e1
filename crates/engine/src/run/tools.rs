//! Components as tools (engine.md 2.17).

use super::graph::NodeGraph;
use super::state::RunState;
use crate::plan::PlanNode;
use crate::text;
use langflow_core::capability::{Tool, ToolOutput, ToolSchema};
use langflow_core::component::{
    ComponentSpec, Definition, InputKind, InputSpec, Instance, OutputSpec, Params,
};
use langflow_core::run::{Cx, RunEvent};
use langflow_core::{Fault, Json, JsonMap, Value, async_trait};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// Method names that say nothing; a single one gives way to the class name.
const GENERIC: [&str; 8] =
    ["output", "process", "build_output", "run", "execute", "main", "handler", "build_result"];
/// An option list longer than this is not told to the model.
const MAX_ENUM: usize = 50;
const MAX_NAME: usize = 64;
const MAX_SUFFIX: usize = 32;

/// The tools of a node: the component's own, else one for each output; then as the node's table of actions
/// says.
pub(super) async fn toolset(
    state: &Arc<RunState>,
    at: usize,
    node: &PlanNode,
    instance: Option<&dyn Instance>,
    params: Params,
    cx: &Cx,
) -> Result<Vec<Arc<dyn Tool>>, Fault> {
    let own = match instance {
        Some(instance) => instance.toolset(cx).await.transpose()?,
        None => None,
    };
    let tools = own.unwrap_or_else(|| from_outputs(state, at, node, &params));
    Ok(apply_metadata(tools, params.get("tools_metadata")))
}

fn from_outputs(state: &Arc<RunState>, at: usize, node: &PlanNode, params: &Params) -> Vec<Arc<dyn Tool>> {
    let Some(definition) = &node.definition else { return Vec::new() };
    let spec = definition.spec();
    let outputs: Vec<&OutputSpec> =
        spec.outputs.iter().filter(|o| o.tool_mode && o.listed && !o.types.contains(&"Tool")).collect();
    let parameters = arguments(node, spec);
    outputs
        .iter()
        .map(|output| {
            let name = if outputs.len() == 1 && GENERIC.contains(&output.method) {
                snake_case(spec.class)
            } else {
                output.method.to_owned()
            };
            let description = if output.info.is_empty() { spec.description } else { output.info }.to_owned();
            Arc::new(OutputTool {
                schema: ToolSchema { name: legal(&name), description, parameters: parameters.clone() },
                original: legal(&name),
                output: output.name,
                state: Arc::clone(state),
                at,
                definition: Arc::clone(definition),
                params: params.clone(),
            }) as Arc<dyn Tool>
        })
        .collect()
}

/// JSON Schema of the arguments: the fields marked for tools, or all that take a literal.
fn arguments(node: &PlanNode, spec: &ComponentSpec) -> Json {
    let marked = |input: &InputSpec| {
        let stored = node.node.field(input.name).and_then(|f| f.get("tool_mode")).and_then(Json::as_bool);
        stored.unwrap_or(input.tool_mode)
    };
    let any_marked = spec.inputs.iter().any(marked);
    let mut properties = JsonMap::new();
    let mut required = Vec::new();
    for input in &spec.inputs {
        let takes = if any_marked {
            marked(input)
        } else {
            !input.kind.is_edge_only() && !matches!(input.kind, InputKind::Tools | InputKind::Secret)
        };
        if !takes || node.is_fed(input.name) {
            continue;
        }
        properties.insert(input.name.into(), argument(node, input));
        if input.required {
            required.push(input.name);
        }
    }
    let mut schema = JsonMap::new();
    schema.insert("properties".into(), Json::Object(properties));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema.insert("type".into(), json!("object"));
    Json::Object(schema)
}

fn argument(node: &PlanNode, input: &InputSpec) -> Json {
    let kind = match input.kind.wire() {
        "int" => "integer",
        "float" | "slider" => "number",
        "bool" => "boolean",
        "dict" | "NestedDict" | "table" => "object",
        _ => "string",
    };
    let stored = node.node.field(input.name);
    let mut field = JsonMap::new();
    if !input.required {
        let default = stored.and_then(|f| f.get("value")).cloned().unwrap_or_else(|| input.default_value());
        field.insert("default".into(), default);
    }
    field.insert("description".into(), json!(input.info));
    let mut inner = JsonMap::new();
    if !input.options.is_empty() && input.options.len() <= MAX_ENUM {
        inner.insert("enum".into(), json!(input.options));
    }
    inner.insert("type".into(), json!(kind));
    if input.list {
        field.insert("items".into(), Json::Object(inner));
        field.insert("type".into(), json!("array"));
    } else {
        field.extend(inner);
    }
    Json::Object(field)
}

/// One output of a node as a tool.
struct OutputTool {
    schema: ToolSchema,
    /// The name before the user gave another.
    original: String,
    output: &'static str,
    state: Arc<RunState>,
    at: usize,
    definition: Arc<dyn Definition>,
    params: Params,
}

impl std::fmt::Debug for OutputTool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutputTool").field("schema", &self.schema).finish_non_exhaustive()
    }
}

#[async_trait]
impl Tool for OutputTool {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    fn describe(&self) -> Json {
        let node = self.state.node(self.at);
        json!({
            "name": self.schema.name,
            "description": self.schema.description,
            "args_schema": self.schema.parameters,
            "return_direct": false,
            "verbose": false,
            "tags": [self.original],
            "metadata": {
                "display_name": node.map(|n| n.node.display_name.as_str()),
                "display_description": self.schema.description,
                "source_id": node.map(|n| n.node.id.as_str()),
            },
            "handle_tool_error": true,
        })
    }

    /// Runs a copy of the component with the arguments in its fields.
    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        let node = self.state.node(self.at).ok_or_else(|| Fault::bug("the node of a tool is missing"))?;
        let Json::Object(arguments) = arguments else {
            return Err(Fault::invalid(format!("The arguments of {} are not an object", self.schema.name)));
        };
        self.state.counters.count_node(&self.state.request.limits)?;
        let mut params = self.params.clone();
        for (name, value) in arguments {
            params.set(name, Value::from(value));
        }
        let id = node.node.id.clone();
        if self.state.is_watched() {
            self.state.emit(RunEvent::BuildStart { id: Some(id.clone()) }).await;
        }
        let result = self.run(params, node).await;
        self.state.flush_logs().await;
        if self.state.is_watched() {
            self.state.emit(RunEvent::BuildEnd { id }).await;
        }
        result
    }
}

impl OutputTool {
    async fn run(&self, params: Params, node: &PlanNode) -> Result<ToolOutput, Fault> {
        let instance = self.definition.parse(params).map_err(Fault::join)?;
        let graph = Arc::new(NodeGraph::new(Arc::clone(&self.state), self.at));
        graph.begin(self.output);
        let cx = Cx::new(Arc::clone(&self.state.scope), Arc::clone(&node.reference), graph as _);
        let value = instance.run_output(self.output, &cx).await?;
        Ok(ToolOutput { text: text::for_model(&value), artifact: Some(value.to_json()), is_error: false })
    }
}

/// A tool under another name.
#[derive(Debug)]
struct Renamed {
    inner: Arc<dyn Tool>,
    schema: ToolSchema,
}

#[async_trait]
impl Tool for Renamed {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    fn describe(&self) -> Json {
        let mut json = self.inner.describe();
        if let Some(map) = json.as_object_mut() {
            map.insert("name".into(), json!(self.schema.name));
            map.insert("description".into(), json!(self.schema.description));
        }
        json
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        self.inner.call(arguments).await
    }
}

/// The table of actions: rows name tools by their first tag; a row may turn a tool off or describe it anew.
/// A tool that the table does not list is dropped.
fn apply_metadata(tools: Vec<Arc<dyn Tool>>, table: Option<&Value>) -> Vec<Arc<dyn Tool>> {
    let rows: Vec<Json> = match table {
        Some(Value::Json(Json::Array(rows))) => rows.clone(),
        Some(Value::Table(table)) => table.rows().map(Json::Object).collect(),
        _ => Vec::new(),
    };
    if rows.is_empty() {
        return tools;
    }
    tools
        .into_iter()
        .filter_map(|tool| {
            let name = tool.schema().name.clone();
            let tag = |row: &Json| row.pointer("/tags/0").and_then(Json::as_str) == Some(name.as_str());
            let named = |row: &Json| row.get("name").and_then(Json::as_str) == Some(name.as_str());
            let row = rows.iter().find(|r| tag(r)).or_else(|| rows.iter().find(|r| named(r)))?;
            if row.get("status").and_then(Json::as_bool) == Some(false) {
                return None;
            }
            let text = |key: &str| row.get(key).and_then(Json::as_str).filter(|s| !s.is_empty());
            let schema = tool.schema();
            let new = ToolSchema {
                name: text("name").map_or_else(|| schema.name.clone(), legal),
                description: text("description").unwrap_or(&schema.description).to_owned(),
                parameters: schema.parameters.clone(),
            };
            Some(if new == *schema { tool } else { Arc::new(Renamed { inner: tool, schema: new }) as _ })
        })
        .collect()
}

/// Tools of several nodes with one name get the node's id behind it.
pub(super) fn unique(tools: Vec<(String, Arc<dyn Tool>)>) -> Vec<Arc<dyn Tool>> {
    let mut count: HashMap<String, usize> = HashMap::new();
    for (_, tool) in &tools {
        *count.entry(tool.schema().name.clone()).or_default() += 1;
    }
    tools
        .into_iter()
        .map(|(node_id, tool)| {
            let name = &tool.schema().name;
            if count.get(name).copied().unwrap_or_default() < 2 {
                return tool;
            }
            let suffix: String = node_id
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                .take(MAX_SUFFIX)
                .collect();
            let stem: String = name.chars().take(MAX_NAME.saturating_sub(suffix.len() + 1)).collect();
            let schema = ToolSchema { name: format!("{stem}_{suffix}"), ..tool.schema().clone() };
            Arc::new(Renamed { inner: tool, schema }) as Arc<dyn Tool>
        })
        .collect()
}

fn legal(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '-' }).collect()
}

fn snake_case(class: &str) -> String {
    let mut out = String::with_capacity(class.len() + 4);
    let mut before = '_';
    for c in class.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
        before = c;
    }
    out
}
