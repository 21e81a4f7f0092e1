//! Running a plan.

mod aside;
mod branch;
mod events;
mod failure;
mod frozen;
mod graph;
mod limits;
mod loops;
mod memory;
mod node;
mod params;
mod scheduler;
mod state;
mod told;
mod tools;
mod waiting;

pub use failure::{Failure, error_message};
pub use frozen::FrozenResults;
pub use limits::Limits;
pub use memory::RunMemory;
pub use node::{Built, Output};
pub use waiting::Checkpoint;

use crate::plan::{Field, Plan, Scope, Selection};
use langflow_core::run::RunScope;
use langflow_core::value::Usage;
use langflow_core::{Fault, FaultKind};
use state::{ClearOnDrop, Counters, RunState};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

/// Which input nodes get the caller's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputType {
    #[default]
    Chat,
    Text,
    Any,
}

/// What to run and how. One value of input; a caller with several runs the plan once for each.
#[derive(Clone, Debug, Default)]
pub struct RunRequest {
    /// Text for the input nodes; `None` leaves what the flow stores.
    pub input_value: Option<String>,
    pub input_type: InputType,
    /// Ids or display names of the nodes that get the text, instead of `input_type`.
    pub input_components: Vec<String>,
    /// Storage paths for the chat input's files.
    pub files: Vec<String>,
    pub scope: Scope,
    /// Keep the parameters of nodes as a user may see them; a build always does.
    pub keep_inputs: bool,
    /// Sets the `stream` field of every node that has one.
    pub stream: Option<bool>,
    /// Fields of tweaked nodes, by node index; see [`RunRequest::tweaked`].
    pub overrides: HashMap<usize, Vec<Field>>,
    /// Report every node as it ends, and go on with other branches after a failure. Otherwise the first
    /// failure ends the run.
    pub is_build: bool,
    pub limits: Limits,
    /// Results of frozen nodes, kept between runs.
    pub frozen: Option<Arc<FrozenResults>>,
    /// What all runs together hold; `None` bounds only each by itself.
    pub memory: Option<Arc<RunMemory>>,
    /// Somebody can answer later: the run may end with a checkpoint, [`Outcome::waiting`]. Otherwise a node that asks a
    /// human fails.
    pub may_wait: bool,
    /// Goes on from there instead of beginning. The run has to be the same: id, flow, scope.
    pub checkpoint: Option<Arc<Checkpoint>>,
}

impl RunRequest {
    /// Takes over templates that [`Plan::tweak`] made.
    pub fn tweaked(mut self, plan: &Plan, templates: Vec<(usize, langflow_core::JsonMap)>) -> Self {
        for (at, template) in templates {
            if let Some(node) = plan.node(at) {
                let (fields, _) = crate::plan::read_fields(node, &template);
                self.overrides.insert(at, fields);
            }
        }
        self
    }
}

/// What became of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// By node index; `None` for nodes that did not run.
    pub built: Vec<Option<Arc<Built>>>,
    /// The first failure; in a build the others are only reported as events.
    pub failure: Option<Failure>,
    /// The run has not ended: it waits for a human. Never beside a failure.
    pub waiting: Option<Checkpoint>,
    /// Tokens of all nodes.
    pub usage: Option<Usage>,
    /// How many times a node ran.
    pub nodes_run: u64,
}

/// Runs a plan to its end, or to its first failure. Dropping the future cancels the run.
pub async fn run(plan: Arc<Plan>, mut scope: RunScope, request: RunRequest) -> Outcome {
    let started = Instant::now();
    let failed =
        |fault: Fault| Outcome { failure: Some(Failure { node: None, fault }), ..Outcome::default() };
    if scope.depth > request.limits.depth {
        return failed(limits::exceeded("depth of nested flows", request.limits.depth));
    }
    let selection = match &request.scope {
        Scope::Inputs => plan.run_selection().clone(),
        build @ Scope::Build { .. } => match plan.select(build) {
            Ok(selection) => selection,
            Err(problem) => return failed(Fault::new(FaultKind::Invalid, problem.message)),
        },
    };
    let counters = Arc::new(Counters::new(request.memory.clone()));
    let events = events::ordered(&mut scope);
    scope.messages = Arc::new(limits::MeteredMessages::new(
        Arc::clone(&scope.messages),
        Arc::clone(&counters),
        request.limits,
    ));
    let wall = request.limits.wall;
    let state = RunState::new(plan, Arc::new(scope), Arc::new(request), selection, counters, events);
    let _clear = ClearOnDrop(Arc::clone(&state));
    // What goes on has been announced before.
    let checkpoint = state.request.checkpoint.clone();
    if state.request.is_build && checkpoint.is_none() {
        state.announce(&state.selection_now()).await;
    }
    let drive = async {
        match &checkpoint {
            Some(checkpoint) => waiting::resume(&state, checkpoint).await,
            None => scheduler::drive(&state).await,
        }
    };
    let result = tokio::time::timeout(wall, drive).await;
    let failure = match result {
        Ok(failure) => failure,
        Err(_) => {
            let fault = limits::exceeded("wall time", format!("{} s", wall.as_secs()));
            Some(Failure { node: None, fault: state.at_running(fault) })
        }
    };
    tracing::debug!(
        run_id = %state.scope.run_id,
        flow_id = %state.scope.flow_id,
        nodes = state.counters.nodes(),
        seconds = started.elapsed().as_secs_f64(),
        failed = failure.is_some(),
        "run ended"
    );
    state.finish(failure)
}

/// The nodes that would run for a scope, for pre-checks.
pub fn selection(plan: &Plan, scope: &Scope) -> Result<Selection, langflow_core::flow::Problem> {
    plan.select(scope)
}
