//! The engine's side of a running node: what `core::run::Graph` promises.

use super::loops;
use super::state::RunState;
use super::waiting::{Asking, nobody};
use crate::plan::{PlanEdge, PlanNode, reach};
use langflow_core::run::{Graph, HumanAsk, HumanDecision, HumanRequest, Log, NodeRef, RunEvent};
use langflow_core::value::{Usage, json_weight};
use langflow_core::{Fault, Json, Value, async_trait};
use parking_lot::Mutex;
use std::sync::Arc;

/// One node while it runs.
pub(super) struct NodeGraph {
    state: Arc<RunState>,
    at: usize,
    live: Mutex<Live>,
    /// Where the node leaves a question; a tool has none.
    asking: Option<Arc<Asking>>,
    /// Nobody is told what it logs: it has run before.
    is_quiet: bool,
}

#[derive(Default)]
struct Live {
    output: String,
    logs: Vec<Log>,
    status: Option<Value>,
    usage: Option<Usage>,
}

impl NodeGraph {
    pub(super) fn new(state: Arc<RunState>, at: usize) -> Self {
        Self::of_node(state, at, None, false)
    }

    /// Of a node that runs as such, not as a tool.
    pub(super) fn of_node(
        state: Arc<RunState>,
        at: usize,
        asking: Option<Arc<Asking>>,
        is_quiet: bool,
    ) -> Self {
        Self { state, at, live: Mutex::default(), asking, is_quiet }
    }

    /// An output starts: logs and status from now on are its own.
    pub(super) fn begin(&self, output: &str) {
        let mut live = self.live.lock();
        output.clone_into(&mut live.output);
        live.logs.clear();
        live.status = None;
    }

    pub(super) fn end(&self) -> (Option<Value>, Vec<Log>) {
        let mut live = self.live.lock();
        (live.status.take(), std::mem::take(&mut live.logs))
    }

    pub(super) fn usage(&self) -> Option<Usage> {
        self.live.lock().usage
    }

    fn node(&self) -> Option<&PlanNode> {
        self.state.node(self.at)
    }

    fn out_edges(&self) -> impl Iterator<Item = &PlanEdge> {
        self.node().into_iter().flat_map(|n| &n.out_edges).filter_map(|e| self.state.plan.edges.get(*e))
    }

    /// Indices of the outputs a component means by a name of its declaration.
    fn outputs_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.node()
            .into_iter()
            .flat_map(|n| n.outputs.iter().enumerate())
            .filter(move |(_, o)| o.declared.as_deref() == Some(name) || o.name == name)
            .map(|(at, _)| at)
    }

    fn chat_output(&self) -> Option<&PlanNode> {
        self.out_edges().filter_map(|e| self.state.node(e.target)).find(|n| n.node.is_any(&["ChatOutput"]))
    }
}

#[async_trait]
impl Graph for NodeGraph {
    fn upstream(&self) -> Vec<NodeRef> {
        let edges = self.node().into_iter().flat_map(|n| &n.in_edges);
        let mut seen = Vec::new();
        for edge in edges.filter_map(|e| self.state.plan.edges.get(*e)) {
            if !seen.contains(&edge.source) {
                seen.push(edge.source);
            }
        }
        seen.into_iter()
            .filter_map(|at| {
                let mut reference = NodeRef::clone(&self.state.node(at)?.reference);
                reference.model_name = self.state.built(at).and_then(|b| b.model_name.clone());
                Some(reference)
            })
            .collect()
    }

    fn feeds_chat_output(&self) -> bool {
        self.chat_output().is_some()
    }

    fn chat_output_sender_name(&self) -> Option<String> {
        let field = self.chat_output()?.node.field("sender_name")?;
        field.get("value").and_then(Json::as_str).filter(|s| !s.is_empty()).map(str::to_owned)
    }

    fn fed_by_chat_input(&self) -> bool {
        let edges = self.node().into_iter().flat_map(|n| &n.in_edges);
        edges
            .filter_map(|e| self.state.plan.edges.get(*e))
            .filter_map(|e| self.state.node(e.source))
            .any(|n| n.node.is_any(&["ChatInput"]))
    }

