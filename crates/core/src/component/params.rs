//! Parameters of a node, and how declared types read them (engine.md 1.4).

use super::input::{InputKind, InputSpec};
use crate::capability::{ChatMemory, ChatModel, Embedder, Tool, VectorIndex};
use crate::value::{Data, Json, JsonMap, Message, Table, Value, json_is_falsy, python_repr};
use crate::{Fault, Secret};
use indexmap::IndexMap;
use std::sync::Arc;

/// What the engine found for the fields of a node: literals after template rules, values of edges,
/// resolved variables. A field that is not in here takes the declared default.
#[derive(Clone, Debug, Default)]
pub struct Params {
    values: IndexMap<String, Value>,
}

impl Params {
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.values.insert(name.into(), value);
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.values.shift_remove(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// See [`Value::weight`].
    pub fn weight(&self) -> usize {
        self.values.values().map(Value::weight).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Reads a declared field; on failure the fault names the field and lands in `faults`.
    pub fn read<T: FromInput>(&mut self, input: &InputSpec, faults: &mut Vec<Fault>) -> Option<T> {
        let given = self.take(input.name).filter(|v| !matches!(v, Value::Null) || !input.required);
        if input.required
            && input.show
            && !may_be_blank(input.kind)
            && given.as_ref().is_none_or(is_blank)
            && json_is_falsy(&input.default_value())
        {
            faults.push(
                Fault::missing(format!("the field '{}' is required", input.title)).at_field(input.name),
            );
            return None;
        }
        match T::from_input(given, input) {
            Ok(value) => Some(value),
            Err(why) => {
                faults.push(Fault::invalid(format!("{}: {why}", input.title)).at_field(input.name));
                None
            }
        }
    }
}

/// Kinds whose empty value is a value: a required text may be empty at run time, as in the reference, where
/// only the editor asks for it.
fn may_be_blank(kind: InputKind) -> bool {
    matches!(
        kind,
        InputKind::Str
            | InputKind::MessageText
            | InputKind::Multiline
            | InputKind::Message
            | InputKind::Query
            | InputKind::Prompt
            | InputKind::MustachePrompt
            | InputKind::Bool
            | InputKind::Int
            | InputKind::Float
            | InputKind::Slider
    )
}

/// Nothing was typed or chosen. A value that came over an edge is something, even an empty table.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Json(Json::Bool(_) | Json::Number(_)) => false,
        Value::Json(json) => json_is_falsy(json),
        Value::Secret(secret) => secret.is_empty(),
        _ => false,
    }
}

/// A type that a field of a component may have.
pub trait FromInput: Sized {
    /// Fills in what follows from the type: kind, list, handles.
    fn describe(input: &mut InputSpec);
    /// Reads a value; `None` means that the flow gives none and the declared default holds.
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String>;
}

fn given_or_default(value: Option<Value>, input: &InputSpec) -> Value {
    value.unwrap_or_else(|| Value::from(input.default_value()))
}

/// The text of a value as text fields read it: text, a message's text, data's text key.
pub fn text_of(value: &Value) -> Result<String, String> {
    match value {
        Value::Null | Value::Json(Json::Null) => Ok(String::new()),
        Value::Json(Json::String(s)) => Ok(s.clone()),
        Value::Json(Json::Object(map)) => {
            // A stored message or a {"value": …} wrapper.
            match map.get("text").or_else(|| map.get("value")) {
                Some(Json::String(s)) => Ok(s.clone()),
                _ => Ok(python_repr(&Json::Object(map.clone()))),
            }
        }
        Value::Json(other @ (Json::Number(_) | Json::Bool(_))) => Ok(python_repr(other)),
        Value::Message(message) => Ok(message.text.clone()),
        Value::Data(data) => {
            if data.has_text() {
                Ok(data.text())
            } else {
                let keys: Vec<&str> = data.data.keys().map(String::as_str).collect();
                Err(format!(
                    "the data has no key '{}'; it has: {}",
                    data.text_key,
                    if keys.is_empty() { "none".to_owned() } else { keys.join(", ") }
                ))
            }
        }
        Value::Secret(secret) => Ok(secret.expose().to_owned()),
        other => Err(format!("Invalid value type {}", other.type_name())),
    }
}

