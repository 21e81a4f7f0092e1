//! A node after one of its fields was changed in the editor.

use super::ports::EditorPorts;
use super::{code_hash, recognise};
use crate::custom::{allow_code, syntax_problems};
use crate::{App, AppError, AppResult, Principal};
use langflow_core::component::{
    Catalogue, CodeChange, ComponentSpec, Definition, InputSpec, OutputSpec, RefreshCx, RefreshRequest,
    SpecPatch,
};
use langflow_core::flow::TOOLSET;
use langflow_core::{Json, JsonMap};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Keys the editor adds to a template for the server alone.
const EDITOR_KEYS: [&str; 3] = [FLOW_KEY, "_frontend_node_folder_id", "is_refresh"];
const FLOW_KEY: &str = "_frontend_node_flow_id";

/// A changed field of a node.
#[derive(Clone, Debug, Default)]
pub struct UpdateNode {
    /// The Python code of the node: says which component it is.
    pub code: String,
    pub template: JsonMap,
    pub field: String,
    pub value: Json,
    /// The node is to be a tool.
    pub tool_mode: Option<bool>,
    /// `metadata` of the node, where the editor sends it.
    pub metadata: JsonMap,
}

/// A component as the editor gets it for a piece of code.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    pub node: Json,
    /// Class name.
    pub kind: String,
}

/// The catalogue entry of the component a piece of code stands for.
///
/// # Errors
/// The code is not that of a native component.
pub async fn describe_code(app: &App, principal: &Principal, code: &str) -> AppResult<Described> {
    let bad = |error: String| AppError::bad_request(json!({"error": error, "traceback": Json::Null}));
    let text = code.to_owned();
    let problems = tokio::task::spawn_blocking(move || syntax_problems(&text)).await.unwrap_or_default();
    if let Some(problem) = problems.into_iter().next() {
        return Err(bad(format!("Error building Component: Invalid Python code: {problem}")));
    }
    let native = recognise(&app.catalogue, code);
    if let Some(custom) = app.catalogue.custom()
        && native.is_none_or(|native| native.spec().python().trim() != code.trim())
    {
        allow_code(app, principal, code).await?;
        let described =
            custom.describe(principal.user_id, code).await.map_err(|f| bad(f.message().into()))?;
        return Ok(Described { node: described.node, kind: described.kind });
    }
    let definition = native.ok_or_else(|| bad(unknown_code()))?;
    let spec = definition.spec();
    let mut node = spec.to_catalogue(code_hash);
    if let Some(field) = node.pointer_mut("/template/code/value") {
        *field = json!(code);
    }
    Ok(Described { node, kind: spec.class.to_owned() })
}

/// The whole node after the change.
///
/// # Errors
/// The node is of no native component, or its refresh failed.
pub async fn update_node(app: &Arc<App>, principal: &Principal, request: UpdateNode) -> AppResult<Json> {
    let native = find(&app.catalogue, &request).cloned();
    if let Some(custom) = app.catalogue.custom()
        && native.as_ref().is_none_or(|native| is_own(native.as_ref(), &request))
    {
        allow_code(app, principal, &request.code).await?;
        let mut template = request.template;
        for key in EDITOR_KEYS {
            template.shift_remove(key);
        }
        let change = CodeChange {
            code: request.code,
            class: request.metadata.get("component_class_name").and_then(Json::as_str).map(str::to_owned),
            template,
            field: request.field,
            value: request.value,
            tool_mode: request.tool_mode,
            metadata: request.metadata,
        };
        return custom
            .update(principal.user_id, change)
            .await
            .map_err(|fault| AppError::bad_request(fault.message()));
    }
    let definition = native.ok_or_else(|| AppError::bad_request(unknown_code()))?;
    let ports = Arc::new(EditorPorts::new(app, principal.user_id));
    let cx = ports.context(app);
    change(definition.as_ref(), request, &cx).await
}

/// The node carries code that was written here: a component under a native name, with a module of its own.
fn is_own(native: &dyn Definition, request: &UpdateNode) -> bool {
    let module = request.metadata.get("module").and_then(Json::as_str).unwrap_or_default();
    module.starts_with("custom_components.") && native.spec().python().trim() != request.code.trim()
}

