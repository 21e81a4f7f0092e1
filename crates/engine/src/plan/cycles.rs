//! Which nodes lie on a cycle.

/// For each node the number of its strongly connected component, if that is a cycle: more than one node, or
/// an edge to itself. Iterative (Tarjan), so that a long chain cannot overflow the stack.
pub(super) fn cycles(successors: &[Vec<usize>]) -> Vec<Option<usize>> {
    let n = successors.len();
    let mut search = Search {
        index: vec![usize::MAX; n],
        low: vec![0; n],
        on_stack: vec![false; n],
        stack: Vec::new(),
        next: 0,
        component: vec![None; n],
        components: 0,
    };
    for start in 0..n {
        if search.index.get(start) == Some(&usize::MAX) {
            search.visit(start, successors);
        }
    }
    search.component
}

struct Search {
    index: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    component: Vec<Option<usize>>,
    components: usize,
}

#[expect(clippy::indexing_slicing, reason = "all vectors have one entry per node, and edges end at nodes")]
impl Search {
    fn visit(&mut self, start: usize, successors: &[Vec<usize>]) {
        let mut work = vec![(start, 0)];
        self.enter(start);
        while let Some((v, at)) = work.last_mut() {
            let v = *v;
            if let Some(&w) = successors[v].get(*at) {
                *at += 1;
                if self.index[w] == usize::MAX {
                    self.enter(w);
                    work.push((w, 0));
                } else if self.on_stack[w] {
                    self.low[v] = self.low[v].min(self.index[w]);
                }
                continue;
            }
            work.pop();
            if let Some(&(parent, _)) = work.last() {
                self.low[parent] = self.low[parent].min(self.low[v]);
            }
            if self.low[v] == self.index[v] {
                self.close(v, successors);
            }
        }
    }

    fn enter(&mut self, v: usize) {
        self.index[v] = self.next;
        self.low[v] = self.next;
        self.next += 1;
        self.stack.push(v);
        self.on_stack[v] = true;
    }

    fn close(&mut self, v: usize, successors: &[Vec<usize>]) {
        let from = self.stack.iter().rposition(|w| *w == v).unwrap_or(0);
        let members = self.stack.split_off(from);
        let is_cycle = members.len() > 1 || successors[v].contains(&v);
        for w in members {
            self.on_stack[w] = false;
            if is_cycle {
                self.component[w] = Some(self.components);
            }
        }
        self.components += usize::from(is_cycle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_members_of_cycles_are_marked() {
        // 0 → 1 ⇄ 2 → 3, 4 → 4
        let found = cycles(&[vec![1], vec![2], vec![1, 3], vec![], vec![4]]);
        assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, true, false, true]);
        assert_eq!(found[1], found[2]);
        assert_ne!(found[1], found[4]);
    }

    #[test]
    fn a_long_chain_does_not_overflow() {
        let n = 100_000;
        let chain: Vec<Vec<usize>> = (0..n).map(|i| if i + 1 < n { vec![i + 1] } else { vec![] }).collect();
        assert!(cycles(&chain).iter().all(Option::is_none));
    }
}