impl FromInput for String {
    fn describe(_input: &mut InputSpec) {}
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        match given_or_default(value, input) {
            // A single-element list stands for its element: old flows store drop-downs so.
            Value::List(items) if items.len() == 1 => items.first().map_or(Ok(String::new()), text_of),
            Value::Secret(_) if !matches!(input.kind, InputKind::Secret | InputKind::MultilineSecret) => {
                Err("a Credential variable may only be used in a secret field".into())
            }
            value => text_of(&value),
        }
    }
}

impl FromInput for Secret {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Secret;
        input.load_from_db = true;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        text_of(&given_or_default(value, input)).map(Self::new)
    }
}

impl FromInput for Message {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Message;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        match given_or_default(value, input) {
            Value::Message(message) => Ok(Arc::unwrap_or_clone(message)),
            Value::Data(data) => Ok(data.to_message()),
            other => text_of(&other).map(Self::from_text),
        }
    }
}

fn number_text(value: Value) -> Result<Json, String> {
    match value {
        Value::Null | Value::Json(Json::Null) => Ok(Json::Null),
        Value::Json(json @ (Json::Number(_) | Json::Bool(_))) => Ok(json),
        other => Ok(Json::String(text_of(&other)?)),
    }
}

fn read_number(value: Option<Value>, input: &InputSpec) -> Result<Option<f64>, String> {
    let json = number_text(given_or_default(value, input))?;
    match &json {
        Json::Null => Ok(None),
        Json::Number(n) => Ok(n.as_f64()),
        Json::Bool(b) => Ok(Some(f64::from(u8::from(*b)))),
        Json::String(s) if s.trim().is_empty() => Ok(None),
        Json::String(s) => {
            s.trim().parse().map(Some).map_err(|_| format!("Could not convert '{s}' to a number"))
        }
        other => Err(format!("Could not convert '{other}' to a number")),
    }
}

macro_rules! from_int {
    ($($t:ty),*) => {$(
        impl FromInput for $t {
            fn describe(input: &mut InputSpec) { input.kind = InputKind::Int; }
            fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
                let number = read_number(value, input)?.unwrap_or(0.0);
                let out_of_range = || format!("{number} is out of range");
                if number.is_nan() {
                    return Err(out_of_range());
                }
                <$t>::try_from(number.trunc() as i128).map_err(|_| out_of_range())
            }
        }
    )*};
}
from_int!(i64, u32, u64, usize);

impl FromInput for f64 {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Float;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        Ok(read_number(value, input)?.unwrap_or(0.0))
    }
}

impl FromInput for bool {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Bool;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        match given_or_default(value, input) {
            Value::Json(Json::Bool(b)) => Ok(b),
            Value::Json(Json::Number(n)) => Ok(n.as_f64() != Some(0.0)),
            Value::Null => Ok(false),
            other => Ok(matches!(
                text_of(&other)?.trim().to_ascii_lowercase().as_str(),
                "true" | "1" | "yes" | "on" | "t" | "y"
            )),
        }
    }
}

impl<T: FromInput> FromInput for Option<T> {
    fn describe(input: &mut InputSpec) {
        T::describe(input);
    }
    /// Absent, null and empty text are `None`.
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        let value = given_or_default(value, input);
        match &value {
            Value::Null | Value::Json(Json::Null) => Ok(None),
            Value::Json(Json::String(s)) if s.is_empty() => Ok(None),
            Value::List(items) if items.is_empty() => Ok(None),
            Value::Json(Json::Array(items)) if items.is_empty() => Ok(None),
            _ => T::from_input(Some(value), input).map(Some),
        }
    }
}

