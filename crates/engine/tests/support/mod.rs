//! A graph in a few lines of text, a world in memory, and what a run did, as lines.
//!
//! ```text
//! # a comment
//! Join-a texts=["x"] more="y"          a node: id, then fields as JSON; the type is the id's prefix
//! Double-t @tool                       a node in tool mode
//! In-a.message -> Join-a.texts         an edge: output to field
//! Join-a.text => Loop-b.item           an edge back to a loop
//! ! build stop=Join-a                  how to run: build or run, start, stop, input="text"
//! > …                                  what is expected
//! ```
#![allow(dead_code, reason = "each test uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test support")]

pub mod components;

use langflow_core::clock::SystemClock;
use langflow_core::component::{Catalogue, Definition};
use langflow_core::ids::SystemIds;
use langflow_core::run::ports::{CallOptions, Variable};
use langflow_core::run::*;
use langflow_core::{Fault, Json, JsonMap, Message, Value, async_trait};
use langflow_engine::plan::{Plan, Scope};
use langflow_engine::present::{self, Select};
use langflow_engine::{Outcome, RunRequest};
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A graph read from text.
pub struct Graph {
    pub json: Json,
    pub build: bool,
    pub start: Option<String>,
    pub stop: Option<String>,
    pub input: Option<String>,
    pub expected: Vec<String>,
}

pub fn parse(text: &str, catalogue: &Catalogue) -> Graph {
    let mut graph =
        Graph { json: Json::Null, build: false, start: None, stop: None, input: None, expected: Vec::new() };
    let (mut nodes, mut edges): (Vec<Json>, Vec<Json>) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(expected) = line.strip_prefix('>') {
            graph.expected.push(expected.trim().to_owned());
        } else if let Some(how) = line.strip_prefix('!') {
            for word in how.split_whitespace() {
                match word.split_once('=').unwrap_or((word, "")) {
                    ("build", _) => graph.build = true,
                    ("start", id) => graph.start = Some(id.into()),
                    ("stop", id) => graph.stop = Some(id.into()),
                    ("input", text) => graph.input = Some(text.trim_matches('"').replace('_', " ")),
                    _ => panic!("unknown word {word}"),
                }
            }
        } else if let Some((from, to)) = line.split_once("->") {
            edges.push(edge(from.trim(), to.trim(), false));
        } else if let Some((from, to)) = line.split_once("=>") {
            edges.push(edge(from.trim(), to.trim(), true));
        } else {
            nodes.push(node(line, catalogue));
        }
    }
    graph.json = json!({ "nodes": nodes, "edges": edges });
    graph
}

fn edge(from: &str, to: &str, feedback: bool) -> Json {
    let (source, output) = from.rsplit_once('.').unwrap();
    let (target, field) = to.rsplit_once('.').unwrap();
    let handle = if feedback {
        json!({"dataType": "LoopComponent", "id": target, "name": field, "output_types": ["Message"]})
    } else {
        json!({"fieldName": field, "id": target, "inputTypes": [], "type": ""})
    };
    json!({"source": source, "target": target, "data": {
        "sourceHandle": {"dataType": "X", "id": source, "name": output, "output_types": []},
        "targetHandle": handle}})
}

fn node(line: &str, catalogue: &Catalogue) -> Json {
    let mut words = line.split_whitespace();
    let id = words.next().unwrap();
    let kind = id.split('-').next().unwrap();
    let mut definition = catalogue.get(kind).map_or_else(
        || json!({"template": {}, "outputs": [{"name": "output", "types": ["Message"]}]}),
        |d: &Arc<dyn Definition>| d.spec().to_catalogue(|_| String::new()),
    );
    for word in words {
        if word == "@tool" {
            definition["tool_mode"] = true.into();
            definition["outputs"] = json!([{"name": "component_as_tool", "types": ["Tool"]}]);
        } else if word == "@frozen" {
            definition["frozen"] = true.into();
        } else {
            let (name, value) = word.split_once('=').unwrap();
            let value: Json = serde_json::from_str(value).unwrap_or_else(|_| panic!("{word} is not JSON"));
            definition["template"][name]["value"] = value;
        }
    }
    json!({"id": id, "type": "genericNode", "data": {"id": id, "type": kind, "node": definition}})
}

/// The outside world of a run, in memory.
#[derive(Default, Debug)]
pub struct World {
    pub variables: HashMap<String, Variable>,
    pub messages: Mutex<Vec<Message>>,
    pub events: Mutex<Vec<String>>,
}

#[async_trait]
impl Variables for World {
    async fn get(&self, name: &str) -> Result<Option<Variable>, Fault> {
        Ok(self.variables.get(name).cloned())
    }
}

#[async_trait]
impl Messages for World {
    async fn save(&self, message: &Message) -> Result<(), Fault> {
        self.messages.lock().unwrap().push(message.clone());
        Ok(())
    }
    async fn history(&self, _query: HistoryQuery) -> Result<Vec<Message>, Fault> {
        Ok(self.messages.lock().unwrap().clone())
    }
}

#[async_trait]
impl Files for World {
    async fn read(&self, path: &str, _limit: usize) -> Result<bytes::Bytes, Fault> {
        Err(Fault::missing(path))
    }
    async fn write(&self, name: &str, _content: bytes::Bytes) -> Result<String, Fault> {
        Ok(name.into())
    }
}

