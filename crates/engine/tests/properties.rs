//! What holds for every flow: any JSON compiles or is refused, acyclic graphs run each needed node once,
//! graphs with branches and loops end, and those that are built of whole parts end with the right text.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use langflow_core::Json;
use langflow_engine::plan::Scope;
use langflow_engine::{Limits, RunRequest};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use std::cell::Cell;
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
}

/// Cases of the properties below. The same ones each time, so that what share of them did a thing is a fact.
const CASES: u32 = 256;

fn runner() -> TestRunner {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// How many cases did a thing.
#[derive(Default)]
struct Share(Cell<u32>);

impl Share {
    fn count(&self, is_so: bool) {
        self.0.set(self.0.get() + u32::from(is_so));
    }

    fn is_at_least(&self, what: &str, percent: u32) {
        let share = self.0.get() * 100 / CASES;
        println!("{what}: {share} % of {CASES}");
        assert!(share >= percent, "{what}: {share} % of the graphs, not {percent} %");
    }
}

/// Edges anywhere between any nodes: ending is the property, be it well, at a failure, or at the budget.
#[test]
fn graphs_with_branches_and_loops_end() {
    let graphs = (
        proptest::collection::vec(
            proptest::sample::select(vec!["Join", "Join", "Router", "LoopComponent"]),
            1..9_usize,
        ),
        proptest::collection::vec((0..9_usize, 0..9_usize, 0..6_usize), 0..24),
        any::<bool>(),
    );
    let (branched, looped, ended_well) = (Share::default(), Share::default(), Share::default());
    let checked = runner().run(&graphs, |(kinds, pairs, build)| {
        let n = kinds.len();
        let edges: Vec<_> = pairs.into_iter().map(|(a, b, p)| (a % (n + 1), b % (n + 1), p)).collect();
        let Some((plan, outcome)) = run_whole(&graph(&kinds, &edges), build) else { return Ok(()) };
        let ran = |kind: &str| {
            plan.nodes
                .iter()
                .zip(&outcome.built)
                .any(|(node, built)| node.id().starts_with(kind) && built.is_some())
        };
        branched.count(ran("Router"));
        // Results of a body are not among those of the run: more runs than results are its iterations.
        let results = outcome.built.iter().flatten().count() as u64;
        looped.count(ran("LoopComponent") && outcome.nodes_run > results);
        ended_well.count(outcome.failure.is_none());
        Ok(())
    });
    checked.unwrap();
    branched.is_at_least("a router ran", 20);
    looped.is_at_least("a loop ran its body", 5);
    ended_well.is_at_least("the run ended well", 20);
}

/// A part of a flow: takes a text, gives a text.
#[derive(Clone, Debug)]
enum Part {
    Join,
    /// Texts that hold the word go one way, others the other; both ways meet again.
    Route {
        word: &'static str,
        yes: Vec<Part>,
        no: Vec<Part>,
    },
    /// Each word goes through the parts.
    Loop(Vec<Part>),
}

impl Part {
    /// How many loops are inside of each other.
    fn loops(&self) -> usize {
        let most = |parts: &[Self]| parts.iter().map(Self::loops).max().unwrap_or(0);
        match self {
            Self::Join => 0,
            Self::Route { yes, no, .. } => most(yes).max(most(no)),
            Self::Loop(body) => most(body) + 1,
        }
    }
}

/// Parts with branches and loops anywhere.
fn parts() -> impl Strategy<Value = Vec<Part>> {
    let list = |part| proptest::collection::vec(part, 0..3_usize);
    let route = move |part: BoxedStrategy<Part>| {
        let word = proptest::sample::select(vec!["yes", "a", "b", "zz"]);
        (word, list(part.clone()), list(part)).prop_map(|(word, yes, no)| Part::Route { word, yes, no })
    };
    let part = Just(Part::Join).prop_recursive(3, 24, 3, move |inner| {
        prop_oneof![inner.clone(), route(inner.clone()), list(inner).prop_map(Part::Loop)]
    });
    proptest::collection::vec(part, 1..4_usize)
}

/// What a flow of parts must do: its text, and what ran on the way.
#[derive(Default)]
struct Expected {
    nodes: u64,
    yes: u64,
    no: u64,
    iterations: u64,
}

impl Expected {
    fn join(&mut self, text: &str) -> String {
        self.nodes += 1;
        format!("[{text}|-]")
    }

    fn all(&mut self, parts: &[Part], text: String) -> String {
        parts.iter().fold(text, |text, part| match part {
            Part::Join => self.join(&text),
            Part::Route { word, yes, no } => {
                self.nodes += 1;
                let goes_yes = text.contains(word);
                self.yes += u64::from(goes_yes);
                self.no += u64::from(!goes_yes);
                let begun = self.join(&text);
                let ended = self.all(if goes_yes { yes } else { no }, begun);
                self.join(&ended)
            }
            Part::Loop(body) => {
                self.nodes += 1;
                let words: Vec<String> = text
                    .split_whitespace()
                    .map(|word| {
                        self.iterations += 1;
                        let begun = self.all(body, word.to_owned());
                        self.join(&begun)
                    })
                    .collect();
                words.join(" ")
            }
        })
    }
}

/// Writes the graph of parts as text.
#[derive(Default)]
struct Drawing {
    nodes: String,
    edges: String,
    count: usize,
}

impl Drawing {
    fn node(&mut self, kind: &str, fields: &str) -> String {
        self.count += 1;
        let id = format!("{kind}-{}", self.count);
        self.nodes += &format!("{id} {fields}\n");
        id
    }

    fn edge(&mut self, from: &str, to: &str) {
        self.edges += &format!("{from} -> {to}\n");
    }

    fn join(&mut self, from: &str) -> String {
        let join = self.node("Join", "");
        self.edge(from, &format!("{join}.texts"));
        join + ".text"
    }

    /// Draws the parts behind the output `from`; gives the last output.
    fn all(&mut self, parts: &[Part], from: String) -> String {
        parts.iter().fold(from, |from, part| match part {
            Part::Join => self.join(&from),
            Part::Route { word, yes, no } => {
                let router = self.node("Router", &format!("matches=\"{word}\""));
                self.edge(&from, &format!("{router}.text"));
                let ends = [("yes", yes), ("no", no)].map(|(way, parts)| {
                    let begun = self.join(&format!("{router}.{way}"));
                    self.all(parts, begun)
                });
                let meet = self.node("Join", "");
                for end in ends {
                    self.edge(&end, &format!("{meet}.texts"));
                }
                meet + ".text"
            }
            Part::Loop(body) => {
                let node = self.node("LoopComponent", "");
                self.edge(&from, &format!("{node}.data"));
                let ended = self.all(body, format!("{node}.item"));
                let last = self.join(&ended);
                self.edges += &format!("{last} => {node}.item\n");
                node + ".done"
            }
        })
    }

    fn of(parts: &[Part]) -> Json {
        let mut drawing = Self { nodes: "ChatInput-0\nChatOutput-z\n".to_owned(), ..Self::default() };
        let last = drawing.all(parts, "ChatInput-0.message".to_owned());
        drawing.edge(&last, "ChatOutput-z.input_value");
        support::parse(&(drawing.nodes + &drawing.edges), &support::components::catalogue()).json
    }
}

/// Branches and loops inside of each other: each node runs as often as it must, and the text is right.
#[test]
fn flows_of_whole_parts_give_the_right_text() {
    let (yes, no) = (Share::default(), Share::default());
    let (looped, nested, deep) = (Share::default(), Share::default(), Share::default());
    let checked = runner().run(&(parts(), any::<bool>()), |(parts, build)| {
        let mut expected = Expected::default();
        let text = expected.all(&parts, "yes a b".to_owned());
        let (plan, outcome) = run_whole(&Drawing::of(&parts), build).unwrap();
        prop_assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
        prop_assert_eq!(&support::values(&plan, &outcome)["ChatOutput-z"]["text"], &json!(text));
        prop_assert_eq!(outcome.nodes_run, expected.nodes + 2);
        yes.count(expected.yes > 0);
        no.count(expected.no > 0);
        looped.count(expected.iterations > 0);
        nested.count(expected.iterations > 3 && (expected.yes > 0 || expected.no > 0));
        deep.count(parts.iter().any(|part| part.loops() > 1) && expected.iterations > 1);
        Ok(())
    });
    checked.unwrap();
    yes.is_at_least("a router took its first way", 25);
    no.is_at_least("a router took its second way", 25);
    looped.is_at_least("a loop ran its body", 40);
    nested.is_at_least("loops and branches ran in one flow", 7);
    deep.is_at_least("a loop ran in the body of a loop", 7);
}
