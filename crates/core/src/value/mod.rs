//! What travels along the edges of a flow.
//!
//! Literals from the flow document are [`Value::Json`]. Components produce [`Message`], [`Data`],
//! [`Table`], lists of these, and live handles (a model, an embedder, tools) that only travel between
//! nodes and are never stored.

mod convert;
mod data;
mod fields;
mod message;
mod table;
mod weight;

pub use convert::{clean_text, json_fence, python_float, python_repr};
pub use data::Data;
pub use message::{
    Category, Message, MessageState, Properties, Source, Usage, format_timestamp, parse_timestamp,
};
pub use table::Table;
pub use weight::{json_weight, map_weight};

use crate::capability::{ChatMemory, ChatModel, Embedder, Tool, VectorIndex};
use std::sync::Arc;

/// Any JSON value. Objects keep the order of their keys.
pub type Json = serde_json::Value;
/// A JSON object.
pub type JsonMap = serde_json::Map<String, Json>;

/// One value on an edge or in a field.
#[derive(Clone, Debug, Default)]
pub enum Value {
    #[default]
    Null,
    /// A literal: text, number, boolean, object or array.
    Json(Json),
    Message(Arc<Message>),
    Data(Arc<Data>),
    Table(Arc<Table>),
    List(Vec<Value>),
    Secret(crate::Secret),
    Model(Arc<dyn ChatModel>),
    Embedder(Arc<dyn Embedder>),
    Tools(Vec<Arc<dyn Tool>>),
    Vectors(Arc<dyn VectorIndex>),
    Memory(Arc<dyn ChatMemory>),
}

impl Value {
    /// A text literal.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Json(Json::String(text.into()))
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null | Self::Json(Json::Null))
    }

    /// Whether Python would call the value false: null, false, 0, empty text, list or object.
    pub fn is_falsy(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Json(json) => json_is_falsy(json),
            Self::List(items) => items.is_empty(),
            Self::Table(table) => table.is_empty(),
            Self::Tools(tools) => tools.is_empty(),
            Self::Secret(secret) => secret.is_empty(),
            _ => false,
        }
    }

    /// The name of the type as it stands on handles and in messages to the user.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null | Self::Json(Json::Null) => "None",
            Self::Json(Json::Bool(_)) => "bool",
            Self::Json(Json::Number(n)) => {
                if n.is_f64() {
                    "float"
                } else {
                    "int"
                }
            }
            Self::Json(Json::String(_)) => "str",
            Self::Json(Json::Array(_)) | Self::List(_) => "list",
            Self::Json(Json::Object(_)) => "dict",
            Self::Message(_) => "Message",
            Self::Data(_) => "Data",
            Self::Table(_) => "DataFrame",
            Self::Secret(_) => "SecretStr",
            Self::Model(_) => "LanguageModel",
            Self::Embedder(_) => "Embeddings",
            Self::Tools(_) => "Tool",
            Self::Vectors(_) => "VectorStore",
            Self::Memory(_) => "Memory",
        }
    }

    /// The plain JSON of the value, as the API shows it: a message as its dump, data as its object,
    /// a table as a list of rows, a live handle as null.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Json(json) => json.clone(),
            Self::Message(message) => message.dump(),
            Self::Data(data) => Json::Object(data.data.clone()),
            Self::Table(table) => table.to_json(),
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Tools(tools) => Json::Array(tools.iter().map(|t| t.describe()).collect()),
            Self::Null
            | Self::Secret(_)
            | Self::Model(_)
            | Self::Embedder(_)
            | Self::Vectors(_)
            | Self::Memory(_) => Json::Null,
        }
    }
}

/// Whether Python would call the JSON value false.
pub fn json_is_falsy(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Bool(b) => !b,
        Json::Number(n) => n.as_f64() == Some(0.0),
        Json::String(s) => s.is_empty(),
        Json::Array(a) => a.is_empty(),
        Json::Object(o) => o.is_empty(),
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(Arc::new(message))
    }
}

impl From<Arc<Message>> for Value {
    fn from(message: Arc<Message>) -> Self {
        Self::Message(message)
    }
}

impl From<Data> for Value {
    fn from(data: Data) -> Self {
        Self::Data(Arc::new(data))
    }
}

impl From<Vec<Data>> for Value {
    fn from(items: Vec<Data>) -> Self {
        Self::List(items.into_iter().map(Self::from).collect())
    }
}

impl From<Table> for Value {
    fn from(table: Table) -> Self {
        Self::Table(Arc::new(table))
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        if json.is_null() { Self::Null } else { Self::Json(json) }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Arc<dyn ChatModel>> for Value {
    fn from(model: Arc<dyn ChatModel>) -> Self {
        Self::Model(model)
    }
}

impl From<Arc<dyn Embedder>> for Value {
    fn from(embedder: Arc<dyn Embedder>) -> Self {
        Self::Embedder(embedder)
    }
}

impl From<Arc<dyn VectorIndex>> for Value {
    fn from(index: Arc<dyn VectorIndex>) -> Self {
        Self::Vectors(index)
    }
}

impl From<Arc<dyn ChatMemory>> for Value {
    fn from(memory: Arc<dyn ChatMemory>) -> Self {
        Self::Memory(memory)
    }
}

impl From<Vec<Arc<dyn Tool>>> for Value {
    fn from(tools: Vec<Arc<dyn Tool>>) -> Self {
        Self::Tools(tools)
    }
}
