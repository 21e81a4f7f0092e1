//! What holds for every flow: any JSON compiles or is refused, acyclic graphs run each needed node once,
//! graphs with branches and loops end.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use langflow_core::Json;
use langflow_engine::plan::Scope;
use langflow_engine::{Limits, RunRequest};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use support::World;

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        "[a-zA-Zœ{}|\" -]{0,12}".prop_map(Json::from),
        prop_oneof![
            Just("ChatInput"),
            Just("Join"),
            Just("Join-a"),
            Just("Router-b"),
            Just("texts"),
            Just("text")
        ]
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        let key = prop_oneof![
            "[a-z]{1,4}",
            proptest::sample::select(vec![
                "id",
                "data",
                "node",
                "nodes",
                "edges",
                "template",
                "outputs",
                "name",
                "type",
                "value",
                "source",
                "target",
                "sourceHandle",
                "targetHandle",
                "fieldName",
                "types",
                "flow",
                "proxy",
                "show",
                "list",
            ])
            .prop_map(str::to_owned),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            proptest::collection::vec((key, inner), 0..8)
                .prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
        ]
    })
}

/// A document with real nodes, into which any JSON is put somewhere.
fn spoilt_document() -> impl Strategy<Value = Json> {
    (any_json(), any_json(), any_json(), 0..5usize).prop_map(|(a, b, c, where_)| {
        let node = json!({"id": "Join-a", "data": {"type": "Join", "node": {"template": {"texts": a},
            "outputs": [b]}}});
        match where_ {
            0 => json!({"nodes": [node, c], "edges": []}),
            1 => json!({"nodes": [node], "edges": [c]}),
            2 => json!({"nodes": [node], "edges": [{"source": "Join-a", "target": "Join-a", "data": c}]}),
            3 => json!({"data": {"nodes": c, "edges": []}}),
            _ => c,
        }
    })
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

/// Runs a document whole; gives how often nodes ran, or nothing if it does not compile.
fn run_whole(json: &Json, build: bool) -> Option<(Arc<langflow_engine::Plan>, langflow_engine::Outcome)> {
    let catalogue = support::components::catalogue();
    let plan = Arc::new(langflow_engine::compile(json, &catalogue).ok()?);
    let world = Arc::new(World::default());
    let scope = if build { Scope::Build { start: None, stop: None } } else { Scope::Inputs };
    let limits = Limits { nodes: 500, wall: Duration::from_mins(1), ..Limits::default() };
    let request = RunRequest {
        input_value: Some("yes a b".into()),
        scope,
        is_build: build,
        limits,
        ..RunRequest::default()
    };
    let outcome = block(langflow_engine::run(Arc::clone(&plan), support::scope(&world, build), request));
    Some((plan, outcome))
}

/// Edges `(from, to)` over nodes `0..n`, with the type of each node.
fn graph(kinds: &[&str], edges: &[(usize, usize, usize)]) -> Json {
    let catalogue = support::components::catalogue();
    let mut text = String::from("ChatInput-0\n");
    for (at, kind) in kinds.iter().enumerate() {
        text += &format!("{kind}-{}\n", at + 1);
    }
    let kind = |at: usize| if at == 0 { "ChatInput" } else { kinds[at - 1] };
    for (from, to, pick) in edges {
        let output = match (kind(*from), pick % 2) {
            ("ChatInput", _) => "message",
            ("Router", 0) => "yes",
            ("Router", _) => "no",
            ("LoopComponent", 0) => "item",
            ("LoopComponent", _) => "done",
            _ => "text",
        };
        let field = match kind(*to) {
            "Router" => "text",
            "LoopComponent" => "data",
            "ChatInput" => continue,
            _ => "texts",
        };
        let feedback = kind(*to) == "LoopComponent" && pick % 3 == 0 && kind(*from) == "Join";
        let (arrow, field) = if feedback { ("=>", "item") } else { ("->", field) };
        text += &format!("{}-{from}.{output} {arrow} {}-{to}.{field}\n", kind(*from), kind(*to));
    }
    support::parse(&text, &catalogue).json
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_compiles_or_is_refused(json in prop_oneof![any_json(), spoilt_document()]) {
        run_whole(&json, true);
        run_whole(&json, false);
    }

    #[test]
    fn acyclic_graphs_run_each_needed_node_once(
        n in 1..14usize,
        pairs in proptest::collection::vec((0..14usize, 0..14usize, 0..6usize), 0..40),
    ) {
        let kinds = vec!["Join"; n];
        let mut edges: Vec<_> = pairs
            .into_iter()
            .map(|(a, b, p)| (a % (n + 1), b % (n + 1), p))
            .filter(|(a, b, _)| a < b)
            .collect();
        edges.dedup();
        let (plan, outcome) = run_whole(&graph(&kinds, &edges), false).unwrap();
        prop_assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
        let selection = plan.run_selection();
        for (at, built) in outcome.built.iter().enumerate() {
            prop_assert_eq!(built.is_some(), selection.keeps(at), "node {}", at);
        }
        prop_assert_eq!(outcome.nodes_run, selection.nodes().count() as u64);
    }

    #[test]
    fn graphs_with_branches_and_loops_end(
        kinds in proptest::collection::vec(
            proptest::sample::select(vec!["Join", "Join", "Router", "LoopComponent"]), 1..9),
        pairs in proptest::collection::vec((0..9usize, 0..9usize, 0..6usize), 0..24),
        build in any::<bool>(),
    ) {
        let n = kinds.len();
        let edges: Vec<_> = pairs.into_iter().map(|(a, b, p)| (a % (n + 1), b % (n + 1), p)).collect();
        // Ending is the property: well, at a failure, or at the budget.
        run_whole(&graph(&kinds, &edges), build);
    }
}
