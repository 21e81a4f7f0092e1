//! Which nodes may run now: finished, running and left-out ones (engine.md 2.3, 2.11).

use crate::plan::{Plan, Selection};
use std::collections::{BTreeSet, HashMap};

/// Marks of the scheduler.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub selection: Selection,
    /// How often each node has finished.
    done: Vec<u32>,
    running: Vec<bool>,
    failed: Vec<bool>,
    /// Asks a human and has no answer.
    waiting: Vec<bool>,
    /// How many routers leave a node out.
    excluded: Vec<u32>,
    routers: HashMap<usize, Router>,
    /// Listen nodes that were woken; each wakes once.
    pub woken: BTreeSet<usize>,
    /// Nodes to start after the node that runs now.
    pub wake: Vec<usize>,
}

/// What a node has left out.
#[derive(Debug, Default)]
struct Router {
    /// Its outputs that were not taken.
    outputs: BTreeSet<usize>,
    /// The nodes left out for that.
    nodes: Vec<usize>,
    /// Told with every node that ends from now on; otherwise only with the router itself, as a loop tells of its
    /// body.
    is_told: bool,
}

impl Marks {
    pub(super) fn new(selection: Selection, nodes: usize) -> Self {
        Self {
            selection,
            done: vec![0; nodes],
            running: vec![false; nodes],
            failed: vec![false; nodes],
            waiting: vec![false; nodes],
            excluded: vec![0; nodes],
            ..Self::default()
        }
    }

    pub(super) fn is_done(&self, at: usize) -> bool {
        self.done.get(at).is_some_and(|n| *n > 0)
    }

    /// How often a node has finished.
    pub(super) fn done(&self, at: usize) -> u32 {
        self.done.get(at).copied().unwrap_or(0)
    }

    /// As if the node had finished so often here.
    pub(super) fn restore(&mut self, at: usize, times: u32) {
        if let Some(done) = self.done.get_mut(at) {
            *done = times;
        }
    }

    /// Nodes that leave others out: their outputs that were not taken, and whether every node that ends tells of it.
    pub(super) fn routers(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = usize>, bool)> {
        self.routers.iter().map(|(at, router)| (*at, router.outputs.iter().copied(), router.is_told))
    }

    /// The node asks a human: neither it nor what hangs on it runs.
    pub(super) fn wait(&mut self, at: usize) {
        self.set_running(at, false);
        if let Some(waiting) = self.waiting.get_mut(at) {
            *waiting = true;
        }
    }

    fn is_waiting(&self, at: usize) -> bool {
        self.waiting.get(at).copied().unwrap_or(false)
    }

    pub(super) fn is_running(&self, at: usize) -> bool {
        self.running.get(at).copied().unwrap_or(false)
    }

    pub(super) fn is_excluded(&self, at: usize) -> bool {
        self.excluded.get(at).is_some_and(|n| *n > 0)
    }

    /// The node will run next: nobody else may choose it.
    pub(super) fn claim(&mut self, at: usize) {
        self.set_running(at, true);
    }

    /// The claimed node starts, unless it was left out meanwhile; what it left out itself when it last ran
    /// is open again.
    pub(super) fn start(&mut self, at: usize) -> bool {
        if self.is_excluded(at) {
            self.set_running(at, false);
            return false;
        }
        self.release(at);
        true
    }

    fn set_running(&mut self, at: usize, is_running: bool) {
        if let Some(running) = self.running.get_mut(at) {
            *running = is_running;
        }
    }

    pub(super) fn end(&mut self, at: usize, ok: bool) {
        self.set_running(at, false);
        if ok {
            if let Some(done) = self.done.get_mut(at) {
                *done += 1;
            }
        } else if let Some(failed) = self.failed.get_mut(at) {
            *failed = true;
        }
    }

    /// Does nothing hold `at` back any more? Its predecessor `p` does while it has to come first.
    fn holds(&self, p: usize) -> bool {
        self.selection.keeps(p) && !self.is_done(p) && !self.is_excluded(p)
    }

    pub(super) fn pending<'a>(&'a self, plan: &'a Plan, at: usize) -> impl Iterator<Item = usize> + 'a {
        plan.node(at).into_iter().flat_map(|n| n.predecessors.iter().copied()).filter(|p| self.holds(*p))
    }

    /// Whether the node may start now. A node runs again only on a cycle, when a predecessor has finished.
    pub(super) fn is_runnable(&self, plan: &Plan, at: usize) -> bool {
        let Some(node) = plan.node(at) else { return false };
        if !self.selection.keeps(at)
            || self.is_running(at)
            || self.is_waiting(at)
            || self.is_excluded(at)
            || self.failed.get(at).copied().unwrap_or(true)
        {
            return false;
        }
        if self.is_done(at) {
            return node.cycle.is_some() && !node.predecessors.iter().any(|p| self.is_running(*p));
        }
        let mut pending = self.pending(plan, at).peekable();
        if pending.peek().is_none() {
            return true;
        }
        // A loop starts once all it waits for is its own body.
        node.is_loop && node.cycle.is_some() && pending.all(|p| same_cycle(plan, at, p))
    }

