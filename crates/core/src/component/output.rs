//! Declared outputs.

use crate::capability::{ChatMemory, ChatModel, Embedder, Tool, VectorIndex};
use crate::value::{Data, Json, Message, Table, Value};
use serde_json::json;
use std::sync::Arc;

/// One declared output.
#[derive(Clone, Debug)]
pub struct OutputSpec {
    pub name: &'static str,
    /// Method name of the reference: the second key by which stored flows name an output.
    pub method: &'static str,
    pub title: &'static str,
    pub info: &'static str,
    /// Types an edge may carry from here.
    pub types: Vec<&'static str>,
    /// Further methods and names by which old flows name this output.
    pub aliases: &'static [&'static str],
    /// Listed in the catalogue. Outputs of old node shapes are not.
    pub listed: bool,
    pub cache: bool,
    pub allows_loop: bool,
    /// Further types a feedback edge may bring to this output.
    pub loop_types: Vec<&'static str>,
    /// Becomes a tool in tool mode.
    pub tool_mode: bool,
    /// Shown as a handle of its own beside the others.
    pub group_outputs: bool,
    pub hidden: bool,
}

impl OutputSpec {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            method: name,
            title: name,
            info: "",
            types: Vec::new(),
            aliases: &[],
            listed: true,
            cache: true,
            allows_loop: false,
            loop_types: Vec::new(),
            tool_mode: true,
            group_outputs: false,
            hidden: false,
        }
    }

    /// The entry of the catalogue (contract-flows 6.3).
    pub fn to_json(&self) -> Json {
        let mut output = json!({
            "allows_loop": self.allows_loop,
            "cache": self.cache,
            "display_name": self.title,
            "group_outputs": self.group_outputs,
            "method": self.method,
            "name": self.name,
            "selected": self.types.first(),
            "tool_mode": self.tool_mode,
            "types": self.types,
            "value": "__UNDEFINED__",
        });
        if !self.loop_types.is_empty()
            && let Some(map) = output.as_object_mut()
        {
            map.insert("loop_types".into(), json!(self.loop_types));
        }
        if self.hidden
            && let Some(map) = output.as_object_mut()
        {
            map.insert("hidden".into(), json!(true));
        }
        output
    }
}

/// What an output may return.
pub trait OutputType {
    /// Type names on the handle.
    const TYPES: &'static [&'static str];
    fn into_value(self) -> Value;
}

macro_rules! output_type {
    ($($t:ty => [$($name:literal),*]),* $(,)?) => {$(
        impl OutputType for $t {
            const TYPES: &'static [&'static str] = &[$($name),*];
            fn into_value(self) -> Value { self.into() }
        }
    )*};
}
output_type! {
    Message => ["Message"],
    Arc<Message> => ["Message"],
    Data => ["JSON"],
    Vec<Data> => ["JSON"],
    Table => ["Table"],
    String => ["Message"],
    Arc<dyn ChatModel> => ["LanguageModel"],
    Arc<dyn Embedder> => ["Embeddings"],
    Arc<dyn VectorIndex> => ["VectorStore"],
    Arc<dyn ChatMemory> => ["Memory"],
    Vec<Arc<dyn Tool>> => ["Tool"],
}

impl OutputType for Value {
    const TYPES: &'static [&'static str] = &["Message"];
    fn into_value(self) -> Value {
        self
    }
}
