//! The world of one run.

use super::journal::{Journal, RunHead};
use super::nested::NestedFlows;
use crate::custom::RunCode;
use crate::files::RunFiles;
use crate::knowledge::UserVectors;
use crate::mcp_servers::UserMcpServers;
use crate::variables::{Overrides, RunVariables};
use crate::{App, Principal, memories};
use langflow_core::run::{Events, RunScope};
use std::sync::Arc;

/// What a run sees of its caller.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub who: Principal,
    pub overrides: Overrides,
    /// How deep the run is nested in others.
    pub depth: u32,
    /// Somebody without an account started it.
    pub is_public: bool,
}

impl Caller {
    /// Tells the memories of the flow that a run of it has ended well. Strangers' runs and nested ones do not count.
    pub(super) async fn remember(&self, app: &Arc<App>, head: &RunHead) {
        if !self.is_public && self.depth == 0 {
            memories::capture(app, head.owner, head.flow_id, &head.session_id).await;
        }
    }
}

pub(super) fn scope(
    app: &Arc<App>,
    caller: &Caller,
    head: &RunHead,
    flow_name: &str,
    journal: &Journal,
    stream: bool,
    events: Option<Arc<dyn Events>>,
) -> RunScope {
    let vectors = if caller.is_public {
        UserVectors::for_visitor(Arc::clone(app), head.owner, head.session_id.clone())
    } else {
        UserVectors::new(Arc::clone(app), head.owner)
    };
    let variables = Arc::new(RunVariables::new(app, head.owner, caller.overrides.clone()));
    RunScope {
        run_id: head.id,
        flow_id: head.flow_id,
        flow_name: flow_name.to_owned(),
        user_id: Some(head.owner),
        session_id: head.session_id.clone(),
        stream,
        depth: caller.depth,
        clock: Arc::clone(&app.clock),
        ids: Arc::clone(&app.ids),
        variables: Arc::clone(&variables) as _,
        messages: Arc::clone(&journal.messages) as _,
        files: Arc::new(RunFiles { app: Arc::clone(app), who: caller.who.clone(), flow_id: head.flow_id }),
        egress: Arc::clone(&app.egress),
        code: Arc::new(RunCode {
            app: Arc::clone(app),
            is_superuser: caller.who.is_superuser,
            is_public: caller.is_public,
        }),
        flows: Arc::new(NestedFlows { app: Arc::clone(app), caller: caller.clone() }),
        databases: Some(Arc::clone(&app.databases)),
        mcp: Arc::new(UserMcpServers::new(app, head.owner, variables as _)),
        vectors: Arc::new(vectors),
        events,
    }
}
