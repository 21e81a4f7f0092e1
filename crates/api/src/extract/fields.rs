//! Reads a JSON object field by field and collects every problem in the form of the reference.
//!
//! A problem is `{"type", "loc", "msg"}` (and `ctx` where the reference keeps it); the submitted value is
//! never repeated. All problems of a body are answered at once, as status 422.

use indexmap::IndexMap;
use langflow_app::{AppError, AppResult, ErrorKind};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use uuid::Uuid;

/// The fields of one object, and what is wrong with them.
///
/// A reader answers `None` for an absent key (and for a value with a problem), `Some(None)` for `null`.
#[derive(Debug)]
pub struct Fields<'a> {
    map: IndexMap<String, &'a RawValue>,
    loc: Vec<Value>,
    problems: Vec<Value>,
}

impl<'a> Fields<'a> {
    /// Reads the object at `loc` (`["body"]` for a whole body).
    pub fn parse(text: &'a str, loc: Vec<Value>) -> AppResult<Self> {
        match serde_json::from_str(text) {
            Ok(map) => Ok(Self { map, loc, problems: Vec::new() }),
            Err(_) => Err(unprocessable(vec![problem(
                "model_attributes_type",
                &loc,
                "Input should be a valid dictionary or object to extract fields from",
            )])),
        }
    }