/// Any JSON, as it stands.
impl FromInput for Json {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::NestedDict;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        match given_or_default(value, input) {
            Value::Json(Json::String(s)) if input.kind == InputKind::NestedDict => {
                if s.trim().is_empty() {
                    return Ok(Json::Object(JsonMap::new()));
                }
                serde_json::from_str(&s).map_err(|e| format!("not JSON: {e}"))
            }
            Value::Null => Ok(Json::Null),
            other => Ok(other.to_json()),
        }
    }
}

/// An object; a list of `{key, value}` folds into one, a list of objects is merged.
impl FromInput for JsonMap {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Dict;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        fn fold(json: Json) -> Result<JsonMap, String> {
            match json {
                Json::Null => Ok(JsonMap::new()),
                Json::Object(map) => Ok(map),
                Json::String(s) if s.trim().is_empty() => Ok(JsonMap::new()),
                Json::String(s) => match serde_json::from_str(&s) {
                    Ok(Json::Object(map)) => Ok(map),
                    _ => Err("expected an object".into()),
                },
                Json::Array(items) => {
                    let mut all = JsonMap::new();
                    for item in items {
                        match item {
                            Json::Object(mut pair)
                                if pair.len() == 2
                                    && pair.contains_key("key")
                                    && pair.contains_key("value") =>
                            {
                                let key = pair.remove("key").unwrap_or_default();
                                let value = pair.remove("value").unwrap_or_default();
                                all.insert(python_repr(&key), value);
                            }
                            Json::Object(map) => all.extend(map),
                            Json::Null => {}
                            _ => return Err("expected a list of objects".into()),
                        }
                    }
                    Ok(all)
                }
                other => Err(format!("expected an object, not {other}")),
            }
        }
        fold(given_or_default(value, input).to_json())
    }
}

impl FromInput for Data {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Data;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        match given_or_default(value, input) {
            Value::Data(data) => Ok(Arc::unwrap_or_clone(data)),
            Value::Message(message) => Ok(message.to_data()),
            Value::Json(json @ Json::Object(_)) => Ok(Self::from_json(json)),
            Value::List(items) if items.len() == 1 => Self::from_input(items.into_iter().next(), input),
            other => Err(format!("expected Data, not {}", other.type_name())),
        }
    }
}

impl FromInput for Table {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::DataFrame;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        fn row(json: &Json) -> Result<JsonMap, String> {
            json.as_object().cloned().ok_or_else(|| "a row of the table is not an object".to_owned())
        }
        let table = match given_or_default(value, input) {
            Value::Table(table) => Ok(Arc::unwrap_or_clone(table)),
            Value::Data(data) => Ok(data.to_table()),
            Value::Message(message) => Ok(message.to_data().to_table()),
            Value::Null => Ok(Self::default()),
            Value::Json(Json::String(s)) if s.is_empty() => Ok(Self::default()),
            Value::Json(Json::Array(rows)) => {
                Ok(Self::from_rows(rows.iter().map(row).collect::<Result<Vec<_>, _>>()?))
            }
            Value::Json(Json::Object(map)) => Ok(Self::from_rows([map])),
            Value::List(items) => {
                let mut rows = Vec::new();
                for item in items {
                    match item {
                        Value::Data(data) => rows.push(data.data.clone()),
                        Value::Table(table) => rows.extend(table.rows()),
                        Value::Message(message) => rows.push(message.to_data().data),
                        Value::Json(json) => rows.push(row(&json)?),
                        other => return Err(format!("expected a table, not {}", other.type_name())),
                    }
                }
                Ok(Self::from_rows(rows))
            }
            other => Err(format!("expected a table, not {}", other.type_name())),
        }?;
        table.check().map_err(|fault| fault.message().to_owned())?;
        Ok(table)
    }
}

/// Whatever stands in the field or comes over the edge.
#[derive(Clone, Debug, Default)]
pub struct AnyValue(pub Value);

impl FromInput for AnyValue {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Handle;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        Ok(Self(given_or_default(value, input)))
    }
}

