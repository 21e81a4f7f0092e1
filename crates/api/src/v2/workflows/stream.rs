//! A workflow as a stream of server-sent events. When the reader goes, the run is cancelled.

use super::agui::Translator;
use super::background::remembered;
use super::body::{Protocol, Wanted};
use crate::AppState;
use crate::error::ApiResult;
use crate::frames::{self, Surface};
use crate::sse;
use axum::body::Bytes;
use axum::response::Response;
use futures::{StreamExt as _, stream};
use langflow_app::Principal;
use langflow_app::runs::workflow::prepare_workflow;
use langflow_app::runs::{BuildFlow, BuildInputs, Frame, LoggedEvent, PreparedBuild};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Frames that the reader may be behind.
const QUEUE: usize = 64;

pub async fn run(app: &AppState, who: &Principal, wanted: Wanted) -> ApiResult<Response> {
    let (protocol, shows_graph) = (wanted.protocol, wanted.shows_graph);
    let remember = remembered(&wanted);
    let build = prepare_workflow(app, who, to_build(wanted), remember).await?;
    let session = build.session_id().to_owned();
    let writer = Writer::live(protocol, session, build.run_id().to_string(), shows_graph);
    Ok(answer(app, build, writer))
}

/// What the request asks the use case for.
pub fn to_build(wanted: Wanted) -> BuildFlow {
    BuildFlow {
        flow_id: wanted.flow_id,
        inputs: BuildInputs {
            value: wanted.input_value,
            session: wanted.session_id,
            ..BuildInputs::default()
        },
        data: wanted.data,
        files: wanted.files,
        start_component_id: wanted.start,
        stop_component_id: wanted.stop,
        log_builds: true,
        tweaks: wanted.tweaks,
        variables: wanted.variables,
        from_inputs: false,
    }
}

/// Runs a build while its events are read.
pub fn answer(app: &AppState, build: PreparedBuild, mut writer: Writer) -> Response {
    let head = writer.head();
    let (sink, receiver) = mpsc::channel(QUEUE);
    let (writer, clock) = (Mutex::new(writer), Arc::clone(&app.clock));
    let to_text = move |frame: Frame| {
        let (event, data) = frames::event(frame, Surface::Build, clock.now());
        writer.lock().write(event, &data)
    };
    let events = frames::driven(build.stream(sink), receiver, to_text);
    let first = stream::once(async move { Ok::<_, Infallible>(Bytes::from(head)) });
    sse::answer(sse::kept_alive(first.chain(events), sse::KEEP_ALIVE, sse::comment))
}

/// Numbers events and writes them, the data line before the id line as the reference does.
pub struct Writer {
    next_id: u64,
    /// Events up to this number have been read before.
    last_read: Option<u64>,
    shows_graph: bool,
    agui: Option<Translator>,
}

impl Writer {
    /// Of a run that goes on while it is read; numbers begin at 0.
    pub fn live(protocol: Protocol, session: String, run: String, shows_graph: bool) -> Self {
        let agui =
            (protocol == Protocol::AgUi).then(|| Translator::new(session, run, shows_graph, shows_graph));
        Self { next_id: 0, last_read: None, shows_graph, agui }
    }

    /// Of a log, after event `last_read`; numbers begin at 1.
    pub fn replay(
        protocol: Protocol,
        session: String,
        run: String,
        shows_graph: bool,
        last_read: u64,
    ) -> Self {
        let writer = Self::live(protocol, session, run, shows_graph);
        Self { next_id: 1, last_read: Some(last_read), ..writer }
    }

    /// Of a visitor's run: the raw events are shown, the graph is not.
    pub fn public(protocol: Protocol, session: String, run: String) -> Self {
        let agui = (protocol == Protocol::AgUi).then(|| Translator::new(session, run, false, true));
        Self { next_id: 0, last_read: None, shows_graph: false, agui }
    }

    pub fn head(&mut self) -> String {
        let events = self.agui.as_ref().map(Translator::begin).unwrap_or_default();
        self.render(&events)
    }

    pub fn write(&mut self, event: &str, data: &Value) -> String {
        let events = match &mut self.agui {
            Some(translator) => translator.translate(event, data),
            None if self.shows_graph || is_message(event) => {
                let mut events = Vec::new();
                events.extend(terminal_output(event, data));
                events.insert(0, json!({"event": event, "data": data}));
                events
            }
            None => Vec::new(),
        };
        self.render(&events)
    }

    /// An event of a log. Most are passed on as they are, without being read.
    pub fn write_logged(&mut self, event: &LoggedEvent) -> String {
        if self.agui.is_some() || event.kind == "end_vertex" {
            return self.write(&event.kind, &event.value());
        }
        if self.shows_graph || is_message(&event.kind) {
            let text = format!("{{\"event\":\"{}\",\"data\":{}}}", event.kind, event.data);
            return self.number(&text);
        }
        String::new()
    }

    fn render(&mut self, events: &[Value]) -> String {
        events.iter().map(|event| self.number(&event.to_string())).collect()
    }

    fn number(&mut self, event: &str) -> String {
        let id = self.next_id;
        self.next_id += 1;
        if self.last_read.is_some_and(|last| id <= last) {
            return String::new();
        }
        format!("data: {event}\nid: {id}\n\n")
    }
}

fn is_message(event: &str) -> bool {
    matches!(event, "add_message" | "token" | "remove_message" | "error" | "end" | "human_input_required")
}

/// The result of a node that nothing follows, besides its state.
fn terminal_output(event: &str, data: &Value) -> Option<Value> {
    let meta = data.get("output_meta").filter(|_| event == "end_vertex")?;
    meta.get("is_terminal")?.as_bool()?.then(|| {
        let build = data.get("build_data");
        let results = build.and_then(|build| build.pointer("/data/results"));
        let content = super::sync::content(results);
        json!({"event": "output", "data": {
            "type": content.kind, "status": "completed", "display_name": meta.get("display_name"),
            "content": content.value, "metadata": {"component_type": meta.get("vertex_type")},
            "component_id": meta.get("component_id"),
        }})
    })
}
