//! Python literals as JSON: `{'a': (1, None)}` is `{"a": [1, null]}`.

use langflow_core::{Json, JsonMap};
use serde_json::{Number, json};

/// Deepest nesting.
const MAX_DEPTH: usize = 64;

/// Reads one literal that is the whole text; `None` if it is not one.
pub fn read(text: &str) -> Option<Json> {
    let mut reader = Reader { chars: text.trim().chars().collect(), at: 0 };
    let value = reader.value(0)?;
    reader.blanks();
    (reader.at == reader.chars.len()).then_some(value)
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let hit = self.peek() == Some(c);
        self.at += usize::from(hit);
        hit
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.blanks();
        match self.peek()? {
            '{' => self.object(depth),
            '[' => self.sequence('[', ']', depth),
            '(' => self.sequence('(', ')', depth),
            '\'' | '"' => self.text().map(Json::String),
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => self.number(),
            c if c.is_alphabetic() => self.word(),
            _ => None,
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.eat('{');
        let mut map = JsonMap::new();
        let mut items = Vec::new();
        loop {
            self.blanks();
            if self.eat('}') {
                break;
            }
            let key = self.value(depth + 1)?;
            self.blanks();
            if self.eat(':') {
                let value = self.value(depth + 1)?;
                map.insert(langflow_core::value::python_repr(&key), value);
            } else {
                // A set.
                items.push(key);
            }
            self.blanks();
            if !self.eat(',') && self.peek() != Some('}') {
                return None;
            }
        }
        match (map.is_empty(), items.is_empty()) {
            (_, true) => Some(Json::Object(map)),
            (true, false) => Some(Json::Array(items)),
            (false, false) => None,
        }
    }

    fn sequence(&mut self, open: char, close: char, depth: usize) -> Option<Json> {
        self.eat(open);
        let mut items = Vec::new();
        let mut commas = 0;
        loop {
            self.blanks();
            if self.eat(close) {
                break;
            }
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.eat(',') {
                commas += 1;
            } else if self.peek() != Some(close) {
                return None;
            }
        }
        if open == '(' && items.len() == 1 && commas == 0 {
            return items.pop();
        }
        Some(Json::Array(items))
    }

    fn text(&mut self) -> Option<String> {
        let quote = self.peek()?;
        self.at += 1;
        let mut out = String::new();
        loop {
            let c = self.peek()?;
            self.at += 1;
            match c {
                '\\' => {
                    let escaped = self.peek()?;
                    self.at += 1;
                    match escaped {
                        'n' => out.push('\n'),
                        't' => out.push('\t'),
                        'r' => out.push('\r'),
                        '\\' | '\'' | '"' => out.push(escaped),
                        other => out.extend(['\\', other]),
                    }
                }
                '\n' => return None,
                c if c == quote => return Some(out),
                c => out.push(c),
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_')) {
            self.at += 1;
        }
        let text: String = self.chars.get(start..self.at)?.iter().filter(|c| **c != '_').collect();
        if let Ok(i) = text.parse::<i64>() {
            let digits = text.trim_start_matches(['-', '+']);
            // Python refuses leading zeros.
            return (digits.len() == 1 || !digits.starts_with('0')).then(|| json!(i));
        }
        let is_number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+'));
        let x = text.parse::<f64>().ok().filter(|_| is_number)?;
        Number::from_f64(x).map(Json::Number)
    }

    fn word(&mut self) -> Option<Json> {
        let start = self.at;
        while self.peek().is_some_and(char::is_alphanumeric) {
            self.at += 1;
        }
        let word: String = self.chars.get(start..self.at)?.iter().collect();
        match word.as_str() {
            "None" => Some(Json::Null),
            "True" => Some(json!(true)),
            "False" => Some(json!(false)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_python_reads() {
        for (text, expected) in [
            ("[1, 2]", Some(json!([1, 2]))),
            ("{'k': (1, None)}", Some(json!({"k": [1, null]}))),
            ("(1)", Some(json!(1))),
            ("(1,)", Some(json!([1]))),
            ("12.5", Some(json!(12.5))),
            ("-1e3", Some(json!(-1000.0))),
            ("\"it's\"", Some(json!("it's"))),
            ("True", Some(json!(true))),
            ("true", None),
            ("007", None),
            ("2024-01-01", None),
            ("[1, 2", None),
            ("os.getcwd()", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
