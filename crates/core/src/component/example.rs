//! Worked examples of a component: run as tests, shown on its reference page.

use crate::value::{Data, Json, Message, Table, Value};

/// One example: what stands in the fields, and what comes out.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What it shows, a short phrase.
    pub title: &'static str,
    /// JSON object: field name to value. Values of edges are written as `{"$message": "text"}` (or the
    /// fields of a message), `{"$data": {…}}`, `{"$table": [{…}]}` and `{"$list": […]}`.
    pub inputs: &'static str,
    pub expected: Expected,
}

/// What an example gives.
#[derive(Clone, Copy, Debug)]
pub enum Expected {
    /// The output of this name is this JSON: a message as its text, data as its object, a table as rows.
    Output(&'static str, &'static str),
    /// The node fails, and the fault's sentence contains this text.
    Fault(&'static str),
}

/// Declares the examples of the component in this file, to be named in its header
/// (`#[component(…, examples = EXAMPLES)]`):
///
/// ```
/// use langflow_core::component::examples;
/// examples! {
///     "Two words": {"text1": "a", "text2": "b"} => combined_text: "a b";
///     "Nothing to read": {"query": ""} => fails "query";
/// }
/// assert_eq!(EXAMPLES.len(), 2);
/// ```
#[macro_export]
macro_rules! __examples {
    (@list [$($done:expr,)*]) => {
        const EXAMPLES: &[$crate::component::Example] = &[$($done),*];
    };
    (@list [$($done:expr,)*] $title:literal : $inputs:tt => fails $text:literal ; $($rest:tt)*) => {
        $crate::component::examples! { @list [$($done,)* $crate::component::Example {
            title: $title,
            inputs: stringify!($inputs),
            expected: $crate::component::Expected::Fault($text),
        },] $($rest)* }
    };
    (@list [$($done:expr,)*] $title:literal : $inputs:tt => $output:ident : $value:tt ; $($rest:tt)*) => {
        $crate::component::examples! { @list [$($done,)* $crate::component::Example {
            title: $title,
            inputs: stringify!($inputs),
            expected: $crate::component::Expected::Output(stringify!($output), stringify!($value)),
        },] $($rest)* }
    };
    ($title:literal $($rest:tt)*) => {
        $crate::component::examples! { @list [] $title $($rest)* }
    };
}

pub use crate::__examples as examples;

/// The value an example writes: JSON, or one of the tagged forms of [`Example::inputs`].
pub fn example_value(json: &Json) -> Value {
    let Json::Object(map) = json else { return plain(json) };
    let mut entries = map.iter();
    let (Some((tag, body)), None) = (entries.next(), entries.next()) else { return plain(json) };
    match (tag.as_str(), body) {
        ("$message", Json::String(text)) => Message::from_text(text.clone()).into(),
        ("$message", Json::Object(fields)) => {
            let text = |key: &str| fields.get(key).and_then(Json::as_str).map(str::to_owned);
            let mut message = Message::from_text(text("text").unwrap_or_default());
            message.sender = text("sender");
            message.sender_name = text("sender_name");
            message.session_id = text("session_id").unwrap_or_default();
            message.into()
        }
        ("$data", body) => Data::from_json(body.clone()).into(),
        ("$table", Json::Array(rows)) => {
            Table::from_rows(rows.iter().filter_map(|row| row.as_object().cloned())).into()
        }
        ("$list", Json::Array(items)) => Value::List(items.iter().map(example_value).collect()),
        _ => plain(json),
    }
}

fn plain(json: &Json) -> Value {
    Value::from(json.clone())
}

/// A value in the plain form in which examples write outputs.
pub fn example_json(value: &Value) -> Json {
    match value {
        Value::Message(message) => Json::String(message.text.clone()),
        Value::List(items) => Json::Array(items.iter().map(example_json).collect()),
        Value::Tools(tools) => {
            Json::Array(tools.iter().map(|tool| Json::String(tool.schema().name.clone())).collect())
        }
        other => other.to_json(),
    }
}

impl Example {
    /// The inputs as parameters of a node; `None` when they are not a JSON object.
    pub fn params(&self) -> Option<super::Params> {
        let Ok(Json::Object(map)) = serde_json::from_str(self.inputs) else { return None };
        let mut params = super::Params::default();
        for (name, json) in &map {
            params.set(name.clone(), example_value(json));
        }
        Some(params)
    }
}