pub(crate) async fn change(
    definition: &dyn Definition,
    request: UpdateNode,
    cx: &RefreshCx,
) -> AppResult<Json> {
    let spec = definition.spec();
    let mut template = request.template;
    let flow_id = template.get(FLOW_KEY).and_then(flow_id);
    for key in EDITOR_KEYS {
        template.shift_remove(key);
    }
    if let Some(Json::Object(field)) = template.get_mut(&request.field) {
        field.insert("value".into(), request.value.clone());
    }
    let refresh =
        RefreshRequest { template: template.clone(), field: request.field, value: request.value, flow_id };
    let patch =
        definition.refresh(&refresh, cx).await.map_err(|fault| AppError::bad_request(fault.message()))?;
    let SpecPatch { template: changed, outputs } = patch;
    for (name, field) in changed {
        match (field, template.get_mut(&name)) {
            (Json::Null, _) => {
                template.shift_remove(&name);
            }
            (Json::Object(changes), Some(Json::Object(old))) => old.extend(changes),
            (field, _) => {
                template.insert(name, field);
            }
        }
    }
    let mut node = spec.to_catalogue(code_hash);
    let is_tool = request.tool_mode.unwrap_or(false);
    let outputs = match (is_tool, outputs) {
        (true, _) => {
            let rows = tool_rows(spec, &template);
            template.entry("tools_metadata").or_insert_with(|| tools_field(rows));
            Some(vec![toolset_output()])
        }
        (false, outputs) => {
            template.shift_remove("tools_metadata");
            outputs
        }
    };
    if let Some(map) = node.as_object_mut() {
        map.insert("template".into(), Json::Object(template));
        map.insert("tool_mode".into(), json!(is_tool));
        if let Some(outputs) = outputs {
            map.insert("outputs".into(), Json::Array(outputs));
        }
        if !request.metadata.is_empty() {
            map.insert("metadata".into(), Json::Object(request.metadata));
        }
    }
    Ok(node)
}

/// An id, or a field that holds one.
fn flow_id(field: &Json) -> Option<Uuid> {
    let value = field.get("value").unwrap_or(field);
    value.as_str().and_then(|text| Uuid::parse_str(text).ok())
}

fn find<'a>(catalogue: &'a Catalogue, request: &UpdateNode) -> Option<&'a Arc<dyn Definition>> {
    let class = request.metadata.get("component_class_name").and_then(Json::as_str);
    class.and_then(|class| catalogue.get(class)).or_else(|| recognise(catalogue, &request.code))
}

fn unknown_code() -> String {
    "Error building Component: this code is not that of a native component, and custom code does not \
     run in this server (LANGFLOW_CUSTOM_COMPONENTS)."
        .into()
}

/// The one output of a node that is a tool.
fn toolset_output() -> Json {
    json!({
        "types": ["Tool"],
        "selected": "Tool",
        "name": TOOLSET,
        "hidden": null,
        "display_name": "Toolset",
        "method": "to_toolkit",
        "value": "__UNDEFINED__",
        "cache": true,
        "required_inputs": null,
        "allows_loop": false,
        "loop_types": null,
        "group_outputs": false,
        "options": null,
        "tool_mode": true,
    })
}

/// The table of actions of a node that is a tool.
fn tools_field(rows: Vec<Json>) -> Json {
    let mut input = InputSpec::new("tools_metadata");
    input.kind = langflow_core::component::InputKind::Tools;
    input.title = "Actions";
    input.info = "Names and descriptions of the actions, as an agent sees them.";
    input.real_time_refresh = true;
    input.value = Json::Array(rows);
    input.merge_extra(json!({"is_list": true}));
    input.to_template()
}

fn tool_rows(spec: &ComponentSpec, template: &JsonMap) -> Vec<Json> {
    spec.outputs
        .iter()
        .filter(|output| output.listed && output.tool_mode)
        .map(|output| tool_row(spec, output, template))
        .collect()
}

fn tool_row(spec: &ComponentSpec, output: &OutputSpec, template: &JsonMap) -> Json {
    let description = if output.info.is_empty() { spec.description } else { output.info };
    json!({
        "name": output.method,
        "description": description,
        "tags": [output.method],
        "status": true,
        "approval_actions": [],
        "display_name": output.method,
        "display_description": description,
        "readonly": false,
        "args": arguments(spec, template),
    })
}

/// The arguments a tool takes: the fields that are marked for it.
fn arguments(spec: &ComponentSpec, template: &JsonMap) -> Json {
    let mut all = JsonMap::new();
    for input in spec.inputs.iter().filter(|input| input.tool_mode) {
        let kind = match input.kind.wire() {
            "int" => "integer",
            "float" | "slider" => "number",
            "bool" => "boolean",
            "dict" | "NestedDict" | "table" => "object",
            _ => "string",
        };
        let value = template.get(input.name).and_then(|field| field.get("value")).cloned();
        let mut argument = JsonMap::new();
        if !input.required {
            argument.insert("default".into(), value.unwrap_or_else(|| input.default_value()));
        }
        argument.insert("description".into(), json!(input.info));
        argument.insert("title".into(), json!(input.title));
        argument.insert("type".into(), json!(kind));
        all.insert(input.name.into(), Json::Object(argument));
    }
    Json::Object(all)
}
