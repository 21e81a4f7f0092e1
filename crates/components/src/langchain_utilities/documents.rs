//! Data as documents: a text and what is known about it.

use crate::made::Made;
use langflow_core::value::{map_weight, python_repr};
use langflow_core::{Data, Fault, FaultKind, Json, JsonMap};

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
///
/// # Errors
/// What `cut` says, and more chunks than can be kept.
pub fn split(all: &[Data], cut: impl Fn(&str) -> Result<Vec<String>, Fault>) -> Result<Vec<Data>, Fault> {
    let (mut chunks, mut made) = (Vec::new(), Made::default());
    for (text, rest) in all.iter().map(document) {
        let rest_bytes = map_weight(&rest);
        for chunk in cut(&text)? {
            made.add(chunk.len() + rest_bytes)?;
            if chunks.len() == MAX_CHUNKS {
                let why = format!("there are more than {MAX_CHUNKS} chunks; make them larger");
                return Err(Fault::new(FaultKind::Budget, why).at_field("chunk_size"));
            }
            chunks.push(data(chunk, rest.clone()));
        }
    }
    Ok(chunks)
}

/// Backslash escapes as people type them.
pub fn unescape(typed: &str) -> String {
    typed.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r")
}
