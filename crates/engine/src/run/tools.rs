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
    apply_metadata(tools, params.get("tools_metadata")).map_err(|fault| fault.at_field("tools_metadata"))
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

/// The table of actions: rows name tools by their first tag; a row may turn a tool off or describe it anew. A
/// tool that the table does not list is dropped, as long as the table lists any of them: one that lists none was
/// made by another version of the component, or before another flow was chosen. Then what it says of all is kept
/// (everything is off), and what it says of the only one.
///
/// # Errors
/// A tool that is on wants a person's approval before each call: nobody is asked here, so it is not to be called.
fn apply_metadata(tools: Vec<Arc<dyn Tool>>, table: Option<&Value>) -> Result<Vec<Arc<dyn Tool>>, Fault> {
    let rows: Vec<Json> = match table {
        Some(Value::Json(Json::Array(rows))) => rows.clone(),
        Some(Value::Table(table)) => table.rows().map(Json::Object).collect(),
        _ => Vec::new(),
    };
    if rows.is_empty() {
        return Ok(tools);
    }
    let chosen: Vec<Option<&Json>> = tools.iter().map(|tool| row_of(&rows, &tool.schema().name)).collect();
    if chosen.iter().any(Option::is_some) {
        let said = tools.into_iter().zip(chosen).map(|(tool, row)| row.map(|row| as_row_says(tool, row)));
        return said.flatten().filter_map(Result::transpose).collect();
    }
    match (rows.as_slice(), tools.as_slice()) {
        ([row], [tool]) => Ok(as_row_says(Arc::clone(tool), row)?.into_iter().collect()),
        _ if rows.iter().all(is_off) => Ok(Vec::new()),
        _ => Ok(tools),
    }
}

fn row_of<'a>(rows: &'a [Json], name: &str) -> Option<&'a Json> {
    let says = |path: &str| rows.iter().find(|row| row.pointer(path).and_then(Json::as_str) == Some(name));
    says("/tags/0").or_else(|| says("/name"))
}

fn is_off(row: &Json) -> bool {
    row.get("status").and_then(Json::as_bool) == Some(false)
}

/// Whether each call has to be approved first.
fn asks_first(row: &Json) -> bool {
    row.get("approval_actions").and_then(Json::as_array).is_some_and(|actions| !actions.is_empty())
}

fn as_row_says(tool: Arc<dyn Tool>, row: &Json) -> Result<Option<Arc<dyn Tool>>, Fault> {
    if is_off(row) {
        return Ok(None);
    }
    if asks_first(row) {
        return Err(Fault::unsupported(format!(
            "The tool {} is to be called only after a person has approved it, and agents here cannot ask: turn it off, or \
             take the approval out of the table of actions",
            tool.schema().name
        )));
    }
    let text = |key: &str| row.get(key).and_then(Json::as_str).filter(|s| !s.is_empty());
    let schema = tool.schema();
    let new = ToolSchema {
        name: text("name").map_or_else(|| schema.name.clone(), legal),
        description: text("description").unwrap_or(&schema.description).to_owned(),
        parameters: schema.parameters.clone(),
    };
    Ok(Some(if new == *schema { tool } else { Arc::new(Renamed { inner: tool, schema: new }) as _ }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Named(ToolSchema);

    #[async_trait]
    impl Tool for Named {
        fn schema(&self) -> &ToolSchema {
            &self.0
        }

        async fn call(&self, _: Json) -> Result<ToolOutput, Fault> {
            Ok(ToolOutput::text(""))
        }
    }

    fn named(names: &[&str]) -> Vec<Arc<dyn Tool>> {
        let tool = |name: &&str| {
            let (name, description) = ((*name).to_owned(), String::new());
            let schema = ToolSchema { name, description, parameters: json!({}) };
            Arc::new(Named(schema)) as Arc<dyn Tool>
        };
        names.iter().map(tool).collect()
    }

    #[test]
    fn a_tool_that_needs_approval_is_not_given_away() {
        let row = |status: bool, actions: &[&str]| json!({"tags": ["a"], "status": status, "approval_actions": actions});
        for (row, is_given) in
            [(row(true, &["approve"]), false), (row(true, &[]), true), (row(false, &["approve"]), true)]
        {
            let table = Value::Json(json!([row]));
            let given = apply_metadata(named(&["a", "b"]), Some(&table));
            assert_eq!(given.is_ok(), is_given, "{row}");
            // Also by the table of another version of the component.
            assert_eq!(apply_metadata(named(&["other"]), Some(&table)).is_ok(), is_given, "{row}");
        }
    }

    #[test]
    fn a_table_of_actions_chooses_and_names_tools() {
        let row =
            |tag: &str, name: &str, status: bool| json!({"tags": [tag], "name": name, "status": status});
        // tools, rows, names of the tools that are left
        let cases = [
            (vec!["a", "b"], vec![], vec!["a", "b"]),
            (vec!["a", "b"], vec![row("a", "first", true), row("b", "b", false)], vec!["first"]),
            // By name where no tag says it; unlisted ones are dropped.
            (vec!["a", "b"], vec![row("x", "b", true)], vec!["b"]),
            // A table of another version: Langflow names the tools of Run Flow after its outputs.
            (vec!["My_Flow"], vec![row("My-Flow_tool", "ask_it", true)], vec!["ask_it"]),
            (vec!["My_Flow"], vec![row("My-Flow_tool", "ask_it", false)], vec![]),
            (
                vec!["My_Flow"],
                vec![row("t_data", "t_data", true), row("t_text", "t_text", false)],
                vec!["My_Flow"],
            ),
            (vec!["a", "b"], vec![row("x", "x", false), row("y", "y", false)], vec![]),
        ];
        for (tools, rows, left) in cases {
            let table = Value::Json(Json::Array(rows.clone()));
            let kept = apply_metadata(named(&tools), Some(&table)).unwrap();
            let names: Vec<&str> = kept.iter().map(|tool| tool.schema().name.as_str()).collect();
            assert_eq!(names, left, "{tools:?} {rows:?}");
        }
    }
}