/// A message, data or a table.
#[derive(Clone, Debug)]
pub enum DataLike {
    Message(Arc<Message>),
    Data(Arc<Data>),
    Table(Arc<Table>),
}

impl FromInput for DataLike {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Handle;
        input.handles.get_or_insert_with(|| vec!["Data", "JSON", "DataFrame", "Table", "Message"]);
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        match given_or_default(value, input) {
            Value::Message(message) => Ok(Self::Message(message)),
            Value::Data(data) => Ok(Self::Data(data)),
            Value::Table(table) => Ok(Self::Table(table)),
            Value::Json(Json::String(s)) => Ok(Self::Message(Arc::new(Message::from_text(s)))),
            Value::Json(json @ Json::Object(_)) => Ok(Self::Data(Arc::new(Data::from_json(json)))),
            other => Err(format!("expected Message, Data or DataFrame, not {}", other.type_name())),
        }
    }
}

/// Many values: a list field. One value counts as a list of one; null as none.
#[derive(Clone, Debug, Default)]
pub struct Many<T>(pub Vec<T>);

impl<T: FromInput> FromInput for Many<T> {
    fn describe(input: &mut InputSpec) {
        T::describe(input);
        input.list = true;
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        let items = match given_or_default(value, input) {
            Value::Null => Vec::new(),
            Value::List(items) => items,
            Value::Json(Json::Array(items)) => items.into_iter().map(Value::from).collect(),
            Value::Json(Json::String(s)) if s.is_empty() => Vec::new(),
            one => vec![one],
        };
        items.into_iter().map(|item| T::from_input(Some(item), input)).collect::<Result<_, _>>().map(Self)
    }
}

impl<T: FromInput> FromInput for Vec<T> {
    fn describe(input: &mut InputSpec) {
        Many::<T>::describe(input);
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        Many::from_input(value, input).map(|many| many.0)
    }
}

/// A live handle: a model, an embedder, an index.
#[derive(Clone, Debug)]
pub struct Handle<T: ?Sized>(pub Arc<T>);

impl<T: ?Sized> std::ops::Deref for Handle<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

macro_rules! handle {
    ($($t:ty, $variant:ident, $name:literal);* $(;)?) => {$(
        impl FromInput for Handle<$t> {
            fn describe(input: &mut InputSpec) {
                input.kind = InputKind::Handle;
                input.handles.get_or_insert_with(|| vec![$name]);
            }
            fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
                match given_or_default(value, input) {
                    Value::$variant(handle) => Ok(Self(handle)),
                    other => Err(format!(concat!("expected ", $name, ", not {}"), other.type_name())),
                }
            }
        }
    )*};
}
handle! {
    dyn ChatModel, Model, "LanguageModel";
    dyn Embedder, Embedder, "Embeddings";
    dyn VectorIndex, Vectors, "VectorStore";
    dyn ChatMemory, Memory, "Memory";
}

/// All tools that reach a field.
#[derive(Clone, Debug, Default)]
pub struct ToolList(pub Vec<Arc<dyn Tool>>);

impl FromInput for ToolList {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Handle;
        input.list = true;
        input.handles.get_or_insert_with(|| vec!["Tool"]);
    }
    fn from_input(value: Option<Value>, input: &InputSpec) -> Result<Self, String> {
        fn collect(value: Value, into: &mut Vec<Arc<dyn Tool>>) -> Result<(), String> {
            match value {
                Value::Null => Ok(()),
                Value::Json(json) if json_is_falsy(&json) => Ok(()),
                Value::Tools(tools) => {
                    into.extend(tools);
                    Ok(())
                }
                Value::List(items) => items.into_iter().try_for_each(|item| collect(item, into)),
                other => Err(format!("expected tools, not {}", other.type_name())),
            }
        }
        let mut tools = Vec::new();
        collect(given_or_default(value, input), &mut tools)?;
        Ok(Self(tools))
    }
}
