//! What the nodes of one run share.

use super::branch::Marks;
use super::events::Ordered;
use super::limits::{Limits, exceeded};
use super::memory::RunMemory;
use super::node::Built;
use super::waiting::{Checkpoint, Counted, Human, kept_value};
use super::{Failure, Outcome, RunRequest};
use crate::plan::{Plan, PlanNode, Selection};
use langflow_core::run::{RunEvent, RunScope};
use langflow_core::value::Usage;
use langflow_core::{Fault, Json, Value};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counted against the budgets; loop bodies count into the same.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    nodes: AtomicU64,
    messages: AtomicU64,
    tokens: AtomicU64,
    iterations: AtomicU64,
    logs: AtomicU64,
    log_bytes: AtomicU64,
    held_bytes: AtomicU64,
    sent_bytes: AtomicU64,
    /// What all runs hold.
    memory: Option<Arc<RunMemory>>,
}

impl Counters {
    pub(super) fn new(memory: Option<Arc<RunMemory>>) -> Self {
        Self { memory, ..Self::default() }
    }

    /// What is counted so far, but for what is held.
    pub(super) fn counted(&self) -> Counted {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counted {
            nodes: read(&self.nodes),
            messages: read(&self.messages),
            sent_bytes: read(&self.sent_bytes),
            tokens: read(&self.tokens),
            iterations: read(&self.iterations),
        }
    }

    /// Counts on from there.
    pub(super) fn restore(&self, counted: Counted) {
        let set = |counter: &AtomicU64, value| counter.store(value, Ordering::Relaxed);
        set(&self.nodes, counted.nodes);
        set(&self.messages, counted.messages);
        set(&self.sent_bytes, counted.sent_bytes);
        set(&self.tokens, counted.tokens);
        set(&self.iterations, counted.iterations);
    }

    pub(super) fn nodes(&self) -> u64 {
        self.nodes.load(Ordering::Relaxed)
    }

    fn count(counter: &AtomicU64, by: u64, limit: u64, budget: &str) -> Result<(), Fault> {
        let now = counter.fetch_add(by, Ordering::Relaxed).saturating_add(by);
        if now > limit { Err(exceeded(budget, limit)) } else { Ok(()) }
    }

    pub(super) fn count_node(&self, limits: &Limits) -> Result<(), Fault> {
        Self::count(&self.nodes, 1, limits.nodes, "number of nodes run")
    }

    pub(super) fn count_message(&self, bytes: usize, limits: &Limits) -> Result<(), Fault> {
        Self::count(&self.messages, 1, limits.messages, "number of messages")?;
        Self::count(&self.sent_bytes, bytes as u64, limits.sent_bytes, "size of all messages")
    }

    pub(super) fn count_tokens(&self, tokens: u64, limits: &Limits) -> Result<(), Fault> {
        Self::count(&self.tokens, tokens, limits.tokens, "number of tokens")
    }

    pub(super) fn count_iteration(&self, limits: &Limits) -> Result<(), Fault> {
        Self::count(&self.iterations, 1, limits.loop_iterations, "number of loop iterations")
    }

    /// Counts a result against the budget for as long as it is held.
    pub(super) fn hold(self: &Arc<Self>, bytes: usize, limits: &Limits) -> Result<Held, Fault> {
        let bytes = bytes as u64;
        let own = self.held_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let has_room = self.memory.as_ref().is_none_or(|memory| memory.hold(bytes, own));
        // From here on: what is refused below is taken back as this is dropped.
        let held = Held { counters: Arc::clone(self), bytes };
        if own > limits.held_bytes {
            return Err(exceeded("size of all results together", format!("{} bytes", limits.held_bytes)));
        }
        match &self.memory {
            Some(memory) if !has_room => {
                Err(exceeded("size of the results of all runs together", format!("{} bytes", memory.limit())))
            }
            _ => Ok(held),
        }
    }