    fn is_connected(&self, output: &str) -> bool {
        self.outputs_named(output).any(|at| self.out_edges().any(|e| e.output == at))
    }

    fn is_fed(&self, field: &str) -> bool {
        self.node().is_some_and(|n| n.is_fed(field))
    }

    fn stop(&self, output: &str) {
        let outputs: Vec<usize> = self.outputs_named(output).collect();
        self.state.marks.lock().exclude(&self.state.plan, self.at, outputs, false);
    }

    fn exclude(&self, outputs: &[&str]) {
        let outputs: Vec<usize> = outputs.iter().flat_map(|name| self.outputs_named(name)).collect();
        let mut marks = self.state.marks.lock();
        marks.release(self.at);
        marks.exclude(&self.state.plan, self.at, outputs, true);
    }

    fn usage_above(&self) -> Option<Usage> {
        let above = reach(&self.state.plan, [self.at], |n| &n.predecessors);
        let mut sum: Option<Usage> = None;
        for (at, is_above) in above.iter().enumerate() {
            if *is_above
                && at != self.at
                && let Some(usage) = self.state.built(at).and_then(|b| b.usage)
            {
                *sum.get_or_insert_default() += usage;
            }
        }
        sum
    }

    async fn run_body(&self, item: Value, index: usize) -> Result<Value, Fault> {
        self.state.counters.count_iteration(&self.state.request.limits)?;
        loops::run_body(&self.state, self.at, item, index).await
    }

    fn put_shared(&self, key: &str, value: Value) -> Result<(), Fault> {
        let state = &self.state;
        state.shared.lock().put(key, value, &state.counters, &state.request.limits)
    }

    fn shared(&self, key: &str) -> Option<Value> {
        self.state.shared.lock().get(key).cloned()
    }

    fn notify(&self, key: &str) {
        let plan = &self.state.plan;
        for (at, node) in plan.nodes.iter().enumerate() {
            let listens = node.node.is_any(&["Listen", "ListenComponent"])
                && node
                    .node
                    .field("context_key")
                    .and_then(|f| f.get("value"))
                    .and_then(Json::as_str)
                    .is_some_and(|stored| stored.contains(key));
            if listens {
                self.state.marks.lock().wake(plan, at);
            }
        }
    }

    fn log(&self, log: Log) {
        if !self.state.counters.count_log(json_weight(&log.message), &self.state.request.limits) {
            return;
        }
        let mut live = self.live.lock();
        if let (Some(events), Some(node)) = (&self.state.events, self.node())
            && !self.is_quiet
        {
            events.queue(RunEvent::Log {
                component_id: node.node.id.clone(),
                output: live.output.clone(),
                log: log.clone(),
            });
        }
        live.logs.push(log);
    }

    async fn decision(&self, ask: HumanAsk) -> Result<HumanDecision, Fault> {
        let state = &self.state;
        let may_wait = state.request.may_wait && !state.in_loop && state.scope.depth == 0;
        let (Some(asking), Some(node)) = (self.asking.as_ref().filter(|_| may_wait), self.node()) else {
            return Err(nobody());
        };
        let request_id = {
            let human = state.human.lock();
            if let Some(decision) = human.answers.get(&self.at) {
                return Ok(decision.clone());
            }
            human.request_id(self.at, node.id(), state.scope.run_id)
        };
        let now = state.scope.clock.now();
        asking.ask(HumanRequest::new(ask, request_id, state.scope.run_id, now));
        // The engine lets go of the node.
        std::future::pending().await
    }

    fn set_status(&self, status: Value) {
        self.live.lock().status = Some(status);
    }

    fn add_usage(&self, usage: Usage) -> Result<(), Fault> {
        *self.live.lock().usage.get_or_insert_default() += usage;
        self.state.counters.count_tokens(usage.total_tokens, &self.state.request.limits)
    }
}
