//! Running one node.

use super::graph::NodeGraph;
use super::state::{Held, RunState};
use super::told::Told;
use super::waiting::Asking;
use super::{aside, params, tools};
use crate::plan::{PlanNode, PlanOutput};
use langflow_core::component::{Instance, Params};
use langflow_core::run::{Cx, HUMAN_INPUT, HumanRequest, Log};
use langflow_core::value::Usage;
use langflow_core::{Fault, FaultKind, JsonMap, Value};
use std::sync::Arc;

/// The result of a node.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// By output index; `None` where the output was not computed.
    pub outputs: Vec<Option<Output>>,
    pub usage: Option<Usage>,
    /// Name of the model the node works with, if it names one.
    pub model_name: Option<String>,
    /// Taken from an earlier run.
    pub is_frozen: bool,
    /// The parameters as shown to the user: no code, no secrets. Only kept in builds.
    pub inputs: JsonMap,
    /// What it counts against the budget of the run.
    held: Vec<Arc<Held>>,
}

/// What became of a node.
pub(super) enum Ran {
    Built(Arc<Built>),
    /// It asks a human.
    Waits(HumanRequest),
}

/// One computed output.
#[derive(Clone, Debug, Default)]
pub struct Output {
    pub value: Value,
    /// What the component wants shown instead.
    pub status: Option<Value>,
    pub logs: Vec<Log>,
}

impl Built {
    /// A result with one value.
    pub(super) fn single(outputs: usize, at: usize, value: Value) -> Self {
        let mut all = vec![None; outputs];
        if let Some(slot) = all.get_mut(at) {
            *slot = Some(Output { value, ..Output::default() });
        }
        Self { outputs: all, ..Self::default() }
    }

    pub fn value(&self, output: usize) -> Option<&Value> {
        self.outputs.get(output)?.as_ref().map(|o| &o.value)
    }

    /// Counts a value against the budget of the run for as long as this is there.
    pub(super) fn hold(&mut self, value: &Value, state: &RunState) -> Result<(), Fault> {
        self.held.push(Arc::new(state.counters.hold(value.weight(), &state.request.limits)?));
        Ok(())
    }

    /// Takes these outputs from another result of the node.
    pub(super) fn take_over(&mut self, mut other: Self, outputs: &[usize]) {
        for &index in outputs {
            if let (Some(slot), Some(output)) = (self.outputs.get_mut(index), other.outputs.get_mut(index)) {
                *slot = output.take();
            }
        }
        self.held.append(&mut other.held);
    }

    /// Bytes of the values, roughly.
    pub(super) fn bytes(&self) -> u64 {
        self.held.iter().map(|held| held.bytes()).sum()
    }

    /// No live handle is among the values: these belong to their run and are never kept.
    fn is_data(&self) -> bool {
        self.outputs.iter().flatten().all(|o| {
            matches!(
                o.value,
                Value::Null | Value::Json(_) | Value::Message(_) | Value::Data(_) | Value::Table(_)
            ) || matches!(&o.value, Value::List(items) if items.iter().all(|i| {
                matches!(i, Value::Json(_) | Value::Message(_) | Value::Data(_) | Value::Table(_))
            }))
        })
    }

    /// The first computed value.
    pub fn first(&self) -> Option<&Value> {
        self.outputs.iter().flatten().map(|o| &o.value).next()
    }
}

pub(super) async fn run_node(state: &Arc<RunState>, at: usize) -> Result<Ran, Fault> {
    state.counters.count_node(&state.request.limits)?;
    let node = state.node(at).ok_or_else(|| Fault::bug("a node of the plan is missing"))?;
    if let Some(built) = frozen(state, node) {
        return Ok(Ran::Built(built));
    }
    let asking = Arc::new(Asking::default());
    let built = tokio::select! {
        biased;
        built = compute(state, at, node, None, Some(Arc::clone(&asking))) => Arc::new(built?),
        request = asking.asked() => return Ok(Ran::Waits(request)),
    };
    if let Some(frozen) = &state.request.frozen
        && (state.request.is_build || node.node.frozen)
        && !state.in_loop
        && built.is_data()
    {
        frozen.put(state.scope.flow_id, &node.node.id, Arc::clone(&built));
    }
    Ok(Ran::Built(built))
}

/// Computes some outputs of a node again, without a word to anybody.
pub(super) async fn rebuild(state: &Arc<RunState>, at: usize, outputs: &[usize]) -> Result<Built, Fault> {
    let node = state.node(at).ok_or_else(|| Fault::bug("a node of the plan is missing"))?;
    compute(state, at, node, Some(outputs.to_vec()), None).await
}

fn frozen(state: &RunState, node: &PlanNode) -> Option<Arc<Built>> {
    // Who asks a human asks each time.
    if !node.node.frozen || node.is_loop || node.node.is_any(&[HUMAN_INPUT]) {
        return None;
    }
    let built = state.request.frozen.as_ref()?.get(state.scope.flow_id, &node.node.id)?;
    // An edit may have changed the outputs since.
    (built.outputs.len() == node.outputs.len())
        .then(|| Arc::new(Built { is_frozen: true, usage: None, ..(*built).clone() }))
}