    /// Whether another log line may be kept.
    pub(super) fn count_log(&self, bytes: usize, limits: &Limits) -> bool {
        Self::count(&self.logs, 1, limits.logs, "log").is_ok()
            && Self::count(&self.log_bytes, bytes as u64, limits.log_bytes, "log").is_ok()
    }
}

/// Bytes of a result that count against the budget of its run until this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    counters: Arc<Counters>,
    bytes: u64,
}

impl Held {
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    fn size(&self) -> usize {
        usize::try_from(self.bytes).unwrap_or(usize::MAX)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.counters.held_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        if let Some(memory) = &self.counters.memory {
            memory.release(self.bytes);
        }
    }
}

/// Values under keys of the run, and what they weigh.
#[derive(Default)]
pub(crate) struct Shared {
    values: HashMap<String, (Value, Held)>,
    bytes: usize,
}

impl Shared {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key).map(|(value, _)| value)
    }

    /// The values that are data, as a checkpoint keeps them.
    pub(super) fn kept(&self) -> BTreeMap<String, Json> {
        let values = self.values.iter();
        values.filter_map(|(key, (value, _))| Some((key.clone(), kept_value(value)?))).collect()
    }

    /// Keeps a value in place of the one before. One that is too much is not kept, and the one before stays.
    pub(super) fn put(
        &mut self,
        key: &str,
        value: Value,
        counters: &Arc<Counters>,
        limits: &Limits,
    ) -> Result<(), Fault> {
        let before = self.values.get(key).map_or(0, |(_, held)| held.size());
        let own = value.weight() + key.len();
        let bytes = self.bytes - before + own;
        if bytes > limits.shared_bytes {
            return Err(exceeded("size of what its nodes share", format!("{} bytes", limits.shared_bytes)));
        }
        let held = counters.hold(own, limits)?;
        self.bytes = bytes;
        self.values.insert(key.to_owned(), (value, held));
        Ok(())
    }
}

/// State of one run, or of one iteration of a loop in it.
pub(crate) struct RunState {
    pub plan: Arc<Plan>,
    pub scope: Arc<RunScope>,
    pub request: Arc<RunRequest>,
    pub counters: Arc<Counters>,
    pub events: Option<Arc<Ordered>>,
    /// Values under the keys of the run: Notify, counters.
    pub shared: Arc<Mutex<Shared>>,
    pub marks: Mutex<Marks>,
    /// What is asked and answered.
    pub human: Mutex<Human>,
    slots: Mutex<Vec<Option<Arc<Built>>>>,
    /// Inside a loop's body; events are shorter.
    pub in_loop: bool,
    /// How many loop bodies this one stands in. Two loops that stand in each other have no end.
    pub(super) loop_depth: u32,
}

impl RunState {
    pub(super) fn new(
        plan: Arc<Plan>,
        scope: Arc<RunScope>,
        request: Arc<RunRequest>,
        selection: Selection,
        counters: Arc<Counters>,
        events: Option<Arc<Ordered>>,
    ) -> Arc<Self> {
        let slots = Mutex::new(vec![None; plan.nodes.len()]);
        Arc::new(Self {
            marks: Mutex::new(Marks::new(selection, plan.nodes.len())),
            human: Mutex::default(),
            plan,
            scope,
            request,
            counters,
            events,
            shared: Arc::default(),
            slots,
            in_loop: false,
            loop_depth: 0,
        })
    }

    /// The state of one iteration: same run, fresh results, and the value of the loop's item.
    pub(super) fn iteration(&self, selection: Selection, at: usize, item: Arc<Built>) -> Arc<Self> {
        let nodes = self.plan.nodes.len();
        let iteration = Arc::new(Self {
            plan: Arc::clone(&self.plan),
            scope: Arc::clone(&self.scope),
            request: Arc::clone(&self.request),
            counters: Arc::clone(&self.counters),
            events: self.events.clone(),
            shared: Arc::clone(&self.shared),
            marks: Mutex::new(Marks::new(selection, nodes)),
            human: Mutex::default(),
            slots: Mutex::new(vec![None; nodes]),
            in_loop: true,
            loop_depth: self.loop_depth + 1,
        });
        iteration.bring(at, item);
        iteration
    }

