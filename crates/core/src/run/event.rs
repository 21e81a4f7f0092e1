//! Events of a run, in the order they happen.

use crate::Message;
use crate::value::{Json, JsonMap, Usage};
use std::sync::Arc;

/// One event. Surfaces map it to their wire (contract-flows 7.6, 9.4).
#[derive(Clone, Debug)]
pub enum RunEvent {
    /// First event of a build: the first layer, and every vertex that may run.
    VerticesSorted {
        ids: Vec<String>,
        to_run: Vec<String>,
    },
    /// The build starts (no id), or a tool or loop body starts a component.
    BuildStart {
        id: Option<String>,
    },
    BuildEnd {
        id: String,
    },
    /// A message was stored, or changed.
    AddMessage(Arc<Message>),
    /// A piece of the streamed message `id`.
    Token {
        id: String,
        chunk: String,
    },
    RemoveMessage {
        id: String,
    },
    Log {
        component_id: String,
        output: String,
        log: Log,
    },
    /// A vertex is done, well or not.
    EndVertex(Box<VertexBuild>),
    /// A component failed; the message says how (contract-flows 7.7).
    Error(Arc<Message>),
}

/// A log line of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    pub name: String,
    pub message: Json,
    /// `text`, `object`, `array`, `error`, …
    pub kind: String,
}

/// One output in the form `{message, type}` of results.
#[derive(Clone, Debug, PartialEq)]
pub struct VertexOutput {
    pub message: Json,
    pub kind: &'static str,
}

/// What became of one vertex (contract-flows 5.3, 5.4).
#[derive(Clone, Debug, Default)]
pub struct VertexBuild {
    pub id: String,
    pub display_name: String,
    /// Type key of the node.
    pub vertex_type: String,
    pub valid: bool,
    pub is_output: bool,
    pub is_terminal: bool,
    pub output_types: Vec<String>,
    pub inactivated_vertices: Vec<String>,
    pub next_vertices_ids: Vec<String>,
    pub top_level_vertices: Vec<String>,
    /// Display text: YAML of the artifact, or the error.
    pub params: String,
    /// Result objects of interface vertices; empty for ordinary ones.
    pub results: JsonMap,
    /// `{output: {message, type}}`.
    pub outputs: JsonMap,
    /// `{output: [log]}`.
    pub logs: JsonMap,
    pub artifacts: JsonMap,
    /// Parameters as a user may see them: no code, no secrets.
    pub inputs: JsonMap,
    /// Chat messages of this vertex.
    pub messages: Vec<Json>,
    pub duration_seconds: f64,
    pub used_frozen_result: bool,
    pub token_usage: Option<Usage>,
    /// The vertex runs only inside a loop body: events carry only `id`, `valid` and `data`.
    pub in_loop: bool,
}
