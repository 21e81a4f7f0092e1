//! `Data` (newer name `JSON`): an object with one key that counts as its text.

use super::{Json, JsonMap, Message, Table, convert};
use serde_json::json;

/// An object with a designated text key.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// Which key of `data` holds the text; `text` unless said otherwise.
    pub text_key: String,
    pub data: JsonMap,
    /// The text when `text_key` is absent.
    pub default_value: String,
}

impl Default for Data {
    fn default() -> Self {
        Self { text_key: "text".into(), data: JsonMap::new(), default_value: String::new() }
    }
}

impl Data {
    pub fn new(data: JsonMap) -> Self {
        Self { data, ..Self::default() }
    }

    /// Data with the single key `text`.
    pub fn from_text(text: impl Into<String>) -> Self {
        let mut data = JsonMap::new();
        data.insert("text".into(), Json::String(text.into()));
        Self::new(data)
    }

    /// An object becomes the data, anything else `{"text": …}`.
    pub fn from_json(json: Json) -> Self {
        match json {
            Json::Object(map) => Self::new(map),
            Json::String(text) => Self::from_text(text),
            other => Self::from_text(convert::python_repr(&other)),
        }
    }

    /// The text: the value under `text_key`, else `default_value`.
    pub fn text(&self) -> String {
        match self.data.get(&self.text_key) {
            Some(Json::String(s)) => s.clone(),
            Some(Json::Null) | None => self.default_value.clone(),
            Some(other) => convert::python_repr(other),
        }
    }

    pub fn has_text(&self) -> bool {
        self.data.contains_key(&self.text_key)
    }

    /// `{text_key, data, default_value}`, the form inside `results`.
    pub fn dump(&self) -> Json {
        json!({
            "text_key": self.text_key,
            "data": self.data,
            "default_value": self.default_value,
        })
    }

    /// To a message: the text, or the Python text of the object where there is none.
    pub fn to_message(&self) -> Message {
        if self.has_text() {
            Message::from_text(self.text())
        } else {
            Message::from_text(convert::python_repr(&Json::Object(self.data.clone())))
        }
    }

    /// To a table: one row, or the rows themselves when the only key holds a list of objects.
    pub fn to_table(&self) -> Table {
        if self.data.len() == 1
            && let Some(Json::Array(rows)) = self.data.values().next()
            && !rows.is_empty()
            && rows.iter().all(Json::is_object)
        {
            return Table::from_rows(rows.iter().filter_map(|r| r.as_object().cloned()));
        }
        if self.data.is_empty() {
            return Table::default();
        }
        Table::from_rows([self.data.clone()])
    }
}