    /// Takes a result from outside, as if its node had run here: a loop that is the first node of another's body
    /// starts because what it works on is there.
    pub(super) fn bring(&self, at: usize, built: Arc<Built>) {
        self.put(at, built);
        self.marks.lock().end(at, true);
    }

    pub(super) fn node(&self, at: usize) -> Option<&PlanNode> {
        self.plan.node(at)
    }

    pub(super) fn built(&self, at: usize) -> Option<Arc<Built>> {
        self.slots.lock().get(at).cloned().flatten()
    }

    pub(super) fn put(&self, at: usize, built: Arc<Built>) {
        if let Some(slot) = self.slots.lock().get_mut(at) {
            *slot = Some(built);
        }
    }

    /// A fault of the whole run, at the node that was running: the first in the order of the file.
    pub(super) fn at_running(&self, fault: Fault) -> Fault {
        let marks = self.marks.lock();
        let running = marks.selection.nodes().find(|at| marks.is_running(*at));
        let Some(node) = running.and_then(|at| self.node(at)) else { return fault };
        let (id, name) = (&node.node.id, &node.node.display_name);
        Fault::new(fault.kind(), format!("{}, while '{name}' was running", fault.message())).at_node(id, name)
    }

    pub(super) fn selection_now(&self) -> Selection {
        self.marks.lock().selection.clone()
    }

    pub(super) async fn emit(&self, event: RunEvent) {
        if let Some(events) = &self.scope.events {
            events.emit(event).await;
        }
    }

    /// Whether the ends of nodes are told: in builds, and in the bodies of loops, which also tell their starts.
    pub(super) fn reports(&self) -> bool {
        self.request.is_build || self.in_loop
    }

    /// Whether anybody listens.
    pub(super) fn is_watched(&self) -> bool {
        self.scope.events.is_some()
    }

    /// Sends log lines that wait for the next event.
    pub(super) async fn flush_logs(&self) {
        if let Some(events) = &self.events {
            events.flush().await;
        }
    }

    /// First events of a build.
    pub(super) async fn announce(&self, selection: &Selection) {
        if !self.is_watched() {
            return;
        }
        let id = |at: usize| self.node(at).map(|n| n.node.id.clone());
        let ids = selection.first.iter().filter_map(|at| id(*at)).collect();
        let to_run = selection.nodes().filter_map(id).collect();
        self.emit(RunEvent::VerticesSorted { ids, to_run }).await;
        self.emit(RunEvent::BuildStart { id: None }).await;
    }

    /// Lets go of the results. Live handles among them may hold this state: without this they would keep each
    /// other alive.
    pub(super) fn clear(&self) {
        let slots = std::mem::take(&mut *self.slots.lock());
        drop(slots);
        if !self.in_loop {
            let shared = std::mem::take(&mut *self.shared.lock());
            drop(shared);
        }
    }

    pub(super) fn finish(&self, failure: Option<Failure>) -> Outcome {
        let waiting = if failure.is_none() { Checkpoint::of(self) } else { None };
        let built = std::mem::take(&mut *self.slots.lock());
        let mut usage: Option<Usage> = None;
        for one in built.iter().flatten().filter_map(|b| b.usage) {
            *usage.get_or_insert_default() += one;
        }
        Outcome { built, failure, waiting, usage, nodes_run: self.counters.nodes() }
    }
}

/// Clears the state when the run ends, also when it is cancelled.
pub(super) struct ClearOnDrop(pub Arc<RunState>);

impl Drop for ClearOnDrop {
    fn drop(&mut self) {
        self.0.clear();
    }
}
