//! A workflow as a stream of server-sent events. When the reader goes, the run is cancelled.

use super::agui::Translator;
use super::body::{Protocol, Wanted};
use crate::AppState;
use crate::error::ApiResult;
use crate::frames::{self, Surface};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, stream};
use langflow_app::Principal;
use langflow_app::runs::{BuildFlow, BuildInputs, Frame, prepare_build};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Frames that the reader may be behind.
const QUEUE: usize = 64;

pub async fn run(app: &AppState, who: &Principal, wanted: Wanted) -> ApiResult<Response> {
    let build = BuildFlow {
        flow_id: wanted.flow_id,
        inputs: BuildInputs {
            value: Some(wanted.input_value),
            session: wanted.session_id,
            ..BuildInputs::default()
        },
        data: wanted.data,
        files: wanted.files,
        start_component_id: wanted.start,
        stop_component_id: wanted.stop,
        log_builds: true,
    };
    let build = prepare_build(app, who, build).await?;
    let session = build.session_id().to_owned();
    let mut writer = Writer::new(wanted.protocol, session, build.run_id().to_string(), wanted.shows_graph);
    let head = writer.head();
    let (sink, receiver) = mpsc::channel(QUEUE);
    let (writer, clock) = (Mutex::new(writer), Arc::clone(&app.clock));
    let to_text = move |frame: Frame| {
        let (event, data) = frames::event(frame, Surface::Build, clock.now());
        writer.lock().write(event, &data)
    };
    let events = frames::driven(build.stream(sink), receiver, to_text);
    let first = stream::once(async move { Ok::<_, Infallible>(Bytes::from(head)) });
    let mut response = Body::from_stream(first.chain(events)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Numbers events and writes them, the data line before the id line as the reference does.
struct Writer {
    next_id: u64,
    shows_graph: bool,
    agui: Option<Translator>,
}

impl Writer {
    fn new(protocol: Protocol, session: String, run: String, shows_graph: bool) -> Self {
        let agui = (protocol == Protocol::AgUi).then(|| Translator::new(session, run, shows_graph));
        Self { next_id: 0, shows_graph, agui }
    }

    fn head(&mut self) -> String {
        let events = self.agui.as_ref().map(Translator::begin).unwrap_or_default();
        self.render(&events)
    }

    fn write(&mut self, event: &str, data: &Value) -> String {
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

    fn render(&mut self, events: &[Value]) -> String {
        let mut text = String::new();
        for event in events {
            text.push_str(&format!("data: {event}\nid: {}\n\n", self.next_id));
            self.next_id += 1;
        }
        text
    }
}

fn is_message(event: &str) -> bool {
    matches!(event, "add_message" | "token" | "remove_message" | "error" | "end")
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
