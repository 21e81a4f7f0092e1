//! The request, all problems named.

use crate::extract::fields::{Fields, problem, unprocessable};
use crate::extract::json::JsonBody;
use langflow_app::variables::Overrides;
use langflow_app::{AppError, AppResult, ErrorKind};
use langflow_core::JsonMap;
use serde_json::{Value, json};
use utoipa::ToSchema;
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
    Background,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    #[default]
    Langflow,
    AgUi,
}

impl Protocol {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Langflow => "langflow",
            Self::AgUi => "agui",
        }
    }
}

impl std::str::FromStr for Protocol {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "langflow" => Ok(Self::Langflow),
            "agui" => Ok(Self::AgUi),
            _ => Err(()),
        }
    }
}

/// The request to run a workflow.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the API's document; it is read field by field")]
pub struct WorkflowBody {
    /// The flow; an endpoint name is not taken here.
    flow_id: String,
    /// Text for the input components. If absent they keep what the flow stores; if empty, too, but in a session of a
    /// stream or of a run in the background.
    input_value: Option<String>,
    /// Changes of fields for this run, by component.
    #[schema(value_type = Option<Object>)]
    tweaks: Option<Value>,
    /// The conversation; the flow's id if absent.
    session_id: Option<String>,
    /// `sync`, `stream` or `background`.
    mode: Option<String>,
    /// `langflow` or `agui`.
    stream_protocol: Option<String>,
    /// Tell the states of components too.
    expose_graph_state: Option<bool>,
    /// An unsaved graph, instead of the stored one.
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
    /// Storage paths of uploaded files.
    files: Option<Vec<String>>,
    /// Run this component and what follows it.
    start_component_id: Option<String>,
    /// Run what this component needs, and it.
    stop_component_id: Option<String>,
    /// Answer with these components only.
    output_ids: Option<Vec<String>>,
    /// Values for global variables.
    #[schema(value_type = Option<Object>)]
    globals: Option<Value>,
    /// A name for the run: a second request with the same name is refused.
    idempotency_key: Option<String>,
}

/// The request to run a public workflow.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the API's document; it is read field by field")]
pub struct PublicBody {
    /// The public flow.
    flow_id: String,
    /// Text for the input components, at most 64 Ki characters.
    input_value: Option<String>,
    /// The conversation among those of the visitor.
    session_id: Option<String>,
    /// `stream`.
    mode: Option<String>,
    /// `langflow` or `agui`.
    stream_protocol: Option<String>,
}

/// The request to stop a workflow.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the API's document; it is read field by field")]
pub struct StopBody {
    job_id: String,
}

/// The request to answer a workflow that waits.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the API's document; it is read field by field")]
pub struct ResumeBody {
    request_id: String,
    #[schema(value_type = Object)]
    decision: Value,
}

const MOST_GLOBALS: usize = 256;
const LONGEST_GLOBAL_NAME: usize = 256;
const LONGEST_GLOBAL: usize = 65_536;
const LONGEST_KEY: usize = 255;

#[derive(Debug)]
pub struct Wanted {
    pub flow_id: Uuid,
    /// Text for the input components; `None` leaves what the flow stores.
    pub input_value: Option<String>,
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
    /// Values for global variables, as they were sent.
    pub globals: Vec<(String, String)>,
    pub idempotency_key: Option<String>,
    /// Those of headers and body.
    pub variables: Overrides,
}

impl Wanted {
    pub fn globals_json(&self) -> Value {
        let pairs = self.globals.iter().map(|(name, value)| (name.clone(), json!(value)));
        Value::Object(pairs.collect())
    }
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
    let mut wanted = Wanted {
        flow_id: Uuid::parse_str(&flow).unwrap_or_default(),
        input_value: fields.text("input_value").flatten(),
        tweaks: fields.object("tweaks").flatten().unwrap_or_default(),
        session_id: fields.text("session_id").flatten(),
        mode: match mode {
            "sync" => Mode::Sync,
            "stream" => Mode::Stream,
            _ => Mode::Background,
        },
        protocol: protocol.parse().unwrap_or_default(),
        shows_graph: shows_graph.unwrap_or(protocol != "agui"),
        data: fields.object("data").flatten().map(Value::Object),
        files: fields.texts("files").flatten().unwrap_or_default(),
        start: fields.text("start_component_id").flatten(),
        stop: fields.text("stop_component_id").flatten(),
        output_ids: fields.texts("output_ids").flatten(),
        globals: read_globals(&mut fields),
        idempotency_key: fields.text("idempotency_key").flatten(),
        variables: Overrides::default(),
    };
    let session = wanted.session_id.as_deref().filter(|_| wanted.mode != Mode::Sync);
    wanted.input_value = said(wanted.input_value.take(), session);
    if wanted.idempotency_key.as_ref().is_some_and(|key| key.chars().count() > LONGEST_KEY) {
        let text = format!("String should have at most {LONGEST_KEY} characters");
        fields.problem("idempotency_key", "string_too_long", &text);
    }
    fields.finish()?;
    if wanted.flow_id.is_nil() {
        let text = "Value error, Invalid flow_id, must be a UUID";
        return Err(unprocessable(vec![problem("value_error", &[json!("body")], text)]));
    }
    if !["langflow", "agui"].contains(&protocol.as_str()) {
        return Err(unknown_protocol(&protocol));
    }
    check_mode(&wanted)?;
    Ok(wanted)
}

/// What is said in a conversation: an empty text only where the conversation is named, as in the reference.
pub fn said(text: Option<String>, session: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty() || session.is_some_and(|session| !session.is_empty()))
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
        Mode::Stream | Mode::Background => (
            "MODE_UNSUPPORTED_FIELDS",
            named([("output_ids", wanted.output_ids.is_some()), ("", false), ("", false), ("", false)]),
        ),
    };
    if fields.is_empty() { Ok(()) } else { Err(refuse(code, "Fields that this mode does not take", &fields)) }
}

/// Texts by name; a problem names the entry.
fn read_globals(fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let map = fields.object("globals").flatten().unwrap_or_default();
    if map.len() > MOST_GLOBALS {
        let text = format!("Dictionary should have at most {MOST_GLOBALS} items");
        fields.problem("globals", "too_long", &text);
    }
    let mut globals = Vec::new();
    for (name, value) in map.into_iter().take(MOST_GLOBALS) {
        match value {
            Value::String(value)
                if name.chars().count() <= LONGEST_GLOBAL_NAME && value.chars().count() <= LONGEST_GLOBAL =>
            {
                globals.push((name, value));
            }
            Value::String(_) => {
                let text = format!(
                    "Value error, names have at most {LONGEST_GLOBAL_NAME} characters and values {LONGEST_GLOBAL}"
                );
                fields.problem("globals", "value_error", &text);
            }
            _ => fields.problem("globals", "string_type", "Input should be a valid string"),
        }
    }
    globals
}

pub fn unknown_protocol(protocol: &str) -> AppError {
    let shown: String = protocol.chars().take(100).collect();
    AppError::new(
        ErrorKind::Unprocessable,
        json!({
            "error": "Unknown stream_protocol", "code": "UNKNOWN_STREAM_PROTOCOL",
            "message": format!("Unknown stream_protocol '{shown}'."), "available": ["agui", "langflow"],
        }),
    )
}

pub fn refuse(code: &str, message: &str, fields: &[&str]) -> AppError {
    let mut detail = json!({"error": "Validation error", "code": code, "message": message});
    if let Some(map) = detail.as_object_mut().filter(|_| !fields.is_empty()) {
        map.insert("fields".into(), json!(fields));
    }
    AppError::new(ErrorKind::Unprocessable, detail)
}
