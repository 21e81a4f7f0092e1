//! Going on from a checkpoint.

use super::super::node::{self, Built, Output};
use super::super::state::RunState;
use super::super::{Failure, scheduler};
use super::checkpoint::{Checkpoint, KeptNode, VERSION};
use super::values;
use crate::plan::Plan;
use langflow_core::run::Log;
use langflow_core::{Fault, FaultKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Runs on from a checkpoint. Gives the first failure.
pub(in crate::run) async fn resume(state: &Arc<RunState>, checkpoint: &Checkpoint) -> Option<Failure> {
    let (ready, live) = match restore(state, checkpoint) {
        Ok(restored) => restored,
        Err(fault) => return Some(Failure { node: None, fault }),
    };
    for (at, outputs) in in_order(&state.plan, needed(state, live)) {
        if let Err(fault) = rebuild(state, at, &outputs).await {
            let Some(node) = state.node(at) else { continue };
            let fault = fault.at_node(&node.node.id, &node.node.display_name);
            state.report_failure(node, &fault).await;
            return Some(Failure { node: Some(at), fault });
        }
    }
    scheduler::drive_from(state, ready).await
}

/// A node with outputs that have to be made anew.
type Live = (usize, Vec<usize>);

/// Takes over what a checkpoint says. Gives the nodes to run, and those with live outputs.
fn restore(state: &Arc<RunState>, checkpoint: &Checkpoint) -> Result<(Vec<usize>, Vec<Live>), Fault> {
    let changed = |what: &str| {
        Fault::new(FaultKind::Invalid, format!("The waiting run cannot go on: {what} is not there any more"))
    };
    if checkpoint.version != VERSION {
        return Err(Fault::invalid(
            "The waiting run cannot go on: another version of the server has stored it",
        ));
    }
    let plan = &state.plan;
    let find = |id: &str| plan.index(id).ok_or_else(|| changed(&format!("the node {id}")));
    state.counters.restore(checkpoint.counted);
    let mut live = Vec::new();
    for kept in &checkpoint.nodes {
        let at = find(&kept.id)?;
        let (built, missing) = built(state, at, kept)?;
        state.put(at, Arc::new(built));
        if !missing.is_empty() {
            live.push((at, missing));
        }
    }
    let mut ready = Vec::new();
    let mut marks = state.marks.lock();
    for id in &checkpoint.kept {
        marks.selection.add(find(id)?);
    }
    for kept in &checkpoint.nodes {
        marks.restore(find(&kept.id)?, kept.done);
    }
    for id in &checkpoint.woken {
        marks.woken.insert(find(id)?);
    }
    for router in &checkpoint.routers {
        let at = find(&router.id)?;
        let outputs = plan.node(at).map(|n| n.outputs.as_slice()).unwrap_or_default();
        let indices = outputs.iter().enumerate().filter(|(_, o)| router.outputs.contains(&o.name));
        marks.exclude(plan, at, indices.map(|(index, _)| index), router.is_told);
    }
    let mut human = state.human.lock();
    for waiting in &checkpoint.waiting {
        let at = find(&waiting.node)?;
        marks.wait(at);
        human.waiting.push((at, waiting.request.clone()));
    }
    for (id, decision) in &checkpoint.answers {
        let at = find(id)?;
        human.answers.insert(at, decision.clone());
        ready.push(at);
    }
    for (id, rounds) in &checkpoint.rounds {
        human.rounds.insert(find(id)?, *rounds);
    }
    drop((human, marks));
    let mut shared = state.shared.lock();
    for (key, json) in &checkpoint.shared {
        let value = values::decode(json.clone()).ok_or_else(|| changed("a shared value"))?;
        shared.put(key, value, &state.counters, &state.request.limits)?;
    }
    Ok((ready, live))
}

/// The result of a node, and which of its outputs are live.
fn built(state: &RunState, at: usize, kept: &KeptNode) -> Result<(Built, Vec<usize>), Fault> {
    let names = state.node(at).map(|n| n.outputs.as_slice()).unwrap_or_default();
    let mut built = Built::default();
    built.outputs = vec![None; names.len()];
    built.usage = kept.usage;
    built.model_name.clone_from(&kept.model_name);
    built.is_frozen = kept.is_frozen;
    let mut missing = Vec::new();
    for output in &kept.outputs {
        let Some(index) = names.iter().position(|o| o.name == output.name) else { continue };
        let Some(json) = &output.value else {
            missing.push(index);
            continue;
        };
        let value = values::decode(json.clone())
            .ok_or_else(|| Fault::invalid(format!("The result of {} cannot be read any more", kept.id)))?;
        built.hold(&value, state)?;
        let status = output.status.clone().and_then(values::decode);
        let logs = output.logs.iter().map(|(name, message, kind)| Log {
            name: name.clone(),
            message: message.clone(),
            kind: kind.clone(),
        });
        if let Some(slot) = built.outputs.get_mut(index) {
            *slot = Some(Output { value, status, logs: logs.collect() });
        }
    }
    Ok((built, missing))
}

/// Of the nodes with live outputs those that something still works with: nodes that have not run, those that may run
/// again, and what makes these live outputs in turn.
fn needed(state: &RunState, live: Vec<Live>) -> Vec<Live> {
    let marks = state.marks.lock();
    let may_run = |at: usize| !marks.is_done(at) || state.node(at).is_some_and(|n| n.cycle.is_some());
    let mut wanted: BTreeSet<usize> = BTreeSet::new();
    loop {
        let more: Vec<usize> = live
            .iter()
            .map(|(at, _)| *at)
            .filter(|at| !wanted.contains(at))
            .filter(|at| {
                let after = state.node(*at).map(|n| n.successors.as_slice()).unwrap_or_default();
                after.iter().any(|s| may_run(*s) || wanted.contains(s))
            })
            .collect();
        if more.is_empty() {
            break;
        }
        wanted.extend(more);
    }
    live.into_iter().filter(|(at, _)| wanted.contains(at)).collect()
}

/// What others are made of comes first.
fn in_order(plan: &Plan, mut live: Vec<Live>) -> Vec<Live> {
    let mut ordered = Vec::with_capacity(live.len());
    while !live.is_empty() {
        let waits = |at: usize| {
            let before = plan.node(at).map(|n| n.predecessors.as_slice()).unwrap_or_default();
            live.iter().any(|(other, _)| *other != at && before.contains(other))
        };
        // On a cycle there is no first one.
        let next = live.iter().position(|(at, _)| !waits(*at)).unwrap_or(0);
        ordered.push(live.remove(next));
    }
    ordered
}

/// Makes the live outputs of a node anew. Nobody is told: it has run before.
async fn rebuild(state: &Arc<RunState>, at: usize, outputs: &[usize]) -> Result<(), Fault> {
    let fresh = node::rebuild(state, at, outputs).await?;
    let mut built = state.built(at).map(Arc::unwrap_or_clone).unwrap_or_default();
    built.take_over(fresh, outputs);
    state.put(at, Arc::new(built));
    Ok(())
}
