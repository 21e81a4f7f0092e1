//! Exchanges recorded at a Langflow 1.13.0 server, replayed against this one.
//!
//! Status, headers and the shape of the body (keys and kinds of values) must be equal; ids are carried over
//! from answer to request as a client would. The table shows the share of each group of endpoints; a group
//! that falls below its recorded share fails the test. Each difference is explained in
//! `docs/compatibility.md`.
//!
//! The recordings lie in `LANGFLOW_CAPTURES`, or in `../shared/reference/captures` beside the repository.

mod compare;
mod ids;
mod send;

use crate::run_flows::catalogue;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Equal exchanges a group must have. Raise a number when a group gets better.
const FLOORS: &[(&str, usize)] = &[
    ("build", 18),
    ("config", 2),
    ("files1", 12),
    ("files2", 15),
    ("flows", 67),
    ("folders", 3),
    ("health", 1),
    ("health_check", 1),
    ("healthz", 1),
    ("mcp", 10),
    ("monitor", 16),
    ("projects", 21),
    ("public", 6),
    ("responses", 12),
    ("run", 40),
    ("unknown", 2),
    ("version", 1),
    ("webhook", 7),
    ("wf", 27),
];

#[derive(Default)]
struct Share {
    equal: usize,
    differences: Vec<String>,
}

#[tokio::test]
async fn recorded_exchanges_are_answered_alike() {
    let Some(exchanges) = load("flows.jsonl") else { return };
    let server = TestApp::start(Setup { catalogue: catalogue(), ..Setup::default() }).await;
    let callers = send::Callers::new(&server).await;
    let mut known = ids::Known::default();
    let mut table: BTreeMap<String, Share> = BTreeMap::new();
    for exchange in exchanges.iter().filter(|exchange| exchange["version"] == "1.13.0") {
        let name = exchange["name"].as_str().unwrap_or_default();
        let answer = callers.send(exchange, &mut known).await;
        known.learn(&exchange["response"]["body"], &answer.json());
        let group = name.split('.').next().unwrap_or_default().to_owned();
        let share = table.entry(group).or_default();
        match compare::differences(&exchange["response"], &answer) {
            found if found.is_empty() => share.equal += 1,
            found => share.differences.push(format!("{name}: {}", found.join("; "))),
        }
    }
    report(&table);
    for (group, floor) in FLOORS {
        let equal = table.get(*group).map_or(0, |share| share.equal);
        assert!(equal >= *floor, "{group}: {equal} exchanges are equal, {floor} were before");
    }
}

fn report(table: &BTreeMap<String, Share>) {
    println!("{:<20} {:>6} {:>6}", "group", "equal", "of");
    for (group, share) in table {
        println!("{group:<20} {:>6} {:>6}", share.equal, share.equal + share.differences.len());
    }
    for difference in table.values().flat_map(|share| &share.differences) {
        println!("  {difference}");
    }
}

/// The recording, or a word that it is not there.
fn load(file: &str) -> Option<Vec<Value>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/captures");
    #[expect(clippy::disallowed_methods, reason = "tests are told in the environment where recordings lie")]
    let folder = std::env::var("LANGFLOW_CAPTURES").map_or(beside, PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
        println!("skipped: no recordings in {} (set LANGFLOW_CAPTURES)", folder.display());
        return None;
    };
    Some(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}
