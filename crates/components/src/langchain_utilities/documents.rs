//! Data as documents: a text and what is known about it.

use langflow_core::value::python_repr;
use langflow_core::{Data, Json, JsonMap};

/// Most chunks of one run.
pub const MAX_CHUNKS: usize = 100_000;

/// The text of data, and its other keys.
pub fn document(data: &Data) -> (String, JsonMap) {
    let mut rest = data.data.clone();
    let text = match rest.shift_remove(&data.text_key) {
        Some(Json::String(text)) => text,
        None => data.default_value.clone(),
        Some(other) => python_repr(&other),
    };
    (text, rest)
}

/// Data of a text and what is known about it.
pub fn data(text: String, mut rest: JsonMap) -> Data {
    rest.insert("text".into(), Json::String(text));
    Data::new(rest)
}

/// Cuts the text of every data; each chunk keeps the other keys.
pub fn split(all: &[Data], cut: impl Fn(&str) -> Vec<String>) -> Vec<Data> {
    let documents = all.iter().map(document);
    let chunks =
        documents.flat_map(|(text, rest)| cut(&text).into_iter().map(move |chunk| data(chunk, rest.clone())));
    chunks.take(MAX_CHUNKS).collect()
}

/// Backslash escapes as people type them.
pub fn unescape(typed: &str) -> String {
    typed.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r")
}
