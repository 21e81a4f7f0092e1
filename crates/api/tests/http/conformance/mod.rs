//! Exchanges recorded at a Langflow 1.13.0 server, replayed against this one.
//!
//! Status, headers and the shape of the body (keys and kinds of values) must be equal; ids are carried over
//! from answer to request as a client would. What differs is named in [`MENDED`] or [`EXPLAINED`] with its reason, and
//! nothing else may. The table shows the share of each group of endpoints; of the core and the expected ones, [`SHARE`]
//! in a hundred must be equal.
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

/// Equal exchanges of a hundred, of those that are not [`RARE`].
const SHARE: usize = 95;

/// Groups and exchanges of endpoints that hardly anybody calls, and of services that an installation does not have.
const RARE: &[&str] = &[
    "a2a",
    "agentic",
    "catalog",
    "connections",
    "deployments",
    "extensions",
    "integrations",
    "kbstorage",
    "migration",
    "predict",
    "process",
    "projects.snapshot",
    "registration",
    "store",
    "task",
    "triggers",
    "voice",
];

/// Exchanges in which the recorded server is at fault, and what is answered here. They count as well as equal ones.
const MENDED: &[(&str, &str)] = &[
    ("files1.download.404", "404 for a file that is missing, where the recording has 500"),
    ("flows.list.noslash", "both forms of every path answer"),
    (
        "flows.list.page",
        "flows of the caller's default project, where the recording lists another user's empty one",
    ),
    ("flows.list.page.header", "flows of the caller's default project, as above"),
    ("flows.patch.data.invalid", "422 that names the field, where the recording has 500"),
    ("run.badtype", "422 that names the field, where the recording runs with defaults"),
    ("run.inputvalue.notstring", "422 that names the field, where the recording runs without the input"),
    ("run.tweaks.notdict", "422 that names the field, where the recording runs without tweaks"),
];

/// Other exchanges that differ, and why. One that has become equal is to be taken out.
const EXPLAINED: &[(&str, &str)] = &[
    (
        "all.excerpt.ChatInput",
        "the excerpt names a component that is not there, and has a note of the recording",
    ),
    ("catalog.components", "policies of catalogues are not there"),
    ("extensions.events", "there are no extensions, so there are no events of them"),
    ("integrations", "there are no providers of integrations"),
    ("kb.ingest", "the provider of embeddings needs a key, which the recorded server had"),
    ("logs", "refusals for ordinary users always carry x-langflow-error-code"),
    ("logs.noparams", "refusals for ordinary users always carry x-langflow-error-code"),
    ("mcp.servers.list", "projects are not entered as servers of their owner"),
    ("mcp.servers.list.count", "projects are not entered as servers of their owner"),
    ("models.enabled_models", "Groq is a provider of models here"),
    ("models.validate", "keys are checked with their provider, which the test does not reach"),
    ("monitor.job_queue", "refusals for ordinary users always carry x-langflow-error-code"),
    ("monitor.trace", "outputs of spans are those that the log of the node shows"),
    ("monitor.transactions", "inputs that came over an edge are shown too"),
    ("profile.404", "every name has a picture"),
    ("projects.snapshot", "there are no deployments"),
    ("run.nostream.ticker", "the component that stands in for the recorded Python sends its message itself"),
    ("run.tweaks.code", "the code TWEAKS_REFUSED is in a header too"),
    ("store.components", "the service is gone: 404, where the recording has 500"),
    ("validate.code.badimport", "imports are tried where there are Python workers only"),
];

#[derive(Default)]
struct Share {
    /// Names of exchanges.
    equal: Vec<String>,
    /// Names, and what differs.
    differences: Vec<(String, String)>,
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
        match compare::differences(name, &known.with_keys(&exchange["response"]), &answer) {
            found if found.is_empty() => share.equal.push(name.to_owned()),
            found => share.differences.push((name.to_owned(), found.join("; "))),
        }
    }
    report(&table);
    let differing = || table.values().flat_map(|share| &share.differences);
    let unexplained: Vec<_> = differing().filter(|(name, _)| reason(name).is_none()).collect();
    assert!(unexplained.is_empty(), "these differ, and nothing says why: {unexplained:#?}");
    let named = MENDED.iter().chain(EXPLAINED);
    let outdated: Vec<_> = named.filter(|(name, _)| !differing().any(|(known, _)| known == name)).collect();
    assert!(outdated.is_empty(), "these are equal, and a reason says why they are not: {outdated:#?}");
    let is_usual =
        |name: &str| !RARE.iter().any(|rare| name == *rare || name.split('.').next() == Some(*rare));
    let equal = table.values().flat_map(|share| &share.equal).filter(|name| is_usual(name)).count();
    let others = differing().filter(|(name, _)| is_usual(name)).count();
    let (all, mended) = (equal + others, MENDED.len());
    println!("{equal} of {all} exchanges of core and expected endpoints are equal, {mended} are mended");
    assert!((equal + mended) * 100 >= all * SHARE, "{equal} and {mended} of {all}: less than {SHARE} of 100");
}

/// Why an exchange may differ.
fn reason(name: &str) -> Option<&'static str> {
    MENDED.iter().chain(EXPLAINED).find(|(known, _)| *known == name).map(|(_, why)| *why)
}

fn report(table: &BTreeMap<String, Share>) {
    println!("{:<20} {:>6} {:>6}", "group", "equal", "of");
    for (group, share) in table {
        let equal = share.equal.len();
        println!("{group:<20} {equal:>6} {:>6}", equal + share.differences.len());
    }
    for (name, difference) in table.values().flat_map(|share| &share.differences) {
        println!("  {name}: {} [{difference}]", reason(name).unwrap_or("?"));
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