    /// When nothing runs and nothing is ready, a cycle has to be entered somewhere: at the first node, in
    /// the order of the file, that waits only for its own cycle and has something to work on.
    pub(super) fn stalled_entry(&self, plan: &Plan) -> Option<usize> {
        self.selection.nodes().find(|&at| {
            let Some(node) = plan.node(at) else { return false };
            node.cycle.is_some()
                && !self.is_done(at)
                && !self.is_excluded(at)
                && !self.failed.get(at).copied().unwrap_or(true)
                // What lies on it goes on with the answer.
                && !self.selection.nodes().any(|w| self.is_waiting(w) && same_cycle(plan, at, w))
                && node.predecessors.iter().any(|p| self.is_done(*p))
                && self.pending(plan, at).all(|p| same_cycle(plan, at, p))
        })
    }

    /// What to start after `at` has finished: its runnable successors, and for those that still wait, what
    /// they wait for (engine.md 2.3). In the order of ids.
    pub(super) fn next_after(&mut self, plan: &Plan, at: usize) -> Vec<usize> {
        let mut next = Vec::new();
        let mut seen = BTreeSet::new();
        let successors = plan.node(at).map(|n| n.successors.as_slice()).unwrap_or_default();
        for &successor in successors {
            if self.is_runnable(plan, successor) {
                next.push(successor);
            } else if !self.is_done(successor) {
                self.pull(plan, successor, &mut seen, &mut next);
            }
        }
        next.append(&mut self.wake);
        next.retain(|n| *n != at || self.is_runnable(plan, *n));
        next.sort_by(|a, b| {
            plan.node(*a)
                .map(super::super::plan::PlanNode::id)
                .cmp(&plan.node(*b).map(super::super::plan::PlanNode::id))
        });
        next.dedup();
        for n in &next {
            self.claim(*n);
        }
        next
    }

    /// Walks back over what `at` waits for and takes what can run.
    fn pull(&self, plan: &Plan, at: usize, seen: &mut BTreeSet<usize>, next: &mut Vec<usize>) {
        let mut work = vec![at];
        while let Some(at) = work.pop() {
            if !self.selection.keeps(at) || self.is_excluded(at) || self.is_running(at) || !seen.insert(at) {
                continue;
            }
            for p in self.pending(plan, at) {
                if self.is_runnable(plan, p) {
                    next.push(p);
                } else {
                    work.push(p);
                }
            }
        }
    }

    /// Leaves out the branches of these outputs of `at`, besides those left out since it started.
    pub(super) fn exclude(
        &mut self,
        plan: &Plan,
        at: usize,
        outputs: impl IntoIterator<Item = usize>,
        is_told: bool,
    ) {
        let mut chosen = self.routers.get(&at).map(|router| router.outputs.clone()).unwrap_or_default();
        chosen.extend(outputs);
        self.release(at);
        let (dead, alive): (Vec<_>, Vec<_>) = plan
            .node(at)
            .into_iter()
            .flat_map(|n| &n.out_edges)
            .filter_map(|e| plan.edges.get(*e))
            .partition(|e| chosen.contains(&e.output));
        let below = |edges: &[&crate::plan::PlanEdge]| {
            let mut seen = BTreeSet::new();
            let mut work: Vec<usize> = edges.iter().map(|e| e.target).collect();
            while let Some(v) = work.pop() {
                // The router itself ends the walk: what a cycle leads back to is its own business.
                if v != at && seen.insert(v) {
                    work.extend(plan.node(v).into_iter().flat_map(|n| n.successors.iter().copied()));
                }
            }
            seen
        };
        let kept = below(&alive);
        let left_out: Vec<usize> = below(&dead).into_iter().filter(|v| !kept.contains(v)).collect();
        for v in &left_out {
            if let Some(count) = self.excluded.get_mut(*v) {
                *count += 1;
            }
        }
        self.routers.insert(at, Router { outputs: chosen, nodes: left_out, is_told });
    }

    /// Opens again what `at` has left out.
    pub(super) fn release(&mut self, at: usize) {
        if let Some(router) = self.routers.remove(&at) {
            for v in router.nodes {
                if let Some(count) = self.excluded.get_mut(v) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }

    /// Nodes left out now, as the end of `at` tells it; in the order of the file.
    pub(super) fn left_out(&self, at: usize) -> Vec<usize> {
        let told = self.routers.iter().filter(|(router, left)| left.is_told || **router == at);
        let told: BTreeSet<usize> = told.flat_map(|(_, left)| left.nodes.iter().copied()).collect();
        self.selection.nodes().filter(|v| told.contains(v)).collect()
    }

    /// Nodes to run at once, though nothing leads to them yet: woken listeners and what follows from them.
    pub(super) fn wake(&mut self, plan: &Plan, at: usize) {
        if !self.woken.insert(at) {
            return;
        }
        let after = crate::plan::reach(plan, [at], |n| &n.successors);
        let mut seeds: Vec<usize> = Vec::new();
        for (v, reached) in after.iter().enumerate() {
            if *reached {
                seeds.push(v);
                if let Some(done) = self.done.get_mut(v) {
                    *done = 0;
                }
            }
        }
        let needed = crate::plan::reach(plan, seeds, |n| &n.predecessors);
        for (v, reached) in needed.iter().enumerate() {
            if *reached {
                self.selection.add(v);
            }
        }
        self.wake.push(at);
    }
}

fn same_cycle(plan: &Plan, a: usize, b: usize) -> bool {
    let cycle = |at| plan.node(at).and_then(|n| n.cycle);
    cycle(a).is_some() && cycle(a) == cycle(b)
}
