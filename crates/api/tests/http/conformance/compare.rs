//! What counts as equal.

use langflow_testkit::test_app::Answer;
use serde_json::Value;

/// Headers whose presence and meaning clients rely on.
const HEADERS: [&str; 6] = [
    "content-type",
    "content-disposition",
    "location",
    "retry-after",
    "www-authenticate",
    "x-langflow-error-code",
];

/// Keys whose values say when, by whom or how fast, and may be there or null.
const VOLATILE: [&str; 12] = [
    "version_token",
    "duration",
    "timedelta",
    "build_duration",
    "code_hash",
    "code",
    "value",
    "metadata",
    "usage",
    "traceback",
    "stack_trace",
    "ctx",
];

/// All differences between a recorded answer and ours.
pub fn differences(name: &str, recorded: &Value, ours: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    let status = recorded["status"].as_u64().unwrap_or_default();
    if status != u64::from(ours.status) {
        found.push(format!(
            "status {} for {status} ({})",
            ours.status,
            ours.text.chars().take(140).collect::<String>()
        ));
        return found;
    }
    for name in HEADERS {
        let theirs = recorded["headers"][name].as_str();
        let mine = ours.header(name);
        let equal = match (theirs, mine) {
            // An empty body has no type.
            _ if name == "content-type" && ours.text.is_empty() => true,
            (Some(theirs), Some(mine)) if name == "content-type" => kind(theirs) == kind(mine),
            (Some(_), Some(_)) | (None, None) => true,
            _ => false,
        };
        if !equal {
            found.push(format!("header {name}: {mine:?} for {theirs:?}"));
        }
    }
    match &recorded["body"] {
        Value::String(text) if text.starts_with('<') || text.is_empty() || !is_json(recorded) => {}
        // The recording says where the same body stands.
        Value::String(text) if text.contains("(see ") => {}
        body if name.contains(".excerpt.") => shape("", body, &excerpt(body, ours.json()), &mut found),
        body => shape("", &without_doubles(body), &ours.json(), &mut found),
    }
    found
}

/// The components of ours that the recording kept of the catalogue.
fn excerpt(recorded: &Value, mut ours: Value) -> Value {
    let recorded = recorded.as_object();
    let kept = |map: &mut serde_json::Map<String, Value>, known: Option<&serde_json::Map<String, Value>>| {
        map.retain(|key, _| known.is_some_and(|known| known.contains_key(key)));
    };
    for (group, entries) in ours.as_object_mut().into_iter().flatten() {
        let known = recorded.and_then(|recorded| recorded.get(group)).and_then(Value::as_object);
        if let Some(entries) = entries.as_object_mut() {
            kept(entries, known);
        }
    }
    if let Some(groups) = ours.as_object_mut() {
        kept(groups, recorded);
    }
    ours
}

fn kind(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

fn is_json(recorded: &Value) -> bool {
    recorded["headers"]["content-type"].as_str().is_some_and(|text| kind(text) == "application/json")
}

/// The reference lists some problems twice; once is enough.
fn without_doubles(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(list) = body.get_mut("detail").and_then(Value::as_array_mut) {
        let mut seen: Vec<Value> = Vec::new();
        list.retain(|entry| {
            let is_new = !seen.contains(entry);
            seen.push(entry.clone());
            is_new
        });
    }
    body
}

/// Keys and kinds of values.
fn shape(at: &str, theirs: &Value, ours: &Value, found: &mut Vec<String>) {
    const MOST: usize = 4;
    if found.len() >= MOST {
        return;
    }
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for (key, value) in theirs {
                match ours.get(key) {
                    Some(_) if VOLATILE.contains(&key.as_str()) => {}
                    Some(mine) => shape(&format!("{at}.{key}"), value, mine, found),
                    None => found.push(format!("{at}.{key} is missing")),
                }
            }
            for key in ours.keys().filter(|key| !theirs.contains_key(*key)) {
                found.push(format!("{at}.{key} is ours alone"));
            }
        }
        (Value::Array(theirs), Value::Array(ours)) => match (theirs.first(), ours.first()) {
            (Some(theirs), Some(ours)) => shape(&format!("{at}[]"), theirs, ours, found),
            (None, None) => {}
            (theirs, _) => {
                found.push(format!("{at} is {} here", if theirs.is_some() { "empty" } else { "not empty" }));
            }
        },
        (theirs, ours) if name_of(theirs) == name_of(ours) => {}
        (theirs, ours) => found.push(format!("{at} is {} for {}", name_of(ours), name_of(theirs))),
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
