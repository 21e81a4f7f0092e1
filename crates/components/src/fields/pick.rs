//! A pick from a list of named options with icons.

use langflow_core::component::{FromInput, InputKind, InputSpec};
use langflow_core::{Json, Value};
use serde_json::json;

/// The names that were picked. Older flows store one name as plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick(pub Vec<String>);

impl Pick {
    /// The only name, if exactly one was picked.
    pub fn only(&self) -> Option<&str> {
        match self.0.as_slice() {
            [name] => Some(name),
            _ => None,
        }
    }
}

impl FromInput for Pick {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::SortableList;
    }

    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        let json = value.map_or_else(|| input.default_value(), |value| value.to_json());
        match json {
            Json::Null => Ok(Self::default()),
            Json::String(name) if name.is_empty() => Ok(Self::default()),
            Json::String(name) => Ok(Self(vec![name])),
            Json::Array(items) => items.iter().map(name_of).collect::<Result<_, _>>().map(Self),
            one => name_of(&one).map(|name| Self(vec![name])),
        }
    }
}

fn name_of(item: &Json) -> Result<String, String> {
    match item {
        Json::String(name) => Ok(name.clone()),
        Json::Object(map) => match map.get("name") {
            Some(Json::String(name)) => Ok(name.clone()),
            _ => Err("a picked option has no name".into()),
        },
        other => Err(format!("'{other}' is not an option")),
    }
}

/// One option of a pick, for the declaration.
pub fn option(name: &str, icon: &str) -> Json {
    json!({"name": name, "icon": icon})
}
