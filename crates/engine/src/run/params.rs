//! The parameters of a node in this run (engine.md 2.4, 2.7, 2.9).

use super::state::RunState;
use super::tools::unique;
use super::{InputType, RunRequest};
use crate::plan::{Feed, PlanEdge, PlanNode, Prepared};
use langflow_core::capability::Tool;
use langflow_core::component::Params;
use langflow_core::{Fault, Json, JsonMap, Value};
use std::sync::Arc;

/// Literals, variables, edges, and what the caller sends. All faults at once.
pub(super) async fn collect(state: &RunState, at: usize, node: &PlanNode) -> Result<Params, Vec<Fault>> {
    let mut params = Params::default();
    let mut faults = Vec::new();
    let fields = state.request.overrides.get(&at).unwrap_or(&node.fields);
    for field in fields {
        match &field.value {
            Prepared::Literal(value) => params.set(field.name.clone(), value.clone()),
            Prepared::Variable { name, is_secret } => {
                // The key belongs to the model that an edge brings.
                if *is_secret && node.is_fed("model") {
                    continue;
                }
                match variable(state, name, *is_secret).await {
                    Ok(value) => params.set(field.name.clone(), value),
                    Err(fault) => faults.push(fault.at_field(field.name.clone())),
                }
            }
        }
    }
    from_caller(&mut params, state, node);
    for feed in &node.feeds {
        match edge_value(state, at, feed) {
            Ok(Some(value)) => params.set(feed.field.clone(), value),
            Ok(None) => {}
            Err(fault) => faults.push(fault.at_field(feed.field.clone())),
        }
    }
    if faults.is_empty() { Ok(params) } else { Err(faults) }
}

async fn variable(state: &RunState, name: &str, is_secret: bool) -> Result<Value, Fault> {
    match state.scope.variables.get(name).await? {
        Some(variable) if is_secret => Ok(Value::Secret(variable.value)),
        Some(variable) if variable.is_credential => Err(Fault::refused(format!(
            "The variable '{name}' is a credential: credential variables may stand only in secret fields"
        ))),
        Some(variable) => Ok(Value::text(variable.value.expose())),
        None if is_secret => Ok(Value::Null),
        None => Err(Fault::missing(format!("The variable '{name}' is not set"))),
    }
}

/// Session, input text, files and the stream flag.
fn from_caller(params: &mut Params, state: &RunState, node: &PlanNode) {
    let request = &state.request;
    if node.has_session_id && !node.is_fed("session_id") && !state.scope.session_id.is_empty() {
        params.set("session_id", Value::text(state.scope.session_id.clone()));
    }
    if let Some(stream) = request.stream
        && node.node.template.contains_key("stream")
        && !node.is_fed("stream")
    {
        params.set("stream", Value::Json(Json::Bool(stream)));
    }
    if !node.is_input {
        return;
    }
    if let Some(text) = &request.input_value
        && takes_input(node, request)
        && !node.is_fed("input_value")
    {
        params.set("input_value", Value::text(text.clone()));
    }
    if !request.files.is_empty() && node.node.is_any(&["ChatInput"]) && !node.is_fed("files") {
        params.set("files", Value::Json(Json::from(request.files.clone())));
    }
}

fn takes_input(node: &PlanNode, request: &RunRequest) -> bool {
    if !request.input_components.is_empty() {
        return request.input_components.iter().any(|c| *c == node.node.id || *c == node.node.display_name);
    }
    match request.input_type {
        InputType::Any => true,
        InputType::Chat => node.node.kind == "ChatInput",
        InputType::Text => node.node.kind == "TextInput",
    }
}

/// What the edges of a field bring; `None` leaves the declared default.
fn edge_value(state: &RunState, at: usize, feed: &Feed) -> Result<Option<Value>, Fault> {
    let mut items = Vec::new();
    let mut last = None;
    let mut tools: Vec<(String, Arc<dyn Tool>)> = Vec::new();
    for edge in feed.edges.iter().filter_map(|e| state.plan.edges.get(*e)) {
        let Some(value) = delivered(state, at, edge)? else {
            // The branch was not taken: a list goes without, a single field falls back.
            if !feed.is_list {
                last = feed.stored.clone();
            }
            continue;
        };
        match value {
            Value::Tools(list) if feed.takes_tools => {
                let id = state.node(edge.source).map(|n| n.node.id.clone()).unwrap_or_default();
                tools.extend(list.into_iter().map(|tool| (id.clone(), tool)));
            }
            Value::List(more) if feed.is_list => items.extend(more),
            Value::Json(Json::Array(more)) if feed.is_list => {
                items.extend(more.into_iter().map(Value::from));
            }
            value if feed.is_list => items.push(value),
            value => last = Some(value),
        }
    }
    if !tools.is_empty() {
        items.push(Value::Tools(unique(tools)));
    }
    let value =
        if feed.is_list || (last.is_none() && !items.is_empty()) { Some(Value::List(items)) } else { last };
    Ok(match (value, &feed.wrap) {
        (Some(value), Some(key)) if !feed.is_list => {
            let mut map = JsonMap::new();
            map.insert(key.clone(), value.to_json());
            Some(Value::Json(Json::Object(map)))
        }
        (value, _) => value,
    })
}

/// The value an edge brings; `None` when its branch was not taken or its cycle not yet round.
fn delivered(state: &RunState, at: usize, edge: &PlanEdge) -> Result<Option<Value>, Fault> {
    if let Some(built) = state.built(edge.source) {
        return Ok(Some(built.value(edge.output).cloned().unwrap_or_default()));
    }
    let marks = state.marks.lock();
    let cycle = |at| state.node(at).and_then(|n| n.cycle);
    let same_cycle = cycle(at).is_some() && cycle(at) == cycle(edge.source);
    if same_cycle || marks.is_excluded(edge.source) || !marks.selection.keeps(edge.source) {
        return Ok(None);
    }
    let name = state.node(edge.source).map(|n| n.node.display_name.clone()).unwrap_or_default();
    Err(Fault::missing(format!("Component {name} has not been built yet")))
}

/// Parameters as a user may see them: no secrets, no handles.
pub(super) fn shown(params: &Params) -> JsonMap {
    params
        .iter()
        .filter_map(|(name, value)| {
            let json = match value {
                Value::Secret(_) => Json::String("*****".into()),
                Value::Message(message) => Json::String(message.text.clone()),
                Value::Model(_) | Value::Embedder(_) | Value::Vectors(_) | Value::Memory(_) => {
                    return None;
                }
                other => other.to_json(),
            };
            Some((name.to_owned(), json))
        })
        .collect()
}

/// The model a node's parameters name, for the source of its messages.
pub(super) fn model_name(params: &Params) -> Option<String> {
    let text = |name: &str| match params.get(name) {
        Some(Value::Json(Json::String(s))) if !s.is_empty() => Some(s.clone()),
        _ => None,
    };
    let picked = |value: &Value| match value {
        Value::Json(Json::Array(items)) => {
            items.first().and_then(|m| m.get("name")).and_then(Json::as_str).map(str::to_owned)
        }
        Value::Model(model) => Some(model.info().model.clone()),
        Value::List(items) => match items.first() {
            Some(Value::Model(model)) => Some(model.info().model.clone()),
            _ => None,
        },
        _ => None,
    };
    params
        .get("model")
        .and_then(picked)
        .or_else(|| text("model_name"))
        .or_else(|| text("model_id"))
        .or_else(|| text("model"))
}
