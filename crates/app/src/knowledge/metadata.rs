//! What callers want to stand on every chunk.

use crate::{AppError, AppResult, ErrorKind};
use langflow_core::{Json, JsonMap};
use std::collections::BTreeMap;

const MOST_KEYS: usize = 50;
const LONGEST_KEY: usize = 64;
const LONGEST_VALUE: usize = 1_000;
const LONGEST_LIST: usize = 50;
/// Written by the server itself.
const RESERVED: [&str; 8] = [
    "chunk_index",
    "file_name",
    "ingested_at",
    "job_id",
    "source",
    "source_metadata",
    "source_type",
    "total_chunks",
];

fn refuse(why: impl Into<String>) -> AppError {
    AppError::new(ErrorKind::Unprocessable, why.into())
}

/// Metadata of all files; empty text: none.
///
/// # Errors
/// 422
pub fn read_metadata(text: &str) -> AppResult<JsonMap> {
    if text.trim().is_empty() {
        return Ok(JsonMap::new());
    }
    let map: JsonMap = serde_json::from_str(text)
        .map_err(|error| refuse(format!("Metadata is not a JSON object: {error}")))?;
    check(&map)?;
    Ok(map)
}

/// Metadata by file name.
///
/// # Errors
/// 422
pub fn read_file_metadata(text: &str) -> AppResult<BTreeMap<String, JsonMap>> {
    if text.trim().is_empty() {
        return Ok(BTreeMap::new());
    }
    let all: BTreeMap<String, JsonMap> = serde_json::from_str(text)
        .map_err(|error| refuse(format!("Per-file metadata is not an object of JSON objects: {error}")))?;
    all.values().try_for_each(check)?;
    Ok(all)
}

fn check(map: &JsonMap) -> AppResult<()> {
    if map.len() > MOST_KEYS {
        return Err(refuse(format!("Metadata has at most {MOST_KEYS} keys.")));
    }
    for (key, value) in map {
        let is_plain = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if key.is_empty() || key.len() > LONGEST_KEY || !is_plain {
            return Err(refuse(format!(
                "Metadata key '{key}' must be 1 to {LONGEST_KEY} lower-case letters, digits and underscores."
            )));
        }
        if RESERVED.contains(&key.as_str()) {
            return Err(refuse(format!("Metadata key '{key}' is reserved for ingestion-internal use.")));
        }
        check_value(key, value)?;
    }
    Ok(())
}

fn check_value(key: &str, value: &Json) -> AppResult<()> {
    match value {
        Json::Bool(_) | Json::Number(_) => Ok(()),
        Json::String(text) if text.chars().count() <= LONGEST_VALUE => Ok(()),
        Json::String(_) => {
            Err(refuse(format!("Metadata value for '{key}' exceeds {LONGEST_VALUE} characters.")))
        }
        Json::Array(items) if items.len() > LONGEST_LIST => {
            Err(refuse(format!("Metadata array '{key}' exceeds {LONGEST_LIST} items.")))
        }
        Json::Array(items) => items.iter().try_for_each(|item| match item {
            Json::Array(_) | Json::Object(_) | Json::Null => {
                Err(refuse(format!("Metadata array '{key}' holds something that is no plain value.")))
            }
            plain => check_value(key, plain),
        }),
        Json::Null | Json::Object(_) => Err(refuse(format!(
            "Metadata value for '{key}' must be a text, a number, true, false, or a list of these."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_values_under_plain_keys_pass() {
        for (text, passes) in [
            ("", true),
            (r#"{"team": "a", "n": 1, "tags": ["x", true]}"#, true),
            ("[]", false),
            ("{", false),
            (r#"{"Team": "a"}"#, false),
            (r#"{"job_id": "a"}"#, false),
            (r#"{"a": {"b": 1}}"#, false),
            (r#"{"a": [[1]]}"#, false),
            (r#"{"a": null}"#, false),
        ] {
            assert_eq!(read_metadata(text).is_ok(), passes, "{text}");
        }
        assert!(read_metadata(&format!("{{\"a\": \"{}\"}}", "x".repeat(LONGEST_VALUE + 1))).is_err());
        assert!(read_file_metadata(r#"{"a.txt": {"n": 1}}"#).is_ok());
        assert!(read_file_metadata(r#"{"a.txt": 1}"#).is_err());
    }
}
