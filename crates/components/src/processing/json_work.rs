//! What can be done with data.

use crate::text::{jq, literal};
use langflow_core::{Fault, Json, JsonMap};
use serde_json::json;

/// Deepest nesting that is walked.
const MAX_DEPTH: usize = 128;

/// The keys that are listed; the single key `data` unwraps its object.
pub fn select_keys(data: &JsonMap, keys: &[String]) -> Result<JsonMap, Fault> {
    let keys: Vec<&str> = keys.iter().map(|key| key.trim()).filter(|key| !key.is_empty()).collect();
    if let ["data"] = keys.as_slice()
        && let Some(Json::Object(inner)) = data.get("data")
    {
        return Ok(inner.clone());
    }
    let mut out = JsonMap::new();
    for key in keys {
        let value = data.get(key).ok_or_else(|| {
            let known: Vec<&str> = data.keys().map(String::as_str).collect();
            Fault::invalid(format!(
                "Select key '{key}' not found in data. Available keys: {}",
                known.join(", ")
            ))
            .at_field("select_keys_input")
        })?;
        out.insert(key.to_owned(), value.clone());
    }
    Ok(out)
}

/// Takes keys away, at every depth.
pub fn remove_keys(data: &JsonMap, keys: &[String]) -> JsonMap {
    map_keys(data, &|key| (!keys.iter().any(|gone| gone == key)).then(|| key.to_owned()), 0)
}

/// Gives keys other names, at every depth.
pub fn rename_keys(data: &JsonMap, names: &JsonMap) -> JsonMap {
    let rename = |key: &str| Some(names.get(key).and_then(Json::as_str).unwrap_or(key).to_owned());
    map_keys(data, &rename, 0)
}

fn map_keys(data: &JsonMap, change: &dyn Fn(&str) -> Option<String>, depth: usize) -> JsonMap {
    data.iter()
        .filter_map(|(key, value)| Some((change(key)?, map_value_keys(value, change, depth + 1))))
        .collect()
}

fn map_value_keys(value: &Json, change: &dyn Fn(&str) -> Option<String>, depth: usize) -> Json {
    match value {
        Json::Object(map) if depth < MAX_DEPTH => Json::Object(map_keys(map, change, depth)),
        Json::Array(items) if depth < MAX_DEPTH => {
            Json::Array(items.iter().map(|item| map_value_keys(item, change, depth + 1)).collect())
        }
        other => other.clone(),
    }
}

/// Texts that are Python literals become what they say, at every depth.
pub fn evaluate_literals(value: &Json) -> Json {
    match value {
        Json::Object(map) => {
            Json::Object(map.iter().map(|(key, value)| (key.clone(), evaluate_literals(value))).collect())
        }
        Json::Array(items) => Json::Array(items.iter().map(evaluate_literals).collect()),
        Json::String(text) if looks_literal(text) => literal::read(text).unwrap_or_else(|| value.clone()),
        other => other.clone(),
    }
}

fn looks_literal(text: &str) -> bool {
    let text = text.trim();
    let word = text.to_lowercase();
    text.starts_with(['{', '[', '(', '\'', '"'])
        || matches!(word.as_str(), "true" | "false" | "none")
        || text.starts_with(|c: char| c.is_ascii_digit())
}

/// One object with the keys of all; a key that several have holds a list of their values.
pub fn combine(items: &[JsonMap]) -> JsonMap {
    if let [only] = items {
        return only.clone();
    }
    let mut out = JsonMap::new();
    for item in items {
        for (key, value) in item {
            match out.get_mut(key) {
                None => {
                    out.insert(key.clone(), value.clone());
                }
                Some(Json::Array(list)) => extend(list, value),
                Some(first) => {
                    let mut list = vec![std::mem::take(first)];
                    extend(&mut list, value);
                    *first = Json::Array(list);
                }
            }
        }
    }
    out
}

fn extend(list: &mut Vec<Json>, value: &Json) {
    match value {
        Json::Array(more) => list.extend(more.iter().cloned()),
        one => list.push(one.clone()),
    }
}

/// What stands at a path like `.a.b[0]`: an object, else `{"result": value}`; `{"error": why}` if the path
/// cannot be read.
pub async fn select_path(data: &JsonMap, path: &str) -> JsonMap {
    match jq::run(path.trim(), Json::Object(data.clone())).await {
        Ok(results) => object_or("result", results.into_iter().next().unwrap_or_default()),
        Err(fault) => object_or("error", json!(fault.message())),
    }
}

/// The result of a jq program: an object, else `{"result": …}`; several results are a list.
pub async fn query(data: &JsonMap, program: &str) -> Result<JsonMap, Fault> {
    let wrong = |why: String| Fault::invalid(format!("JSON Query error: {why}")).at_field("query");
    if program.trim().is_empty() {
        return Err(Fault::missing("JSON Query is required and cannot be blank.").at_field("query"));
    }
    let ran = jq::run(program, Json::Object(data.clone())).await;
    let mut results = ran.map_err(|fault| fault.prefixed("JSON Query error: ").at_field("query"))?;
    match results.len() {
        0 => Err(wrong("No result from JSON query.".into())),
        1 => match results.remove(0) {
            Json::Null => Err(wrong("the query gives null: check that the path exists in the data".into())),
            one => Ok(object_or("result", one)),
        },
        _ => Ok(object_or("result", Json::Array(results))),
    }
}

fn object_or(key: &str, value: Json) -> JsonMap {
    match value {
        Json::Object(map) => map,
        other => JsonMap::from_iter([(key.to_owned(), other)]),
    }
}

/// Every path of a value, as the path selection writes it; at most `limit`.
pub fn paths(value: &Json, limit: usize) -> Vec<String> {
    let mut found = Vec::new();
    collect_paths(value, String::new(), limit, &mut found);
    found
}

fn collect_paths(value: &Json, path: String, limit: usize, found: &mut Vec<String>) {
    if found.len() >= limit {
        return;
    }
    if !path.is_empty() {
        found.push(path.clone());
    }
    match value {
        Json::Object(map) => {
            for (key, value) in map {
                collect_paths(value, format!("{path}.{key}"), limit, found);
            }
        }
        Json::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                let stem = if path.is_empty() { "." } else { &path };
                collect_paths(item, format!("{stem}[{i}]"), limit, found);
            }
        }
        _ => {}
    }
}
