//! How much memory a value takes, roughly: what budgets count that people's code could exhaust.

use super::{Json, JsonMap, Message, Value};

/// What a value takes besides its text.
const EACH: usize = 32;

/// Bytes a JSON value takes in memory, roughly and never far below.
pub fn json_weight(json: &Json) -> usize {
    EACH + match json {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(json_weight).sum(),
        Json::Object(map) => map_weight(map),
        _ => 0,
    }
}

/// As [`json_weight`], of an object.
pub fn map_weight(map: &JsonMap) -> usize {
    map.iter().map(|(key, value)| EACH + key.len() + json_weight(value)).sum()
}

fn message_weight(message: &Message) -> usize {
    let lists = message.files.iter().chain(&message.content_blocks).map(json_weight).sum::<usize>();
    let metadata = message.session_metadata.as_ref().map_or(0, json_weight);
    size_of::<Message>() + message.text.len() + lists + metadata + map_weight(&message.extra)
}

impl Value {
    /// Bytes it takes in memory, roughly and never far below. Live handles count as nothing: they are not copies.
    pub fn weight(&self) -> usize {
        EACH + match self {
            Self::Json(json) => json_weight(json),
            Self::Message(message) => message_weight(message),
            Self::Data(data) => data.text_key.len() + data.default_value.len() + map_weight(&data.data),
            Self::Table(table) => table.cells().iter().flatten().map(json_weight).sum(),
            Self::List(items) => items.iter().map(Self::weight).sum(),
            Self::Secret(secret) => secret.expose().len(),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_long_or_many_is_heavy_in_every_form() {
        let long = "x".repeat(10_000);
        let many = json!(vec![0; 1000]);
        for (what, value, least) in [
            ("text", Value::text(long.clone()), 10_000),
            ("numbers", Value::Json(many.clone()), 1000 * EACH),
            ("a key", Value::Json(json!({ long.clone(): 1 })), 10_000),
            ("depth", Value::Json(json!([[[[{"a": [long]}]]]])), 10_000),
            ("a message", Message { text: long.clone(), ..Default::default() }.into(), 10_000),
            ("blocks", Message { content_blocks: vec![json!(long)], ..Default::default() }.into(), 10_000),
            ("a list", Value::List(vec![Value::Null; 1000]), 1000 * EACH),
            ("a secret", Value::Secret(long.clone().into()), 10_000),
        ] {
            let weight = value.weight();
            assert!((least..least * 4).contains(&weight), "{what}: {weight}");
        }
        assert!(Value::Null.weight() < 100);
    }
}
