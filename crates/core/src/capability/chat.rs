//! Chat models.

use crate::value::{Json, Usage};
use crate::{Fault, async_trait};
use futures::stream::BoxStream;
use std::fmt::Debug;

/// What is known of a model before it is called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelInfo {
    /// Display name of the provider, e.g. `OpenAI`.
    pub provider: String,
    /// Name of the model as the provider knows it.
    pub model: String,
    /// The model takes tools.
    pub tools: bool,
    /// The model takes images.
    pub vision: bool,
    /// The model answers in JSON of a given schema.
    pub json_schema: bool,
    /// The model can stream.
    pub streaming: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatRole {
    System,
    User,
    Assistant,
    Tool,
}

/// A piece of a turn.
#[derive(Clone, Debug, PartialEq)]
pub enum ContentPart {
    Text(String),
    /// A URL or a `data:` URL.
    Image {
        url: String,
    },
}

/// A call of a tool that a model asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    /// Parsed arguments. Text that is not JSON stays a string, so that the error can go back to the
    /// model.
    pub arguments: Json,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatTurn {
    pub role: ChatRole,
    pub parts: Vec<ContentPart>,
    /// Of an assistant turn.
    pub tool_calls: Vec<ToolCall>,
    /// Of a tool turn: which call this answers.
    pub tool_call_id: Option<String>,
    /// Of a tool turn: the name of the tool.
    pub name: Option<String>,
}

impl ChatTurn {
    pub fn text(role: ChatRole, text: impl Into<String>) -> Self {
        Self {
            role,
            parts: vec![ContentPart::Text(text.into())],
            tool_calls: Vec::new(),
            tool_call_id: None,
            name: None,
        }
    }

    pub fn system(text: impl Into<String>) -> Self {
        Self::text(ChatRole::System, text)
    }

    pub fn user(text: impl Into<String>) -> Self {
        Self::text(ChatRole::User, text)
    }

    pub fn assistant(text: impl Into<String>) -> Self {
        Self::text(ChatRole::Assistant, text)
    }

    /// The answer of a tool.
    pub fn tool(call: &ToolCall, text: impl Into<String>) -> Self {
        Self {
            tool_call_id: Some(call.id.clone()),
            name: Some(call.name.clone()),
            ..Self::text(ChatRole::Tool, text)
        }
    }

    /// The text parts joined.
    pub fn plain_text(&self) -> String {
        self.parts
            .iter()
            .filter_map(|part| match part {
                ContentPart::Text(text) => Some(text.as_str()),
                ContentPart::Image { .. } => None,
            })
            .collect()
    }
}

/// A tool as the model sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolSchema {
    pub name: String,
    pub description: String,
    /// JSON Schema of the arguments, an object.
    pub parameters: Json,
}

/// The form the answer must have.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResponseFormat {
    #[default]
    Text,
    /// Any JSON object.
    Json,
    /// JSON of this schema.
    Schema { name: String, schema: Json },
}

/// One call of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatRequest {
    pub turns: Vec<ChatTurn>,
    pub tools: Vec<ToolSchema>,
    /// Name of the tool that the model must call.
    pub forced_tool: Option<String>,
    pub format: ResponseFormat,
}

impl ChatRequest {
    pub fn new(turns: Vec<ChatTurn>) -> Self {
        Self { turns, ..Self::default() }
    }
}

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatResponse {
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
    pub usage: Option<Usage>,
    /// As the provider says it: `stop`, `length`, `tool_calls`, …
    pub finish_reason: Option<String>,
    /// Model name the provider reports.
    pub model: Option<String>,
}

/// A piece of a streamed answer.
#[derive(Clone, Debug, PartialEq)]
pub enum ChatDelta {
    /// Text; may be empty (finish and usage frames of the provider).
    Text(String),
    /// A whole tool call, once its arguments are complete.
    ToolCall(ToolCall),
    Usage(Usage),
    Finish(String),
}

/// Pieces as they arrive. Dropping the stream ends the call.
pub type ChatStream = BoxStream<'static, Result<ChatDelta, Fault>>;

/// A chat model with its settings (temperature, key, base URL) already in it.
#[async_trait]
pub trait ChatModel: Debug + Send + Sync {
    fn info(&self) -> &ModelInfo;

    /// Asks for a whole answer.
    async fn complete(&self, request: ChatRequest) -> Result<ChatResponse, Fault>;

    /// Asks for an answer in pieces.
    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, Fault>;
}