    /// The keys that were sent, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.map.keys().map(String::as_str)
    }

    pub fn contains(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// The value as it was written.
    pub fn raw(&self, key: &str) -> Option<Option<&'a RawValue>> {
        self.map.get(key).map(|raw| (raw.get() != "null").then_some(*raw))
    }

    pub fn text(&mut self, key: &str) -> Option<Option<String>> {
        self.read(key, |raw| {
            serde_json::from_str::<String>(raw)
                .map_err(|_| ("string_type", "Input should be a valid string".into()))
        })
    }

    /// A text that must be there. Empty when there is a problem; [`Fields::finish`] then refuses.
    pub fn required_text(&mut self, key: &str) -> String {
        match self.text(key) {
            Some(Some(text)) => text,
            Some(None) => {
                self.problem(key, "string_type", "Input should be a valid string");
                String::new()
            }
            None => {
                self.missing(key);
                String::new()
            }
        }
    }

    pub fn boolean(&mut self, key: &str) -> Option<Option<bool>> {
        self.read(key, |raw| match serde_json::from_str::<Value>(raw) {
            Ok(Value::Bool(value)) => Ok(value),
            Ok(Value::Number(number)) if number.as_f64() == Some(0.0) => Ok(false),
            Ok(Value::Number(number)) if number.as_f64() == Some(1.0) => Ok(true),
            Ok(Value::String(text)) => parse_bool(&text).ok_or_else(|| {
                ("bool_parsing", "Input should be a valid boolean, unable to interpret input".into())
            }),
            Ok(Value::Number(_)) => {
                Err(("bool_parsing", "Input should be a valid boolean, unable to interpret input".into()))
            }
            _ => Err(("bool_type", "Input should be a valid boolean".into())),
        })
    }

    pub fn integer(&mut self, key: &str) -> Option<Option<i64>> {
        self.read(key, |raw| match serde_json::from_str::<Value>(raw) {
            Ok(Value::Number(number)) => number
                .as_i64()
                .or_else(|| number.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9e15).map(|f| f as i64))
                .ok_or_else(|| {
                    (
                        "int_from_float",
                        "Input should be a valid integer, got a number with a fractional part".into(),
                    )
                }),
            Ok(Value::String(text)) => text.trim().parse().map_err(|_| {
                (
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer".into(),
                )
            }),
            _ => Err(("int_type", "Input should be a valid integer".into())),
        })
    }

    pub fn uuid(&mut self, key: &str) -> Option<Option<Uuid>> {
        self.read(key, |raw| match serde_json::from_str::<Value>(raw) {
            Ok(Value::String(text)) => {
                Uuid::parse_str(&text).map_err(|_| ("uuid_parsing", uuid_message(&text)))
            }
            _ => Err(("uuid_type", "UUID input should be a string, bytes or UUID object".into())),
        })
    }

    /// An object, as JSON.
    pub fn object(&mut self, key: &str) -> Option<Option<serde_json::Map<String, Value>>> {
        self.read(key, |raw| {
            serde_json::from_str(raw).map_err(|_| ("dict_type", "Input should be a valid dictionary".into()))
        })
    }

    /// Any JSON.
    pub fn json(&mut self, key: &str) -> Option<Option<Value>> {
        self.read(key, |raw| {
            serde_json::from_str(raw)
                .map_err(|e| ("value_error", format!("Value error, unreadable JSON: {e}")))
        })
    }

    /// One of a closed set of words.
    pub fn choice(&mut self, key: &str, words: &[&'static str]) -> Option<Option<&'static str>> {
        let raw = self.raw(key)?;
        let Some(raw) = raw else { return Some(None) };
        let sent = serde_json::from_str::<String>(raw.get()).ok();
        if let Some(word) = words.iter().find(|word| Some(**word) == sent.as_deref()) {
            return Some(Some(word));
        }
        let expected = expected(words);
        let mut entry = problem("enum", &self.at(key), &format!("Input should be {expected}"));
        if let Some(entry) = entry.as_object_mut() {
            entry.insert("ctx".into(), json!({ "expected": expected }));
        }
        self.problems.push(entry);
        None
    }

    pub fn texts(&mut self, key: &str) -> Option<Option<Vec<String>>> {
        self.elements(key, |raw| {
            serde_json::from_str::<String>(raw)
                .map_err(|_| ("string_type", "Input should be a valid string".into()))
        })
    }

    pub fn uuids(&mut self, key: &str) -> Option<Option<Vec<Uuid>>> {
        self.elements(key, |raw| {
            let text = serde_json::from_str::<String>(raw)
                .map_err(|_| ("uuid_type", "UUID input should be a string, bytes or UUID object".into()))?;
            Uuid::parse_str(&text).map_err(|_| ("uuid_parsing", uuid_message(&text)))
        })
    }

    /// The objects of a list, each to be read and then given back with [`Fields::absorb`].
    pub fn items(&mut self, key: &str) -> Option<Option<Vec<Fields<'a>>>> {
        let raw = self.raw(key)?;
        let Some(raw) = raw else { return Some(None) };
        let Ok(list) = serde_json::from_str::<Vec<&'a RawValue>>(raw.get()) else {
            self.problem(key, "list_type", "Input should be a valid list");
            return None;
        };
        let mut items = Vec::with_capacity(list.len());
        for (index, item) in list.into_iter().enumerate() {
            let mut loc = self.at(key);
            loc.push(json!(index));
            match Fields::parse(item.get(), loc) {
                Ok(fields) => items.push(fields),
                Err(error) => self.problems.extend(error.detail.as_array().cloned().unwrap_or_default()),
            }
        }
        Some(Some(items))
    }

    /// Takes over the problems of an object inside this one.
    pub fn absorb(&mut self, inner: Fields<'_>) {
        self.problems.extend(inner.problems);
    }

    pub fn missing(&mut self, key: &str) {
        self.problem(key, "missing", "Field required");
    }

    /// A rule of the reference's validators: type `value_error`.
    pub fn value_error(&mut self, key: &str, why: &str) {
        self.problem(key, "value_error", &format!("Value error, {why}"));
    }

    pub fn problem(&mut self, key: &str, kind: &str, msg: &str) {
        let entry = problem(kind, &self.at(key), msg);
        self.problems.push(entry);
    }

    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Refuses with all problems, if there is any.
    pub fn finish(self) -> AppResult<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(unprocessable(self.problems)) }
    }

    fn at(&self, key: &str) -> Vec<Value> {
        let mut loc = self.loc.clone();
        loc.push(json!(key));
        loc
    }

    fn read<T>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, (&'static str, String)>,
    ) -> Option<Option<T>> {
        let raw = self.raw(key)?;
        let Some(raw) = raw else { return Some(None) };
        match parse(raw.get()) {
            Ok(value) => Some(Some(value)),
            Err((kind, msg)) => {
                self.problem(key, kind, &msg);
                None
            }
        }
    }

    fn elements<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, (&'static str, String)>,
    ) -> Option<Option<Vec<T>>> {
        let raw = self.raw(key)?;
        let Some(raw) = raw else { return Some(None) };
        let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
            self.problem(key, "list_type", "Input should be a valid list");
            return None;
        };
        let mut values = Vec::with_capacity(list.len());
        for (index, item) in list.into_iter().enumerate() {
            match parse(item.get()) {
                Ok(value) => values.push(value),
                Err((kind, msg)) => {
                    let mut loc = self.at(key);
                    loc.push(json!(index));
                    self.problems.push(problem(kind, &loc, &msg));
                }
            }
        }
        Some(Some(values))
    }
}

/// One entry of a 422 list.
pub fn problem(kind: &str, loc: &[Value], msg: &str) -> Value {
    json!({"type": kind, "loc": loc, "msg": msg})
}

/// A 422 with these entries.
pub fn unprocessable(problems: Vec<Value>) -> AppError {
    AppError::new(ErrorKind::Unprocessable, problems)
}

/// The sentence of the reference for text that is not a UUID.
pub fn uuid_message(text: &str) -> String {
    format!("Input should be a valid UUID, {}", uuid_fault(text))
}

