//! The request, all problems named.

use crate::extract::fields::{problem, unprocessable};
use crate::extract::json::JsonBody;
use langflow_app::{AppError, AppResult, ErrorKind};
use langflow_core::JsonMap;
use serde_json::{Value, json};
use uuid::Uuid;

const KEYS: [&str; 15] = [
    "flow_id",
    "input_value",
    "tweaks",
    "session_id",
    "mode",
    "stream_protocol",
    "expose_graph_state",
    "data",
    "files",
    "start_component_id",
    "stop_component_id",
    "output_ids",
    "globals",
    "idempotency_key",
    "request_id",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Sync,
    Stream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Langflow,
    AgUi,
}

#[derive(Debug)]
pub struct Wanted {
    pub flow_id: Uuid,
    pub input_value: String,
    pub tweaks: JsonMap,
    pub session_id: Option<String>,
    pub mode: Mode,
    pub protocol: Protocol,
    pub shows_graph: bool,
    pub data: Option<Value>,
    pub files: Vec<String>,
    pub start: Option<String>,
    pub stop: Option<String>,
    pub output_ids: Option<Vec<String>>,
}

pub fn read(body: &JsonBody) -> AppResult<Wanted> {
    let mut fields = body.fields()?;
    let unknown: Vec<String> = fields.keys().filter(|key| !KEYS.contains(key)).map(str::to_owned).collect();
    for key in unknown {
        fields.problem(&key, "extra_forbidden", "Extra inputs are not permitted");
    }
    let flow = fields.required_text("flow_id");
    let mode = fields.choice("mode", &["sync", "stream", "background"]).flatten().unwrap_or("sync");
    let protocol = fields.text("stream_protocol").flatten().unwrap_or_else(|| "langflow".into());
    let shows_graph = fields.boolean("expose_graph_state").flatten();
    let wanted = Wanted {
        flow_id: Uuid::parse_str(&flow).unwrap_or_default(),
        input_value: fields.text("input_value").flatten().unwrap_or_default(),
        tweaks: fields.object("tweaks").flatten().unwrap_or_default(),
        session_id: fields.text("session_id").flatten(),
        mode: if mode == "sync" { Mode::Sync } else { Mode::Stream },
        protocol: if protocol == "agui" { Protocol::AgUi } else { Protocol::Langflow },
        shows_graph: shows_graph.unwrap_or(protocol != "agui"),
        data: fields.object("data").flatten().map(Value::Object),
        files: fields.texts("files").flatten().unwrap_or_default(),
        start: fields.text("start_component_id").flatten(),
        stop: fields.text("stop_component_id").flatten(),
        output_ids: fields.texts("output_ids").flatten(),
    };
    fields.finish()?;
    if wanted.flow_id.is_nil() {
        let text = "Value error, Invalid flow_id, must be a UUID";
        return Err(unprocessable(vec![problem("value_error", &[json!("body")], text)]));
    }
    if !["langflow", "agui"].contains(&protocol.as_str()) {
        return Err(refuse("UNKNOWN_STREAM_PROTOCOL", "stream_protocol is langflow or agui", &[]));
    }
    if mode == "background" {
        return Err(refuse(
            "MODE_UNSUPPORTED",
            "This server runs workflows in the modes sync and stream",
            &["mode"],
        ));
    }
    check_mode(&wanted)?;
    Ok(wanted)
}

fn check_mode(wanted: &Wanted) -> AppResult<()> {
    let named = |list: [(&'static str, bool); 4]| -> Vec<&'static str> {
        list.into_iter().filter_map(|(name, is_set)| is_set.then_some(name)).collect()
    };
    let (code, fields) = match wanted.mode {
        Mode::Sync => (
            "SYNC_MODE_UNSUPPORTED_FIELDS",
            named([
                ("data", wanted.data.is_some()),
                ("files", !wanted.files.is_empty()),
                ("start_component_id", wanted.start.is_some()),
                ("stop_component_id", wanted.stop.is_some()),
            ]),
        ),
        Mode::Stream => (
            "MODE_UNSUPPORTED_FIELDS",
            named([
                ("output_ids", wanted.output_ids.is_some()),
                ("tweaks", !wanted.tweaks.is_empty()),
                ("", false),
                ("", false),
            ]),
        ),
    };
    if fields.is_empty() { Ok(()) } else { Err(refuse(code, "Fields that this mode does not take", &fields)) }
}

pub fn refuse(code: &str, message: &str, fields: &[&str]) -> AppError {
    let mut detail = json!({"error": "Validation error", "code": code, "message": message});
    if let Some(map) = detail.as_object_mut().filter(|_| !fields.is_empty()) {
        map.insert("fields".into(), json!(fields));
    }
    AppError::new(ErrorKind::Unprocessable, detail)
}
