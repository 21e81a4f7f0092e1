//! Budgets of a run. A runaway flow ends with a fault that names the budget.

use super::state::Counters;
use langflow_core::run::{HistoryQuery, Messages};
use langflow_core::{Fault, FaultKind, Message, async_trait};
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

/// Bounds of one run, nested runs apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall time from start to end.
    pub wall: Duration,
    /// How many times nodes may run, loop iterations included.
    pub nodes: u64,
    /// Nodes that run at the same time.
    pub concurrency: usize,
    /// How deep flows may call flows.
    pub depth: u32,
    /// Size of one message's text, in bytes.
    pub message_bytes: usize,
    /// Messages stored or updated.
    pub messages: u64,
    /// Text of all messages stored or updated together, in bytes.
    pub sent_bytes: u64,
    /// Tokens of all models together.
    pub tokens: u64,
    pub loop_iterations: u64,
    /// Results that the run holds at a time, all together, in bytes.
    pub held_bytes: u64,
    /// Log lines kept.
    pub logs: u64,
    /// Log lines kept, all together, in bytes.
    pub log_bytes: u64,
    /// What the nodes of a run share under keys (Notify, a component's context), all together, in bytes.
    pub shared_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Duration::from_mins(15),
            nodes: 20_000,
            concurrency: 16,
            depth: 8,
            message_bytes: 8 << 20,
            messages: 5_000,
            sent_bytes: 256 << 20,
            tokens: 10_000_000,
            loop_iterations: 10_000,
            held_bytes: 512 << 20,
            logs: 10_000,
            log_bytes: 1 << 20,
            shared_bytes: 64 << 20,
        }
    }
}

/// The fault of a budget that is used up.
pub(crate) fn exceeded(budget: &str, limit: impl Display) -> Fault {
    Fault::new(FaultKind::Budget, format!("The run reached its budget: {budget} (limit {limit})"))
}

/// Counts messages on their way to the store, and bounds their size.
pub(super) struct MeteredMessages {
    inner: Arc<dyn Messages>,
    counters: Arc<Counters>,
    limits: Limits,
}

impl MeteredMessages {
    pub(super) fn new(inner: Arc<dyn Messages>, counters: Arc<Counters>, limits: Limits) -> Self {
        Self { inner, counters, limits }
    }
}

#[async_trait]
impl Messages for MeteredMessages {
    async fn save(&self, message: &Message) -> Result<(), Fault> {
        if message.text.len() > self.limits.message_bytes {
            return Err(exceeded("size of a message", format!("{} bytes", self.limits.message_bytes)));
        }
        self.counters.count_message(message.text.len(), &self.limits)?;
        self.inner.save(message).await
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Message>, Fault> {
        self.inner.history(query).await
    }
}
