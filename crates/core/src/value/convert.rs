//! Text forms of values: Python's `repr` and format strings, JSON fences, Markdown tables, cleaning.

use super::Json;

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
        Json::Number(n) => match n.as_f64() {
            Some(x) if n.is_f64() => out.push_str(&python_float(x)),
            _ => out.push_str(&n.to_string()),
        },
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

/// The shortest text of a float that reads back the same, as Python's `repr` writes it: `1.0`, `1e-05`,
/// `1e+16`, `nan`.
pub fn python_float(x: f64) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    if x.is_infinite() {
        return if x < 0.0 { "-inf".into() } else { "inf".into() };
    }
    let scientific = format!("{x:e}");
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{x}");
        return if plain.contains('.') { plain } else { format!("{plain}.0") };
    }
    let (mantissa, _) = scientific.split_once('e').unwrap_or((&scientific, ""));
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
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
    fn floats_read_like_python() {
        for (x, text) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(python_float(x), text);
        }
    }

    #[test]
    fn three_newlines_become_two() {
        assert_eq!(clean_text("a\n\n\n\nb\n  \nc"), "a\n\nb\n\nc");
    }
}
