//! A run begins to wait.

use super::card;
use super::stored::{Setup, Stored};
use crate::runs::journal::Journal;
use crate::{App, AppResult};
use langflow_core::run::HumanRequest;
use langflow_core::value::Usage;
use langflow_core::{Fault, Message};
use langflow_engine::Plan;
use langflow_engine::run::{Checkpoint, Failure, error_message};
use langflow_store::suspended::{self, SuspendedRun};
use std::sync::Arc;

/// What came of it.
pub(in crate::runs) enum Pause {
    /// The run waits, and will after a crash too. The message shows the question.
    Waits { request: HumanRequest, card: Arc<Message> },
    /// The run cannot wait and has to fail; the message says why.
    Refused { failure: Failure, message: Arc<Message> },
    /// The run was stopped meanwhile.
    Ended,
}

/// Stores what the run is continued from.
pub(in crate::runs) async fn suspend(
    app: &App,
    journal: &Journal,
    plan: &Plan,
    setup: Setup,
    checkpoint: Checkpoint,
    usage: Option<Usage>,
) -> AppResult<Pause> {
    let head = journal.head();
    let asking = checkpoint.pending_node().and_then(|id| plan.index(id));
    let (Some(request), Some(graph)) = (checkpoint.pending().cloned(), plan.document().cloned()) else {
        return Ok(refused(app, journal, plan, asking, Fault::bug("a run waits for nobody")).await);
    };
    let most = app.settings.runs.max_suspended;
    if suspended::count(&app.store, head.owner).await? >= most {
        let fault = Fault::refused(format!(
            "The run cannot wait: {most} runs of yours wait already. Answer or stop some of them"
        ));
        return Ok(refused(app, journal, plan, asking, fault).await);
    }
    let state = match Stored::new(setup, graph, checkpoint).seal(app).await? {
        Ok(state) => state,
        Err(fault) => return Ok(refused(app, journal, plan, asking, fault).await),
    };
    let card = card::card(app, head, &request);
    if !head.session_id.is_empty() {
        journal.messages.keep(&card);
    }
    let row = SuspendedRun {
        run_id: head.id,
        user_id: head.owner,
        request_id: request.request_id.clone(),
        request: (&request.to_json()).into(),
        message_id: card.id.filter(|_| !head.session_id.is_empty()),
        state,
        suspended_at: app.clock.now(),
    };
    if !journal.suspend(usage, row).await? {
        return Ok(Pause::Ended);
    }
    tracing::debug!(run_id = %head.id, "run waits for a human");
    Ok(Pause::Waits { request, card: Arc::new(card) })
}

/// As a node that fails in a run tells it.
async fn refused(app: &App, journal: &Journal, plan: &Plan, node: Option<usize>, fault: Fault) -> Pause {
    let head = journal.head();
    let found = node.and_then(|at| plan.node(at));
    let fault = match found {
        Some(node) => fault.at_node(node.id(), &node.node.display_name),
        None => fault,
    };
    let mut message = match found {
        Some(node) => error_message(node, &fault, &head.session_id),
        None => Message::from_text(fault.message().to_owned()),
    };
    message.id = Some(app.ids.ordered());
    message.timestamp = app.clock.now();
    message.flow_id = Some(head.flow_id);
    message.run_id = Some(head.id);
    if !head.session_id.is_empty() {
        journal.messages.keep(&message);
    }
    Pause::Refused { failure: Failure { node, fault }, message: Arc::new(message) }
}
