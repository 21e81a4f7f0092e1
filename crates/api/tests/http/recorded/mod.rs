//! Recorded exchanges of the reference server.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests, which say when they skip"
)]

use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// One request with its answer.
pub struct Exchange {
    pub name: String,
    pub method: String,
    pub path: String,
    pub headers: Value,
    pub request: Value,
    pub status: u16,
    pub body: Value,
}

/// The folder of recordings, if it is there.
fn folder() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test's own switch")]
    let named = std::env::var("LANGFLOW_CAPTURES").ok().map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/captures");
    named.or(Some(beside)).filter(|folder| folder.is_dir())
}

/// The exchanges of one version; `None`, said aloud, where there are no recordings.
pub fn load(file: &str, version: &str) -> Option<Vec<Exchange>> {
    let Some(folder) = folder() else {
        println!("skipped: set LANGFLOW_CAPTURES to the folder of recorded exchanges");
        return None;
    };
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    Some(text.lines().filter_map(|line| read(line, version)).collect())
}

fn read(line: &str, version: &str) -> Option<Exchange> {
    let json: Value = serde_json::from_str(line).unwrap();
    let text = |place: &str| json.pointer(place).and_then(Value::as_str).unwrap_or_default().to_owned();
    (text("/version") == version && json["request"]["method"].is_string()).then(|| Exchange {
        name: text("/name"),
        method: text("/request/method"),
        path: text("/request/path"),
        headers: json["request"]["headers"].clone(),
        request: json["request"]["body"].clone(),
        status: u16::try_from(json["response"]["status"].as_u64().unwrap()).unwrap(),
        body: json["response"]["body"].clone(),
    })
}

/// The frames of a stream as a list.
pub fn frames(text: &str) -> Value {
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .collect()
}

/// A value without what differs from run to run: ids, times, durations, stack traces, the order of sets.
pub fn normal(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    ("timedelta" | "build_duration", Value::Number(_)) => json!(0),
                    ("duration", Value::String(_)) => json!("<duration>"),
                    ("traceback" | "stackTrace", Value::String(_)) => json!("<trace>"),
                    ("to_run", Value::Array(mut ids)) => {
                        ids.sort_by_key(Value::to_string);
                        Value::Array(ids)
                    }
                    (_, value) => normal(value),
                };
                (key, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(normal).collect(),
        Value::String(text) => Value::String(normal_text(&text)),
        other => other,
    }
}

fn normal_text(text: &str) -> String {
    let is_time = text.len() >= 19
        && text.as_bytes()[4] == b'-'
        && text.as_bytes()[13] == b':'
        && text[..4].chars().all(|c| c.is_ascii_digit());
    if is_time {
        return "<time>".into();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(head) = rest.get(..36)
            && uuid::Uuid::try_parse(head).is_ok()
        {
            out.push_str("<id>");
            rest = &rest[36..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}
