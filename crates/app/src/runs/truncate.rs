//! Long results are kept short in the store.

use langflow_core::Json;

/// Cuts texts at `max_text` characters and lists at `max_items` items, saying so.
pub(super) fn truncate(json: &mut Json, max_text: usize, max_items: usize) {
    match json {
        Json::String(text) => cut(text, max_text),
        Json::Array(items) => {
            let surplus = items.len().saturating_sub(max_items);
            items.truncate(max_items);
            for item in items.iter_mut() {
                truncate(item, max_text, max_items);
            }
            if surplus > 0 {
                items.push(Json::String(format!("... [truncated {surplus} items]")));
            }
        }
        Json::Object(map) => {
            for value in map.values_mut() {
                truncate(value, max_text, max_items);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Cuts a text at `max_text` characters, saying so.
pub(super) fn cut(text: &mut String, max_text: usize) {
    if text.len() > max_text
        && let Some((end, _)) = text.char_indices().nth(max_text)
    {
        text.truncate(end);
        text.push_str("...");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_and_lists_are_cut_at_characters_and_items() {
        let mut value = json!({"a": "äöüß", "b": [1, 2, 3, 4], "c": {"d": "short"}});
        truncate(&mut value, 3, 2);
        assert_eq!(
            value,
            json!({"a": "äöü...", "b": [1, 2, "... [truncated 2 items]"], "c": {"d": "sho..."}})
        );
    }
}
