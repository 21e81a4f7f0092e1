//! Runs that wait for a human.
//!
//! A node asks by [`decision`](langflow_core::run::Graph::decision). Without an answer its future is dropped where it
//! stands and the node counts as waiting: what hangs on it does not run, everything else does. When nothing can run any
//! more, the run ends with a [`Checkpoint`]. A run that is given one and an answer goes on from there: results that are
//! data are taken over, live ones are made anew from the parameters of their nodes, and the node that asked runs again.

mod checkpoint;
mod restore;
mod values;

pub use checkpoint::Checkpoint;
pub(super) use checkpoint::{Counted, kept_value};
pub(super) use restore::resume;

use langflow_core::Fault;
use langflow_core::run::{HumanDecision, HumanRequest};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// What is asked and answered in a run, by node index.
#[derive(Debug, Default)]
pub(crate) struct Human {
    /// In the order of asking.
    pub waiting: Vec<(usize, HumanRequest)>,
    /// Answers whose node has not run since.
    pub answers: HashMap<usize, HumanDecision>,
    /// How often a node has got an answer: on a cycle it asks again.
    pub rounds: HashMap<usize, u32>,
}

impl Human {
    /// The node has used its answer.
    pub(super) fn used(&mut self, at: usize) {
        if self.answers.remove(&at).is_some() {
            *self.rounds.entry(at).or_default() += 1;
        }
    }

    /// The name of the node's next question.
    pub(super) fn request_id(&self, at: usize, node: &str, run: impl std::fmt::Display) -> String {
        match self.rounds.get(&at) {
            None | Some(0) => format!("{node}:{run}"),
            Some(rounds) => format!("{node}:{run}:{}", rounds + 1),
        }
    }
}

/// Where a running node leaves its question.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    asked: Mutex<(Option<HumanRequest>, Option<Waker>)>,
}

impl Asking {
    pub(super) fn ask(&self, request: HumanRequest) {
        let mut asked = self.asked.lock();
        asked.0 = Some(request);
        if let Some(waker) = asked.1.take() {
            waker.wake();
        }
    }

    /// Until the node asks.
    pub(super) async fn asked(&self) -> HumanRequest {
        poll_fn(|cx| {
            let mut asked = self.asked.lock();
            match asked.0.take() {
                Some(request) => Poll::Ready(request),
                None => {
                    asked.1 = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

/// Why nothing can be asked, and what to do.
pub(super) fn nobody() -> Fault {
    Fault::unsupported(
        "Nobody can be asked here: the run cannot wait. Run the flow as a workflow (POST /api/v2/workflows with mode \
         \"background\") and answer with POST /api/v2/workflows/{job_id}/resume; in loops, tools and flows within \
         flows nothing can be asked at all.",
    )
}