fn uuid_fault(text: &str) -> String {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let (digits, offset) = match text.strip_prefix("urn:uuid:") {
        Some(rest) => (rest, "urn:uuid:".len()),
        None => match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(rest) => (rest, 1),
            None => (text, 0),
        },
    };
    if let Some((index, wrong)) = digits.char_indices().find(|(_, c)| *c != '-' && !c.is_ascii_hexdigit()) {
        return format!("invalid character: found `{wrong}` at {}", index + offset + 1);
    }
    let groups: Vec<&str> = digits.split('-').collect();
    if groups.len() == 1 && offset == 0 {
        return format!("invalid length: expected length 32 for simple format, found {}", text.len());
    }
    if groups.len() != GROUPS.len() {
        return format!("invalid group count: expected 5, found {}", groups.len());
    }
    let odd = groups.iter().zip(GROUPS).enumerate().find(|(_, (group, len))| group.len() != *len);
    odd.map_or_else(String::new, |(index, (group, len))| {
        format!("invalid group length in group {index}: expected {len}, found {}", group.len())
    })
}

/// The words that count as a boolean.
pub fn parse_bool(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "on" | "t" => Some(true),
        "false" | "0" | "no" | "n" | "off" | "f" => Some(false),
        _ => None,
    }
}

/// `'a', 'b' or 'c'`
pub fn expected(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(body: &str, read: impl FnOnce(&mut Fields)) -> Value {
        let mut fields = match Fields::parse(body, vec![json!("body")]) {
            Ok(fields) => fields,
            Err(error) => return error.detail,
        };
        read(&mut fields);
        fields.finish().map_or_else(|error| error.detail, |()| Value::Null)
    }

    #[test]
    fn all_problems_are_answered_at_once_and_values_are_not_repeated() {
        let detail =
            problems(r#"{"a": 1, "b": "maybe", "c": "abc", "d": {}, "e": "WEIRD", "f": [1]}"#, |f| {
                f.required_text("name");
                f.text("a");
                f.boolean("b");
                f.uuid("c");
                f.integer("d");
                f.choice("e", &["PRIVATE", "PUBLIC"]);
                f.texts("f");
            });
        assert_eq!(
            detail,
            json!([
                {"type": "missing", "loc": ["body", "name"], "msg": "Field required"},
                {"type": "string_type", "loc": ["body", "a"], "msg": "Input should be a valid string"},
                {"type": "bool_parsing", "loc": ["body", "b"],
                 "msg": "Input should be a valid boolean, unable to interpret input"},
                {"type": "uuid_parsing", "loc": ["body", "c"],
                 "msg": "Input should be a valid UUID, invalid length: expected length 32 for simple format, found 3"},
                {"type": "int_type", "loc": ["body", "d"], "msg": "Input should be a valid integer"},
                {"type": "enum", "loc": ["body", "e"], "msg": "Input should be 'PRIVATE' or 'PUBLIC'",
                 "ctx": {"expected": "'PRIVATE' or 'PUBLIC'"}},
                {"type": "string_type", "loc": ["body", "f", 0], "msg": "Input should be a valid string"},
            ])
        );
    }

    #[test]
    fn absent_null_and_value_are_told_apart() {
        let mut fields = Fields::parse(r#"{"n": null, "v": "x"}"#, vec![json!("body")]).unwrap();
        assert_eq!(fields.text("absent"), None);
        assert_eq!(fields.text("n"), Some(None));
        assert_eq!(fields.text("v"), Some(Some("x".into())));
        fields.finish().unwrap();
    }

    #[test]
    fn the_place_of_a_problem_in_a_list_is_named() {
        let detail = problems(r#"{"flows": [{"name": "a"}, {}, 3]}"#, |f| {
            for mut item in f.items("flows").flatten().unwrap_or_default() {
                item.required_text("name");
                f.absorb(item);
            }
        });
        let places: Vec<&Value> = detail.as_array().unwrap().iter().map(|p| &p["loc"]).collect();
        assert_eq!(json!(places), json!([["body", "flows", 2], ["body", "flows", 1, "name"]]));
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        assert_eq!(problems("[]", |_| ())[0]["type"], "model_attributes_type");
    }

    #[test]
    fn what_is_wrong_with_an_id_is_named() {
        let cases = [
            ("zzzzzzzz-0000-4000-8000-000000000000", "invalid character: found `z` at 1"),
            ("abc", "invalid length: expected length 32 for simple format, found 3"),
            ("abc-de", "invalid group count: expected 5, found 2"),
            ("00000000-00-4000-8000-000000000000", "invalid group length in group 1: expected 4, found 2"),
        ];
        for (text, why) in cases {
            assert_eq!(uuid_message(text), format!("Input should be a valid UUID, {why}"));
        }
    }
}