/// Why a node of the plan cannot run at all.
fn broken(node: &PlanNode) -> Option<Fault> {
    if let Some(problem) = &node.problem {
        return Some(Fault::unsupported(problem.message.clone()));
    }
    let faults: Vec<Fault> = node
        .field_problems
        .iter()
        .map(|p| Fault::invalid(p.message.clone()).at_field(p.field.clone().unwrap_or_default()))
        .collect();
    (!faults.is_empty()).then(|| Fault::join(faults))
}

/// With `only`, nothing but these outputs is computed, and quietly.
async fn compute(
    state: &Arc<RunState>,
    at: usize,
    node: &PlanNode,
    only: Option<Vec<usize>>,
    asking: Option<Arc<Asking>>,
) -> Result<Built, Fault> {
    if let Some(fault) = broken(node) {
        return Err(fault);
    }
    let params = params::collect(state, at, node).await.map_err(Fault::join)?;
    if params.weight() < aside::LARGE {
        return compute_with(state, at, params, only, asking).await;
    }
    let state = Arc::clone(state);
    aside::run(async move { compute_with(&state, at, params, only, asking).await }).await
}

async fn compute_with(
    state: &Arc<RunState>,
    at: usize,
    params: Params,
    only: Option<Vec<usize>>,
    asking: Option<Arc<Asking>>,
) -> Result<Built, Fault> {
    let node = state.node(at).ok_or_else(|| Fault::bug("a node of the plan is missing"))?;
    let definition = node.definition.as_ref().ok_or_else(|| Fault::bug("the node has no implementation"))?;
    let keeps_inputs = state.request.is_build || state.request.keep_inputs;
    let inputs = if keeps_inputs { params::shown(&params) } else { JsonMap::new() };
    let model_name = params::model_name(&params);
    let graph = Arc::new(NodeGraph::of_node(Arc::clone(state), at, asking, only.is_some()));
    let cx = Cx::new(Arc::clone(&state.scope), Arc::clone(&node.reference), Arc::clone(&graph) as _);
    let tool_params = node.outputs.iter().any(|o| o.is_toolset).then(|| params.clone());
    let only_tools = node.computed.iter().all(|o| node.outputs.get(*o).is_some_and(|o| o.is_toolset));
    let instance = match definition.parse(params) {
        Ok(instance) => Some(instance),
        // Arguments of a tool come with the call: what is missing now may be given then.
        Err(faults) if only_tools && faults.iter().all(|f| f.kind() == FaultKind::Missing) => None,
        Err(faults) => return Err(Fault::join(faults)),
    };
    let mut built = Built { outputs: vec![None; node.outputs.len()], inputs, ..Built::default() };
    for &index in only.as_ref().unwrap_or(&node.computed) {
        let Some(output) = node.outputs.get(index) else { continue };
        graph.begin(&output.name);
        let value = if output.is_toolset {
            let params = tool_params.clone().unwrap_or_default();
            Value::Tools(tools::toolset(state, at, node, instance.as_deref(), params, &cx).await?)
        } else {
            let instance =
                instance.as_deref().ok_or_else(|| Fault::bug("a node without tools was not parsed"))?;
            one_output(instance, output, node, &cx).await?
        };
        check_size(&value, state)?;
        built.hold(&value, state)?;
        let (status, logs) = graph.end();
        if let Some(slot) = built.outputs.get_mut(index) {
            *slot = Some(Output { value: own(value, node, state), status, logs });
        }
    }
    built.usage = graph.usage();
    built.model_name = model_name;
    Ok(built)
}

async fn one_output(
    instance: &dyn Instance,
    output: &PlanOutput,
    node: &PlanNode,
    cx: &Cx,
) -> Result<Value, Fault> {
    let Some(declared) = output.declared.as_deref() else {
        // Nobody reads the output of an old shape: leave it empty. Where an edge needs it, say so.
        return if node.out_edges.is_empty() {
            Ok(Value::Null)
        } else {
            Err(Fault::unsupported(format!(
                "The component '{}' has no output '{}' here",
                node.node.display_name, output.name
            )))
        };
    };
    instance.run_output(declared, cx).await
}

/// Messages belong to the flow that made them, memories to their node.
fn own(value: Value, node: &PlanNode, state: &RunState) -> Value {
    match value {
        Value::Memory(memory) => {
            Value::Memory(Arc::new(Told { memory, component: node.node.display_name.clone() }))
        }
        Value::Message(message) if message.flow_id.is_none() => {
            let mut message = Arc::unwrap_or_clone(message);
            message.flow_id = Some(state.scope.flow_id);
            if message.timestamp == chrono::DateTime::UNIX_EPOCH {
                message.timestamp = state.scope.clock.now();
            }
            Value::Message(Arc::new(message))
        }
        other => other,
    }
}

fn check_size(value: &Value, state: &RunState) -> Result<(), Fault> {
    let limit = state.request.limits.message_bytes;
    let bytes = match value {
        Value::Message(message) => message.text.len(),
        Value::Json(langflow_core::Json::String(text)) => text.len(),
        Value::Table(table) => {
            table.check()?;
            0
        }
        _ => 0,
    };
    if bytes > limit {
        return Err(super::limits::exceeded("size of a message", format!("{limit} bytes")));
    }
    Ok(())
}
