//! One iteration of a loop's body (engine.md 2.12).

use super::failure::node_text;
use super::limits::exceeded;
use super::node::Built;
use super::scheduler;
use super::state::{ClearOnDrop, RunState};
use crate::plan::{Plan, PlanEdge, Selection};
use langflow_core::{Fault, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The nodes of a loop's body, and the edge that feeds back.
struct Body<'a> {
    /// What the item reaches, up to the node that feeds back.
    reached: BTreeSet<usize>,
    /// What these need besides.
    needed: BTreeSet<usize>,
    /// The output that gives the item.
    item: usize,
    feedback: Option<&'a PlanEdge>,
}

fn body(plan: &Plan, at: usize) -> Body<'_> {
    let node = plan.node(at);
    let edges = |list: Option<&Vec<usize>>| -> Vec<&PlanEdge> {
        list.into_iter().flatten().filter_map(|e| plan.edges.get(*e)).collect()
    };
    let item = node
        .and_then(|n| {
            n.outputs.iter().position(|o| o.allows_loop).or_else(|| {
                n.outputs.iter().position(|o| o.declared.as_deref() == Some("item") || o.name == "item")
            })
        })
        .unwrap_or(0);
    let feedback = edges(node.map(|n| &n.in_edges)).into_iter().find(|e| e.is_feedback);
    let last = feedback.map(|e| e.source);
    let mut reached = BTreeSet::new();
    let mut work: Vec<usize> = edges(node.map(|n| &n.out_edges))
        .into_iter()
        .filter(|e| e.output == item)
        .map(|e| e.target)
        .collect();
    while let Some(v) = work.pop() {
        if v != at && reached.insert(v) && Some(v) != last {
            work.extend(plan.node(v).into_iter().flat_map(|n| n.successors.iter().copied()));
        }
    }
    let mut needed = BTreeSet::new();
    let mut work: Vec<usize> = reached.iter().copied().collect();
    while let Some(v) = work.pop() {
        for p in plan.node(v).into_iter().flat_map(|n| n.predecessors.iter().copied()) {
            if p != at && !reached.contains(&p) && needed.insert(p) {
                work.push(p);
            }
        }
    }
    Body { reached, needed, item, feedback }
}

/// Runs the body once on fresh results. What the body needs from outside is taken from the run where it is
/// there already, and runs with the body otherwise.
pub(super) async fn run_body(
    state: &Arc<RunState>,
    at: usize,
    item: Value,
    index: usize,
) -> Result<Value, Fault> {
    let limit = state.request.limits.depth;
    if state.loop_depth >= limit {
        return Err(exceeded("depth of nested loops", limit));
    }
    let plan = &state.plan;
    let body = body(plan, at);
    let outputs = plan.node(at).map_or(0, |n| n.outputs.len());
    let outside: Vec<(usize, Arc<Built>)> =
        body.needed.iter().filter_map(|v| state.built(*v).map(|b| (*v, b))).collect();
    let nodes: Vec<usize> = body
        .reached
        .iter()
        .chain(&body.needed)
        .copied()
        .filter(|v| !outside.iter().any(|(o, _)| o == v))
        .collect();
    let selection = Selection::of(plan, &nodes);
    let item = Arc::new(Built::single(outputs, body.item, item));
    let iteration = state.iteration(selection, at, item);
    let _clear = ClearOnDrop(Arc::clone(&iteration));
    for (v, built) in outside {
        iteration.bring(v, built);
    }
    if let Some(failure) = scheduler::drive(&iteration).await {
        let text = match failure.node.and_then(|n| plan.node(n)) {
            Some(node) => node_text(node, &failure.fault),
            None => failure.fault.message().to_owned(),
        };
        let mut fault = Fault::new(failure.fault.kind(), format!("Iteration {}: {text}", index + 1));
        if let Some(place) = failure.fault.place() {
            fault = fault.at_node(&place.node_id, &place.component);
            if let Some(field) = &place.field {
                fault = fault.at_field(field.clone());
            }
        }
        return Err(fault);
    }
    let Some(feedback) = body.feedback else { return Ok(Value::Null) };
    let built = iteration.built(feedback.source);
    Ok(built.and_then(|b| b.value(feedback.output).or_else(|| b.first()).cloned()).unwrap_or_default())
}
