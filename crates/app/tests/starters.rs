//! The report on the starter flows that the reference ships: every node is named native or not.
//!
//! Reads the folder that `LANGFLOW_STARTERS` names.

use langflow_app::catalogue::report;
use langflow_core::Json;
use std::collections::BTreeSet;

#[test]
fn every_starter_is_reported() {
    let Some(folder) = std::env::var_os("LANGFLOW_STARTERS") else {
        eprintln!("skipped: LANGFLOW_STARTERS names no folder");
        return;
    };
    let catalogue = langflow_components::catalogue();
    let mut missing = BTreeSet::new();
    let (mut flows, mut native, mut nodes) = (0, 0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let json: Json = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let report = report(&catalogue, &json);
        assert!(report.problems.is_empty(), "{}: {:?}", path.display(), report.problems);
        assert!(!report.nodes.is_empty(), "{} has no nodes", path.display());
        flows += 1;
        nodes += report.nodes.len();
        native += report.nodes.iter().filter(|node| node.native).count();
        missing.extend(report.missing().map(|node| node.kind.clone()));
    }
    eprintln!("{flows} flows, {native} of {nodes} nodes native; not native: {missing:?}");
    assert!(flows > 0, "there are no flows");
    assert!(native * 2 > nodes, "most nodes are native");
}