#[async_trait]
impl Egress for World {
    async fn send(&self, _r: http::Request<bytes::Bytes>, _o: CallOptions) -> Result<Reply, Fault> {
        Err(Fault::refused("no network here"))
    }
}

#[async_trait]
impl Flows for World {
    async fn list(&self) -> Result<Vec<(Uuid, String, String)>, Fault> {
        Ok(Vec::new())
    }
    async fn graph(&self, _id: Uuid) -> Result<Arc<Json>, Fault> {
        Err(Fault::missing("no flow"))
    }
    async fn run(&self, _call: FlowCall) -> Result<FlowOutcome, Fault> {
        Err(Fault::missing("no flow"))
    }
}

#[async_trait]
impl Events for World {
    async fn emit(&self, event: RunEvent) {
        self.events.lock().unwrap().push(line(&event));
    }
}

/// An event as a line.
fn line(event: &RunEvent) -> String {
    match event {
        RunEvent::VerticesSorted { ids, to_run } => {
            format!("sorted {} of {}", ids.join(" "), to_run.join(" "))
        }
        RunEvent::BuildStart { id } => format!("start {}", id.as_deref().unwrap_or("")).trim().into(),
        RunEvent::BuildEnd { id } => format!("stop {id}"),
        RunEvent::AddMessage(m) => format!("message {}: {}", m.sender.as_deref().unwrap_or("-"), m.text),
        RunEvent::Token { chunk, .. } => format!("token {chunk}"),
        RunEvent::RemoveMessage { .. } => "remove".into(),
        RunEvent::Log { component_id, output, log } => {
            format!("log {component_id}.{output}: {} {}", log.name, log.message)
        }
        RunEvent::EndVertex(v) => {
            let mut line = format!("end {}{}", if v.valid { "" } else { "BAD " }, v.id);
            if !v.next_vertices_ids.is_empty() {
                line += &format!(" next {}", v.next_vertices_ids.join(" "));
            }
            if !v.inactivated_vertices.is_empty() {
                line += &format!(" without {}", v.inactivated_vertices.join(" "));
            }
            if !v.valid {
                line += &format!(" ({})", v.params.replace('\n', "\\n"));
            }
            line
        }
        RunEvent::Error(m) => format!("error {}", m.text.trim()),
    }
}

pub fn scope(world: &Arc<World>, watched: bool) -> RunScope {
    RunScope {
        run_id: Uuid::from_u128(1),
        flow_id: Uuid::from_u128(2),
        flow_name: "Test".into(),
        user_id: Some(Uuid::from_u128(3)),
        session_id: "s1".into(),
        stream: false,
        depth: 0,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        variables: Arc::clone(world) as _,
        messages: Arc::clone(world) as _,
        files: Arc::clone(world) as _,
        egress: Arc::clone(world) as _,
        flows: Arc::clone(world) as _,
        databases: None,
        mcp: Arc::new(langflow_core::run::NoMcpServers),
        code: Arc::new(langflow_core::run::NoCode),
        vectors: Arc::new(langflow_core::run::NoVectors),
        events: watched.then(|| Arc::clone(world) as _),
    }
}

pub fn request(graph: &Graph) -> RunRequest {
    let scope = if graph.build {
        Scope::Build { start: graph.start.clone(), stop: graph.stop.clone() }
    } else {
        Scope::Inputs
    };
    RunRequest { input_value: graph.input.clone(), is_build: graph.build, scope, ..RunRequest::default() }
}

/// Compiles and runs; gives the lines: events of a build, results of a run.
pub async fn run_lines(graph: &Graph, catalogue: &Catalogue) -> Vec<String> {
    let plan = match langflow_engine::compile(&graph.json, catalogue) {
        Ok(plan) => Arc::new(plan),
        Err(problems) => return problems.iter().map(|p| format!("problem {}", p.message)).collect(),
    };
    let world = Arc::new(World::default());
    let outcome = langflow_engine::run(Arc::clone(&plan), scope(&world, graph.build), request(graph)).await;
    let mut lines = world.events.lock().unwrap().clone();
    if !graph.build {
        lines.extend(result_lines(&plan, &outcome));
    }
    lines
}

pub fn result_lines(plan: &Plan, outcome: &Outcome) -> Vec<String> {
    if let Some(failure) = &outcome.failure {
        return vec![format!(
            "failed {}",
            failure.text(failure.node.and_then(|n| plan.node(n))).replace('\n', "\\n")
        )];
    }
    present::results(plan, outcome, &Select::Outputs, "s1")
        .iter()
        .map(|r| {
            format!(
                "{} = {}",
                r["component_id"].as_str().unwrap(),
                r["outputs"]["message"]["message"].as_str().unwrap()
            )
        })
        .collect()
}

pub fn values(plan: &Plan, outcome: &Outcome) -> JsonMap {
    let mut map = JsonMap::new();
    for (node, built) in plan.nodes.iter().zip(&outcome.built) {
        let value = built.as_ref().and_then(|b| b.first()).map(Value::to_json);
        map.insert(node.id().into(), value.unwrap_or_default());
    }
    map
}
