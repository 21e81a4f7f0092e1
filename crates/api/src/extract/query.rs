//! Query parameters read one by one; every problem is collected.

use super::fields::{expected, parse_bool, problem, unprocessable, uuid_message};
use crate::{ApiError, AppState};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use langflow_app::AppResult;
use serde_json::{Value, json};
use uuid::Uuid;

/// The query of a request. Of a repeated parameter the last one counts, as in the reference.
#[derive(Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
    problems: Vec<Value>,
}

impl Query {
    pub fn parse(query: &str) -> Self {
        Self {
            pairs: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            problems: Vec::new(),
        }
    }

    /// The text of a parameter.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// All texts of a parameter; one value may hold several, separated by commas.
    pub fn texts(&self, key: &str) -> Vec<&str> {
        let values = self.pairs.iter().filter(|(name, _)| name == key);
        values.flat_map(|(_, value)| value.split(',')).filter(|text| !text.is_empty()).collect()
    }

    /// All parameters, as they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub fn boolean(&mut self, key: &str, default: bool) -> bool {
        self.maybe_boolean(key).unwrap_or(default)
    }

    pub fn maybe_boolean(&mut self, key: &str) -> Option<bool> {
        let text = self.text(key)?;
        let value = parse_bool(text);
        if value.is_none() {
            self.problem(key, "bool_parsing", "Input should be a valid boolean, unable to interpret input");
        }
        value
    }

    pub fn uuid(&mut self, key: &str) -> Option<Uuid> {
        let text = self.text(key)?;
        let id = Uuid::parse_str(text).ok();
        if id.is_none() {
            let msg = uuid_message(text);
            self.problem(key, "uuid_parsing", &msg);
        }
        id
    }

    /// An id that must be there. Nil when there is a problem; [`Query::finish`] then refuses.
    pub fn required_uuid(&mut self, key: &str) -> Uuid {
        if self.text(key).is_none() {
            self.problem(key, "missing", "Field required");
        }
        self.uuid(key).unwrap_or_default()
    }

    /// A text that must be there.
    pub fn required_text(&mut self, key: &str) -> String {
        if self.text(key).is_none() {
            self.problem(key, "missing", "Field required");
        }
        self.text(key).unwrap_or_default().to_owned()
    }

    /// A number in a range (`max` may be open).
    pub fn integer(&mut self, key: &str, default: i64, min: i64, max: Option<i64>) -> i64 {
        let Some(text) = self.text(key) else { return default };
        let Ok(number) = text.trim().parse::<i64>() else {
            self.problem(
                key,
                "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer",
            );
            return default;
        };
        if number < min {
            let msg = format!("Input should be greater than or equal to {min}");
            self.problem_with(key, "greater_than_equal", &msg, json!({ "ge": min }));
            return default;
        }
        if let Some(max) = max
            && number > max
        {
            let msg = format!("Input should be less than or equal to {max}");
            self.problem_with(key, "less_than_equal", &msg, json!({ "le": max }));
            return default;
        }
        number
    }

    /// `page` and `size` of the paged lists.
    pub fn page(&mut self) -> (u64, u64) {
        let page = self.integer("page", 1, 1, None);
        let size = self.integer("size", 50, 1, Some(100));
        (page as u64, size as u64)
    }

    /// One of a closed set of words.
    pub fn choice(&mut self, key: &str, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(key)?;
        let word = words.iter().find(|word| **word == text).copied();
        if word.is_none() {
            let expected = expected(words);
            let msg = format!("Input should be {expected}");
            self.problem_with(key, "enum", &msg, json!({ "expected": expected }));
        }
        word
    }

    pub fn problem(&mut self, key: &str, kind: &str, msg: &str) {
        self.problems.push(problem(kind, &[json!("query"), json!(key)], msg));
    }

    fn problem_with(&mut self, key: &str, kind: &str, msg: &str, ctx: Value) {
        let mut entry = problem(kind, &[json!("query"), json!(key)], msg);
        if let Some(entry) = entry.as_object_mut() {
            entry.insert("ctx".into(), ctx);
        }
        self.problems.push(entry);
    }

    /// Refuses with all problems, if there is any.
    pub fn finish(self) -> AppResult<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(unprocessable(self.problems)) }
    }
}

impl FromRequestParts<AppState> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, ApiError> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paging_problems_are_named_with_their_bounds() {
        let mut query = Query::parse("page=0&size=1000");
        query.page();
        assert_eq!(
            query.finish().unwrap_err().detail,
            json!([
                {"type": "greater_than_equal", "loc": ["query", "page"],
                 "msg": "Input should be greater than or equal to 1", "ctx": {"ge": 1}},
                {"type": "less_than_equal", "loc": ["query", "size"],
                 "msg": "Input should be less than or equal to 100", "ctx": {"le": 100}},
            ])
        );
    }

    #[test]
    fn a_comma_separates_only_in_lists() {
        let query = Query::parse("id=a,b&id=c&session_id=x%2Cy");
        assert_eq!(query.texts("id"), ["a", "b", "c"]);
        assert_eq!(query.text("session_id"), Some("x,y"));
    }
}
