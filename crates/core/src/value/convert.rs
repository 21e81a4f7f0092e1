//! Text forms of values: Python's `repr` and format strings, JSON fences, Markdown tables, cleaning.

use super::{Json, JsonMap};

/// The text Python's `str()` gives for a JSON value; nested strings are quoted.
pub fn python_repr(json: &Json) -> String {
    match json {
        Json::String(s) => s.clone(),
        other => {
            let mut out = String::new();
            write_repr(other, &mut out);
            out
        }
    }
}

fn write_repr(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push_str("None"),
        Json::Bool(true) => out.push_str("True"),
        Json::Bool(false) => out.push_str("False"),
        Json::Number(n) => out.push_str(&n.to_string()),
        Json::String(s) => write_quoted(s, out),
        Json::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write_repr(item, out);
            }
            out.push(']');
        }
        Json::Object(map) => {
            out.push('{');
            for (i, (key, value)) in map.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write_quoted(key, out);
                out.push_str(": ");
                write_repr(value, out);
            }
            out.push('}');
        }
    }
}

/// Python quotes with `'` unless the text holds one and no `"`.
fn write_quoted(s: &str, out: &mut String) {
    let quote = if s.contains('\'') && !s.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in s.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
}

/// A fenced JSON block, two spaces of indent, as Chat Output shows data.
pub fn json_fence(json: &Json) -> String {
    format!("```json\n{}\n```", serde_json::to_string_pretty(json).unwrap_or_default())
}

/// Text cleaning of Chat Output: lines of white space become empty, three or more newlines two.
pub fn clean_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut newlines = 0;
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            newlines += 1;
            if newlines <= 2 {
                out.push('\n');
            }
        }
        if !line.trim().is_empty() {
            out.push_str(line);
            newlines = 0;
        }
    }
    out
}

/// Fills `{name}` in a pattern from `values`; `missing` gives the text of an unknown name or fails.
///
/// Only plain names, `{{` and `}}`. The whole of Python's format language lives with the prompt
/// component; see engine.md 3.6.
pub fn format_pattern<E>(
    pattern: &str,
    values: &JsonMap,
    mut missing: impl FnMut(&str) -> Result<String, E>,
) -> Result<String, E> {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        if let Some(tail) = tail.strip_prefix("{{") {
            out.push('{');
            rest = tail;
        } else if let Some(tail) = tail.strip_prefix("}}") {
            out.push('}');
            rest = tail;
        } else if let Some((name, tail)) = tail.strip_prefix('{').and_then(|t| t.split_once('}')) {
            match values.get(name) {
                Some(value) => out.push_str(&python_repr(value)),
                None => out.push_str(&missing(name)?),
            }
            rest = tail;
        } else {
            out.push_str(tail);
            rest = "";
        }
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn repr_reads_like_python() {
        let value = json!({"a": [1, 2.5, true, null], "b": "it's", "c": {"d": "x\n"}});
        assert_eq!(python_repr(&value), r#"{'a': [1, 2.5, True, None], 'b': "it's", 'c': {'d': 'x\n'}}"#);
    }

    #[test]
    fn three_newlines_become_two() {
        assert_eq!(clean_text("a\n\n\n\nb\n  \nc"), "a\n\nb\n\nc");
    }
}
