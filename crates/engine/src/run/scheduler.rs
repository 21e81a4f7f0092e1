//! The ready queue.

use super::Failure;
use super::failure::node_text;
use super::node::{self, Ran};
use super::state::RunState;
use crate::present;
use futures::stream::{FuturesUnordered, StreamExt as _};
use langflow_core::Fault;
use langflow_core::run::RunEvent;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A node that has ended.
struct End {
    at: usize,
    result: Result<Ran, Fault>,
    took: Duration,
}

/// Runs until nothing is left to run, or until the first failure where that ends the run. Gives the first
/// failure.
pub(super) async fn drive(state: &Arc<RunState>) -> Option<Failure> {
    let first = state.marks.lock().selection.first.clone();
    drive_from(state, first).await
}

/// As [`drive`], beginning with these nodes.
pub(super) async fn drive_from(state: &Arc<RunState>, first: Vec<usize>) -> Option<Failure> {
    {
        let mut marks = state.marks.lock();
        for at in &first {
            marks.claim(*at);
        }
    }
    let mut ready: VecDeque<usize> = first.into();
    let mut running = FuturesUnordered::new();
    let mut failure = None;
    loop {
        let mut ended = None;
        while running.len() < state.request.limits.concurrency.max(1) {
            let Some(at) = ready.pop_front() else { break };
            if !state.marks.lock().start(at) {
                continue;
            }
            if running.is_empty() && ready.is_empty() {
                // Alone: no need for the set.
                ended = Some(run_one(Arc::clone(state), at).await);
                break;
            }
            running.push(run_one(Arc::clone(state), at));
        }
        if ended.is_none() {
            ended = running.next().await;
        }
        match ended {
            Some(end) => match settle(state, end).await {
                Ok(next) => ready.extend(next),
                Err(fault) => {
                    let is_fatal = !state.request.is_build || state.in_loop;
                    failure.get_or_insert(fault);
                    if is_fatal {
                        return failure;
                    }
                }
            },
            None if ready.is_empty() => {
                let mut marks = state.marks.lock();
                match marks.stalled_entry(&state.plan) {
                    Some(at) => {
                        marks.claim(at);
                        ready.push_back(at);
                    }
                    None => return failure,
                }
            }
            None => {}
        }
    }
}

async fn run_one(state: Arc<RunState>, at: usize) -> End {
    let started = Instant::now();
    if state.in_loop
        && state.is_watched()
        && let Some(node) = state.node(at)
    {
        state.emit(RunEvent::BuildStart { id: Some(node.node.id.clone()) }).await;
    }
    let result = node::run_node(&state, at).await;
    End { at, result, took: started.elapsed() }
}

/// Takes over a result, tells the listeners and finds what comes next.
async fn settle(state: &Arc<RunState>, end: End) -> Result<Vec<usize>, Failure> {
    let at = end.at;
    let Some(node) = state.node(at) else { return Ok(Vec::new()) };
    match end.result {
        Ok(Ran::Waits(request)) => {
            state.marks.lock().wait(at);
            state.human.lock().waiting.push((at, request));
            state.flush_logs().await;
            Ok(Vec::new())
        }
        Ok(Ran::Built(built)) => {
            state.put(at, Arc::clone(&built));
            state.human.lock().used(at);
            let (next, left_out) = {
                let mut marks = state.marks.lock();
                marks.end(at, true);
                (marks.next_after(&state.plan, at), marks.left_out(at))
            };
            state.flush_logs().await;
            if state.reports() && state.is_watched() {
                let mut build = present::vertex_build(&state.plan, at, &built, &state.scope.session_id);
                build.duration_seconds = end.took.as_secs_f64();
                build.in_loop = state.in_loop;
                build.next_vertices_ids = ids(state, &next);
                build.top_level_vertices = top_level(state, &next);
                build.inactivated_vertices = ids(state, &left_out);
                state.emit(RunEvent::EndVertex(Box::new(build))).await;
            }
            Ok(next)
        }
        Err(fault) => {
            state.marks.lock().end(at, false);
            let fault = fault.at_node(&node.node.id, &node.node.display_name);
            tracing::debug!(
                node = node.node.id,
                component = node.node.display_name,
                field = fault.place().and_then(|p| p.field.as_deref()),
                kind = ?fault.kind(),
                %fault,
                "a component failed"
            );
            // In a loop's body the loop reports.
            if !state.in_loop {
                state.report_failure(node, &fault).await;
            }
            state.flush_logs().await;
            if state.reports() && state.is_watched() {
                let mut build = present::failed_build(node, &node_text(node, &fault));
                build.duration_seconds = end.took.as_secs_f64();
                build.in_loop = state.in_loop;
                build.inactivated_vertices = ids(state, &state.marks.lock().left_out(at));
                state.emit(RunEvent::EndVertex(Box::new(build))).await;
            }
            Err(Failure { node: Some(at), fault })
        }
    }
}

fn ids(state: &RunState, nodes: &[usize]) -> Vec<String> {
    nodes.iter().filter_map(|at| state.node(*at)).map(|n| n.node.id.clone()).collect()
}

/// Nodes inside a group are shown as the group.
fn top_level(state: &RunState, nodes: &[usize]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for node in nodes.iter().filter_map(|at| state.node(*at)) {
        let id = node.node.group.as_ref().unwrap_or(&node.node.id);
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    all
}
