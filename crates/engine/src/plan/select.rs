//! Which nodes of a plan run, and which first (engine.md 2.2, 2.3).

use super::{Plan, PlanNode};
use langflow_core::flow::{Problem, ProblemKind};

/// The nodes that may run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    kept: Vec<bool>,
    /// Nodes to start with, in the order of their ids.
    pub first: Vec<usize>,
}

/// What somebody wants to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// What the chat or webhook input leads to, and what that needs.
    #[default]
    Inputs,
    /// The whole graph, or from or up to one node.
    Build { start: Option<String>, stop: Option<String> },
}

impl Selection {
    pub fn keeps(&self, at: usize) -> bool {
        self.kept.get(at).copied().unwrap_or(false)
    }

    /// Kept nodes in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = usize> + '_ {
        self.kept.iter().enumerate().filter_map(|(at, kept)| kept.then_some(at))
    }

    pub(crate) fn add(&mut self, at: usize) {
        if let Some(kept) = self.kept.get_mut(at) {
            *kept = true;
        }
    }

    /// A selection of exactly these nodes; first are those without predecessor among them.
    pub(crate) fn of(plan: &Plan, nodes: &[usize]) -> Self {
        let mut selection = Self { kept: vec![false; plan.nodes.len()], first: Vec::new() };
        for &at in nodes {
            selection.add(at);
        }
        selection.first = nodes
            .iter()
            .copied()
            .filter(|at| plan.node(*at).is_some_and(|n| !n.predecessors.iter().any(|p| selection.keeps(*p))))
            .collect();
        sort_by_id(plan, &mut selection.first);
        selection
    }
}

fn sort_by_id(plan: &Plan, nodes: &mut [usize]) {
    nodes.sort_by(|a, b| plan.node(*a).map(PlanNode::id).cmp(&plan.node(*b).map(PlanNode::id)));
}

/// Everything reachable from `seeds` along `next`, seeds included.
pub(crate) fn reach<'a>(
    plan: &'a Plan,
    seeds: impl IntoIterator<Item = usize>,
    next: impl Fn(&'a PlanNode) -> &'a [usize],
) -> Vec<bool> {
    let mut seen = vec![false; plan.nodes.len()];
    let mut work: Vec<usize> = seeds.into_iter().collect();
    while let Some(at) = work.pop() {
        let Some(mark) = seen.get_mut(at) else { continue };
        if std::mem::replace(mark, true) {
            continue;
        }
        if let Some(node) = plan.node(at) {
            work.extend_from_slice(next(node));
        }
    }
    seen
}

fn set(marks: &[bool]) -> impl Iterator<Item = usize> + '_ {
    marks.iter().enumerate().filter_map(|(at, mark)| mark.then_some(at))
}

impl Plan {
    /// The nodes a scope runs.
    pub fn select(&self, scope: &Scope) -> Result<Selection, Problem> {
        match scope {
            Scope::Inputs => Ok(self.select_inputs()),
            Scope::Build { start, stop } => self.select_build(start.as_deref(), stop.as_deref()),
        }
    }

    pub(super) fn select_inputs(&self) -> Selection {
        let starts = |word: &str| {
            self.nodes.iter().position(|n| n.is_input && n.node.id.to_lowercase().contains(word))
        };
        match starts("webhook").or_else(|| starts("chat")) {
            Some(start) => self.finish(self.around(start), Some(start), true, None),
            None => self.finish(vec![true; self.nodes.len()], None, true, None),
        }
    }

    fn select_build(&self, start: Option<&str>, stop: Option<&str>) -> Result<Selection, Problem> {
        let find = |id: &str| {
            self.index(id)
                .ok_or_else(|| Problem::new(ProblemKind::MissingNode, format!("Vertex {id} not found")))
        };
        let start = start.map(find).transpose()?;
        let stop = stop.map(find).transpose()?;
        // A stop inside a cycle cannot be reached from outside: it is where the run starts.
        let on_cycle = stop.filter(|s| self.node(*s).is_some_and(|n| n.cycle.is_some()));
        let (start, stop) = match on_cycle {
            Some(at) => (Some(at), None),
            None => (start, stop),
        };
        let kept = match (start, stop) {
            // What follows the start and leads to the stop, with all that needs: that is what the stop needs.
            (_, Some(stop)) => {
                let needed = reach(self, [stop], |n| &n.predecessors);
                if let Some(start) = start
                    && needed.get(start) != Some(&true)
                {
                    return Err(self.no_way(start, stop));
                }
                needed
            }
            (Some(start), None) => self.around(start),
            (None, None) => vec![true; self.nodes.len()],
        };
        if start.is_none() {
            let chats: Vec<&PlanNode> = set(&kept)
                .filter_map(|at| self.node(at))
                .filter(|n| n.node.id.contains("ChatInput"))
                .collect();
            if let [_, second, ..] = chats.as_slice() {
                return Err(Problem::new(
                    ProblemKind::Rule,
                    format!("A flow may have one Chat Input; it has {}", chats.len()),
                )
                .at_node(&second.node.id, &second.node.display_name));
            }
        }
        Ok(self.finish(kept, start, start.is_none(), stop))
    }

    fn no_way(&self, start: usize, stop: usize) -> Problem {
        let name = |at: usize| self.node(at).map(PlanNode::id).unwrap_or_default();
        Problem::new(ProblemKind::Rule, format!("{} does not lead to {}", name(start), name(stop)))
    }

    /// Everything that follows from `start`, and everything these need.
    fn around(&self, start: usize) -> Vec<bool> {
        let after = reach(self, [start], |n| &n.successors);
        reach(self, set(&after), |n| &n.predecessors)
    }

    fn finish(
        &self,
        mut kept: Vec<bool>,
        start: Option<usize>,
        chat_first: bool,
        stop: Option<usize>,
    ) -> Selection {
        for (at, keep) in kept.iter_mut().enumerate() {
            let is_idle_tool = self.node(at).is_some_and(|n| n.node.tool_mode && n.successors.is_empty());
            // A tool nobody uses does not run, unless it is what was asked for.
            *keep &= !is_idle_tool || start == Some(at) || stop == Some(at);
        }
        let mut selection = Selection { kept, first: Vec::new() };
        let has_no_predecessor =
            |at: &usize| self.node(*at).is_some_and(|n| !n.predecessors.iter().any(|p| selection.keeps(*p)));
        let sources: Vec<usize> = selection.nodes().filter(has_no_predecessor).collect();
        let is_chat_input =
            |at: &usize| self.node(*at).is_some_and(|n| n.is_input && n.node.is_any(&["ChatInput"]));
        let chat = sources.iter().copied().find(is_chat_input).filter(|_| chat_first);
        let mut first = match chat {
            Some(chat) => vec![chat],
            None => sources,
        };
        if first.is_empty() {
            // Everything lies on cycles.
            first = start
                .or_else(|| selection.nodes().find(is_chat_input))
                .or_else(|| selection.nodes().next())
                .into_iter()
                .collect();
        }
        sort_by_id(self, &mut first);
        selection.first = first;
        selection
    }
}
