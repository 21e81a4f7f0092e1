//! What a waiting run is continued from.

use super::super::node::{Built, Output};
use super::super::state::RunState;
use super::values;
use langflow_core::Json;
use langflow_core::run::{HumanDecision, HumanRequest};
use langflow_core::value::Usage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The form of checkpoints; another one cannot be read.
pub(super) const VERSION: u32 = 1;

/// What a waiting run is continued from. Nodes and outputs are named as the flow names them.
///
/// It holds what nodes gave: whoever stores it encrypts it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Checkpoint {
    pub(super) version: u32,
    /// Nodes that the run may run.
    pub(super) kept: Vec<String>,
    pub(super) nodes: Vec<KeptNode>,
    pub(super) routers: Vec<KeptRouter>,
    /// Listen nodes that were woken.
    pub(super) woken: Vec<String>,
    pub(super) shared: BTreeMap<String, Json>,
    pub(super) counted: Counted,
    /// In the order of asking.
    pub(super) waiting: Vec<Waiting>,
    /// Answers that their nodes have not used yet, by node.
    pub(super) answers: BTreeMap<String, HumanDecision>,
    /// How many answers a node has used.
    pub(super) rounds: BTreeMap<String, u32>,
}

/// A node that has run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct KeptNode {
    pub id: String,
    pub done: u32,
    pub outputs: Vec<KeptOutput>,
    pub usage: Option<Usage>,
    pub model_name: Option<String>,
    pub is_frozen: bool,
}

/// An output that was computed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct KeptOutput {
    pub name: String,
    /// `None`: a live value.
    pub value: Option<Json>,
    pub status: Option<Json>,
    /// Name, message, kind.
    pub logs: Vec<(String, Json, String)>,
}

/// A node that left others out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct KeptRouter {
    pub id: String,
    pub outputs: Vec<String>,
    pub is_told: bool,
}

/// A node that asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub node: String,
    pub request: HumanRequest,
}

/// What counts against the budgets of the run.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Counted {
    pub nodes: u64,
    pub messages: u64,
    pub sent_bytes: u64,
    pub tokens: u64,
    pub iterations: u64,
}

impl Checkpoint {
    /// The question that is open now; there may be more after it.
    pub fn pending(&self) -> Option<&HumanRequest> {
        self.waiting.first().map(|waiting| &waiting.request)
    }

    /// The node that asks it.
    pub fn pending_node(&self) -> Option<&str> {
        self.waiting.first().map(|waiting| waiting.node.as_str())
    }

    /// Answers a question. False: it is not open.
    pub fn answer(&mut self, request_id: &str, decision: HumanDecision) -> bool {
        let Some(at) = self.waiting.iter().position(|waiting| waiting.request.request_id == request_id)
        else {
            return false;
        };
        let Waiting { node, .. } = self.waiting.remove(at);
        self.answers.insert(node, decision);
        true
    }

    /// Where the run stands; `None` if it waits for nobody.
    pub(in crate::run) fn of(state: &RunState) -> Option<Self> {
        // In the order in which a run that goes on takes them.
        let marks = state.marks.lock();
        let human = state.human.lock();
        if human.waiting.is_empty() {
            return None;
        }
        let id = |at: usize| state.node(at).map(|node| node.node.id.clone()).unwrap_or_default();
        let nodes = state
            .plan
            .nodes
            .iter()
            .enumerate()
            .filter_map(|(at, _)| Some(kept(state, at, marks.done(at), &*state.built(at)?)));
        let routers = marks.routers().map(|(at, outputs, is_told)| KeptRouter {
            id: id(at),
            outputs: outputs.filter_map(|output| output_name(state, at, output)).collect(),
            is_told,
        });
        let by_id = |(at, rounds): (&usize, &u32)| (id(*at), *rounds);
        Some(Self {
            version: VERSION,
            kept: marks.selection.nodes().map(id).collect(),
            nodes: nodes.collect(),
            routers: routers.collect(),
            woken: marks.woken.iter().map(|at| id(*at)).collect(),
            shared: state.shared.lock().kept(),
            counted: state.counters.counted(),
            waiting: human
                .waiting
                .iter()
                .map(|(at, request)| Waiting { node: id(*at), request: request.clone() })
                .collect(),
            answers: human.answers.iter().map(|(at, decision)| (id(*at), decision.clone())).collect(),
            rounds: human.rounds.iter().map(by_id).collect(),
        })
    }
}

/// A shared value as it is kept; live ones are not.
pub(crate) fn kept_value(value: &langflow_core::Value) -> Option<Json> {
    values::encode(value)
}

fn output_name(state: &RunState, at: usize, output: usize) -> Option<String> {
    Some(state.node(at)?.outputs.get(output)?.name.clone())
}

fn kept(state: &RunState, at: usize, done: u32, built: &Built) -> KeptNode {
    let outputs = built.outputs.iter().enumerate().filter_map(|(index, output)| {
        let Output { value, status, logs } = output.as_ref()?;
        Some(KeptOutput {
            name: output_name(state, at, index)?,
            value: values::encode(value),
            status: status.as_ref().and_then(values::encode),
            logs: logs.iter().map(|l| (l.name.clone(), l.message.clone(), l.kind.clone())).collect(),
        })
    });
    KeptNode {
        id: state.node(at).map(|node| node.node.id.clone()).unwrap_or_default(),
        done,
        outputs: outputs.collect(),
        usage: built.usage,
        model_name: built.model_name.clone(),
        is_frozen: built.is_frozen,
    }
}
