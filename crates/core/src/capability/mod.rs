//! What live handles on edges can do.
//!
//! A handle is a recipe that a node built from its parameters: it can be made again at any time, and it
//! is never stored. Providers implement these traits; components use them.

mod chat;
mod document;
mod embed;
mod mcp;
mod memory;
mod provider;
mod tool;
mod vector;

pub use chat::{
    ChatDelta, ChatModel, ChatRequest, ChatResponse, ChatRole, ChatStream, ChatTurn, ContentPart, ModelInfo,
    ResponseFormat, ToolCall, ToolSchema,
};
pub use document::{Documents, SplitRule};
pub use embed::Embedder;
pub use mcp::{McpConnector, McpPlace, McpReply, McpServerRef, McpSession, McpTarget, McpTool, McpTransport};
pub use memory::ChatMemory;
pub use provider::{ModelKind, ModelProviders, OfferedModel, ProviderInfo, ProviderValues, ProviderVariable};
pub use tool::{Tool, ToolOutput};
pub use vector::{Hit, VectorIndex, VectorQuery, VectorRecord};
