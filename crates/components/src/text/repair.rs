//! Reads JSON as models write it: fences and words around it, single quotes, bare keys, missing commas and
//! brackets, comments, trailing commas, Python's `True`, `False` and `None`.

use langflow_core::{Json, JsonMap};

/// Deepest nesting; what lies deeper is left out.
const MAX_DEPTH: usize = 128;

/// The JSON that a text means; nothing when there is no value in it.
///
/// JSON that is right is read as it stands.
pub fn read(text: &str) -> Option<Json> {
    if let Ok(json) = serde_json::from_str(text.trim()) {
        return Some(json);
    }
    let chars: Vec<char> = text.chars().collect();
    let start = chars.iter().position(|c| matches!(c, '{' | '['))?;
    let mut reader = Reader { chars, at: start };
    Some(reader.value(0))
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c))
    }

    /// Skips blanks, comments, and what else may be skipped.
    fn skip(&mut self, also: &[char]) {
        while let Some(c) = self.peek() {
            if c.is_whitespace() || also.contains(&c) {
                self.at += 1;
            } else if c == '#' || self.starts_with("//") {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
            } else if self.starts_with("/*") {
                self.at += 2;
                while self.peek().is_some() && !self.starts_with("*/") {
                    self.at += 1;
                }
                self.at += 2;
            } else {
                return;
            }
        }
    }

    fn value(&mut self, depth: usize) -> Json {
        self.skip(&[]);
        match self.peek() {
            Some('{') if depth < MAX_DEPTH => self.object(depth + 1),
            Some('[') if depth < MAX_DEPTH => self.array(depth + 1),
            Some('{' | '[') => {
                self.at = self.chars.len();
                Json::Null
            }
            Some(quote) if closing(quote).is_some() => Json::String(self.text(false)),
            _ => self.word(&[',', '}', ']', '\n']),
        }
    }

    fn object(&mut self, depth: usize) -> Json {
        self.at += 1;
        let mut map = JsonMap::new();
        loop {
            self.skip(&[',', ';']);
            match self.peek() {
                None => break,
                Some('}') => {
                    self.at += 1;
                    break;
                }
                // An object that was never closed ends where the list around it does.
                Some(']') => break,
                _ => {}
            }
            let key = match self.peek() {
                Some(quote) if closing(quote).is_some() => self.text(true),
                _ => self.bare(&[':', '=', ',', '}', '\n']),
            };
            self.skip(&[]);
            if self.peek().is_some_and(|c| matches!(c, ':' | '=')) {
                self.at += 1;
                self.skip(&[]);
                let value = match self.peek() {
                    None | Some(',' | '}') => Json::String(String::new()),
                    _ => self.value(depth),
                };
                map.insert(key, value);
            } else if key.is_empty() {
                self.at += 1;
            } else {
                map.insert(key, Json::String(String::new()));
            }
        }
        Json::Object(map)
    }

    fn array(&mut self, depth: usize) -> Json {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip(&[',', ';']);
            match self.peek() {
                None => break,
                Some(']') => {
                    self.at += 1;
                    break;
                }
                Some('}') => break,
                _ => {
                    let before = self.at;
                    items.push(self.value(depth));
                    if self.at == before {
                        self.at += 1;
                    }
                }
            }
        }
        Json::Array(items)
    }

    /// A quoted text. A quote that no key or end follows belongs to the text.
    fn text(&mut self, is_key: bool) -> String {
        let close = self.next().and_then(closing).unwrap_or('"');
        let mut out = String::new();
        while let Some(c) = self.next() {
            match c {
                '\\' => self.escape(&mut out),
                c if c == close && self.ends_here(is_key) => return out,
                c => out.push(c),
            }
        }
        out.trim_end().to_owned()
    }

    /// Whether what follows a closing quote could follow a text.
    fn ends_here(&self, is_key: bool) -> bool {
        let mut rest = self.chars.iter().skip(self.at).skip_while(|c| c.is_whitespace() && **c != '\n');
        match rest.next() {
            None | Some('\n' | ',' | '}' | ']' | '/' | '#') => true,
            Some(':' | '=') => true,
            // A missing comma: the next text begins.
            Some('"' | '\'' | '“') => true,
            Some(_) => is_key,
        }
    }

    fn escape(&mut self, out: &mut String) {
        match self.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let digits: String = self.chars.iter().skip(self.at).take(4).collect();
                match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                    Some(c) if digits.len() == 4 => {
                        self.at += 4;
                        out.push(c);
                    }
                    _ => out.push_str("\\u"),
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
    }

    fn bare(&mut self, ends: &[char]) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek() {
            let is_comment = (c == '#' || self.starts_with("//")) && out.ends_with(char::is_whitespace);
            if ends.contains(&c) || is_comment {
                break;
            }
            out.push(c);
            self.at += 1;
        }
        out.trim().to_owned()
    }

    fn word(&mut self, ends: &[char]) -> Json {
        let word = self.bare(ends);
        match word.to_ascii_lowercase().as_str() {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            "null" | "none" => Json::Null,
            _ => match serde_json::from_str::<serde_json::Number>(&word) {
                Ok(number) => Json::Number(number),
                Err(_) => Json::String(word),
            },
        }
    }
}

fn closing(quote: char) -> Option<char> {
    match quote {
        '"' | '\'' | '`' => Some(quote),
        '“' => Some('”'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_models_write_is_read() {
        for (text, expected) in [
            (r#"{"a": 1}"#, json!({"a": 1})),
            ("```json\n{\"a\": 1}\n```", json!({"a": 1})),
            ("Here it is: {'a': 'x', b: 2,}", json!({"a": "x", "b": 2})),
            (r#"{"a": "x" "b": "y"}"#, json!({"a": "x", "b": "y"})),
            (r#"{"a": [1, 2, {"b": "c""#, json!({"a": [1, 2, {"b": "c"}]})),
            (r#"{"a": "he said "no" to it", "b": 1}"#, json!({"a": "he said \"no\" to it", "b": 1})),
            ("{\"a\": True, \"b\": None, \"c\": false} // done", json!({"a": true, "b": null, "c": false})),
            ("{\"a\": 1, /* two */ \"b\": 2 # three\n}", json!({"a": 1, "b": 2})),
            (r#"{"a": }"#, json!({"a": ""})),
            (r#"{"a": "b\u00e4\n"}x"#, json!({"a": "bä\n"})),
            ("[1 , 2", json!([1, 2])),
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
        assert_eq!(read("no braces"), None);
        assert!(read(&"[".repeat(100_000)).is_some());
    }

    proptest! {
        #[test]
        fn every_text_comes_to_an_end(text in r#"[\[\]{}:,"'a1 \n\\/*#]{0,40}"#) {
            read(&text);
        }

        #[test]
        fn right_json_stays(number in -5..5, text in "[a-z\"\\\\ ]{0,8}") {
            let json = json!({"n": [number, {"t": text}]});
            prop_assert_eq!(read(&json.to_string()), Some(json));
        }
    }
}
