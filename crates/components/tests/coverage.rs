//! Every component of the reference, and whether it is native here, left to the Python worker, or missing.
//!
//! The list is `reference_keys.tsv`; docs/compatibility.md must tell the same.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use langflow_components::catalogue;
use std::collections::{BTreeMap, BTreeSet};

/// What a flow with the component can expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Native,
    /// Its Python source finds all that it imports in the worker, where the operator turned that on.
    Worker,
    Missing,
}

struct Row {
    key: &'static str,
    /// The name that flows of older versions have.
    name: &'static str,
    /// What its source imports and the worker does not bring.
    lacks: &'static str,
    state: State,
}

impl Row {
    /// The class inside an extension key; else the key.
    fn class(&self) -> &'static str {
        let class = self.key.strip_prefix("ext:").and_then(|rest| rest.split(':').nth(1));
        class.map_or(self.key, |class| class.trim_end_matches("@official"))
    }
}

fn rows() -> Vec<Row> {
    let catalogue = catalogue();
    let lines = include_str!("reference_keys.tsv").lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_else(|| panic!("a line has three cells: {line}"));
        let (key, name, lacks) = (cell(), cell(), cell());
        let state = if catalogue.get(key).is_some() {
            State::Native
        } else if lacks == "-" {
            State::Worker
        } else {
            State::Missing
        };
        Row { key, name, lacks, state }
    };
    lines.map(row).collect()
}

#[test]
fn every_component_of_the_reference_has_a_state() {
    let rows = rows();
    let mut counts = BTreeMap::new();
    for row in &rows {
        *counts.entry(row.state).or_insert(0) += 1;
        if row.state != State::Native {
            println!("{:?}\t{}\t{}", row.state, row.key, row.lacks);
        }
    }
    println!("{} components of the reference: {counts:?}", rows.len());
    let keys: BTreeSet<_> = rows.iter().map(|row| row.key).collect();
    assert_eq!(keys.len(), rows.len(), "a key stands there twice");
    let native = counts.get(&State::Native).copied().unwrap_or(0);
    assert!(native >= 194, "{native} native components are fewer than there were");
}

/// A native component answers to the name that older flows have for it.
#[test]
fn old_names_lead_to_the_same_component() {
    let catalogue = catalogue();
    let apart: Vec<_> = rows()
        .iter()
        .filter(|row| row.state == State::Native)
        .filter(|row| catalogue.get(row.name).is_none())
        .map(|row| format!("{} is not found as {}", row.key, row.name))
        .collect();
    assert!(apart.is_empty(), "{}", apart.join("\n"));
}

#[test]
fn the_page_on_compatibility_tells_the_same() {
    let page = include_str!("../../../docs/compatibility.md");
    let section = page.split("## Components").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let (mut native, mut other) = (BTreeSet::new(), BTreeSet::new());
    for line in section.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = line.split(" | ").collect();
        let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        if let [_, ours, theirs, _] = cells.as_slice() {
            native.extend(names(ours));
            other.extend(names(theirs));
        }
    }
    let mut wrong = Vec::new();
    for row in rows() {
        let is_in = |names: &BTreeSet<String>| names.contains(row.class()) || names.contains(row.name);
        let told = (is_in(&native), is_in(&other));
        let expect = (row.state == State::Native, row.state != State::Native);
        if told != expect && !row.key.starts_with("ext:composio:") {
            wrong.push(format!(
                "{} is {:?}; the page has it as native: {}, as not: {}",
                row.key, row.state, told.0, told.1
            ));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}
