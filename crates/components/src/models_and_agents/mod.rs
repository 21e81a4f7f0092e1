//! Prompts, chat history, and the tools of MCP servers.

mod mcp_fields;
mod mcp_tools;
mod message_history;
mod message_store;
mod prompt;
mod stored;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<mcp_tools::McpToolsComponent>::of(),
        Entry::<prompt::PromptComponent>::of(),
        Entry::<message_history::MemoryComponent>::of(),
        Entry::<message_store::MessageStoreComponent>::of(),
    ]
}
