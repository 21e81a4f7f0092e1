//! What a run needs of a flow, worked out once.

mod compile;
mod cycles;
mod fields;
mod select;
mod types;

pub use compile::compile;
pub(crate) use compile::read_fields;
pub use fields::{Field, Prepared, prepare};
pub(crate) use select::reach;
pub use select::{Scope, Selection};

use langflow_core::component::Definition;
use langflow_core::flow::{Node, Problem};
use langflow_core::run::{HUMAN_INPUT, NodeRef};
use langflow_core::{Json, JsonMap, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// A flow ready to run. Immutable and shared between runs.
pub struct Plan {
    /// In the order of the file.
    pub nodes: Vec<PlanNode>,
    pub edges: Vec<PlanEdge>,
    by_id: HashMap<String, usize>,
    /// What `/run` runs.
    run_selection: Selection,
    /// The flow as it was given, where a node may ask a human: a run that waits is compiled anew.
    document: Option<Json>,
}

/// A node with everything that does not change between runs.
pub struct PlanNode {
    pub node: Node,
    /// The node as other nodes see it.
    pub reference: Arc<NodeRef>,
    /// The implementation; `None` with a `problem` where there is none.
    pub definition: Option<Arc<dyn Definition>>,
    /// Why the node cannot run.
    pub problem: Option<Problem>,
    pub is_input: bool,
    pub is_output: bool,
    /// Results of interface nodes appear in answers.
    pub is_interface: bool,
    /// Chat Input or Chat Output.
    pub is_chat: bool,
    pub is_loop: bool,
    pub has_session_id: bool,
    /// Fields with a literal or a variable, in template order; fields fed by edges are left out.
    pub fields: Vec<Field>,
    /// Fields whose stored value cannot be read.
    pub field_problems: Vec<Problem>,
    /// Fields fed by edges.
    pub feeds: Vec<Feed>,
    pub outputs: Vec<PlanOutput>,
    /// Which outputs are computed, by index, in declared order.
    pub computed: Vec<usize>,
    pub in_edges: Vec<usize>,
    pub out_edges: Vec<usize>,
    /// Distinct, in the order of their ids.
    pub successors: Vec<usize>,
    /// Distinct.
    pub predecessors: Vec<usize>,
    /// Number of the strongly connected component, for nodes on a cycle.
    pub cycle: Option<usize>,
}

/// An output as the stored node names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanOutput {
    pub name: String,
    pub display_name: String,
    pub types: Vec<String>,
    /// The output of the component that is meant; `None` if it has no such output.
    pub declared: Option<Cow<'static, str>>,
    /// The node offered as tools.
    pub is_toolset: bool,
    pub allows_loop: bool,
}

/// An edge between nodes of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanEdge {
    pub source: usize,
    pub target: usize,
    /// Index into the outputs of `source`.
    pub output: usize,
    pub field: String,
    /// Ends at an output of a loop.
    pub is_feedback: bool,
}

/// A field fed by edges.
#[derive(Clone, Debug)]
pub struct Feed {
    pub field: String,
    /// Values are appended; otherwise the last edge wins.
    pub is_list: bool,
    /// Tools arrive here: names are made unique.
    pub takes_tools: bool,
    /// The stored value is an object with this one key: the result is put under it.
    pub wrap: Option<String>,
    /// What the field gets from an edge whose branch was not taken.
    pub stored: Option<Value>,
    pub edges: Vec<usize>,
}

impl Plan {
    pub fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub fn node(&self, at: usize) -> Option<&PlanNode> {
        self.nodes.get(at)
    }

    /// What `/run` runs: everything a chat or webhook input leads to, and what that needs.
    pub fn run_selection(&self) -> &Selection {
        &self.run_selection
    }

    /// Whether a node asks a human: what is asked has to lead somewhere.
    pub fn asks_human(&self) -> bool {
        self.nodes.iter().any(|n| n.node.is_any(&[HUMAN_INPUT]) && !n.out_edges.is_empty())
    }

    /// The flow as it was given, where a node [asks a human](Self::asks_human).
    pub fn document(&self) -> Option<&Json> {
        self.document.as_ref()
    }

    /// Templates that tweaks change, by node index.
    pub fn tweak(
        &self,
        tweaks: &JsonMap,
        policy: langflow_core::flow::tweaks::TweakPolicy,
    ) -> Result<Vec<(usize, JsonMap)>, langflow_core::flow::tweaks::Refusal> {
        let nodes: Vec<&Node> = self.nodes.iter().map(|n| &n.node).collect();
        langflow_core::flow::tweaks::apply(&nodes, tweaks, policy)
    }

    /// Problems of the nodes a selection runs: unknown components, unreadable fields.
    pub fn problems(&self, selection: &Selection) -> Vec<&Problem> {
        self.nodes
            .iter()
            .enumerate()
            .filter(|(at, _)| selection.keeps(*at))
            .flat_map(|(_, n)| n.problem.iter().chain(&n.field_problems))
            .collect()
    }
}

impl PlanNode {
    pub fn id(&self) -> &str {
        &self.node.id
    }

    pub fn is_fed(&self, field: &str) -> bool {
        self.feeds.iter().any(|f| f.field == field)
    }
}
