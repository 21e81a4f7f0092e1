//! A memory that says whose it is when it fails.
//!
//! It is another node that reads and writes it, and is seen to fail. Without a name the user would look for the refused
//! password there.

use langflow_core::capability::ChatMemory;
use langflow_core::{Fault, Message, async_trait};
use std::sync::Arc;

/// A memory, and the component that gave it.
#[derive(Debug)]
pub(super) struct Told {
    pub memory: Arc<dyn ChatMemory>,
    /// As the user sees it.
    pub component: String,
}

#[async_trait]
impl ChatMemory for Told {
    async fn last(&self, limit: usize) -> Result<Vec<Message>, Fault> {
        self.memory.last(limit).await.map_err(|fault| fault.told_of(&self.component))
    }

    async fn append(&self, message: &Message) -> Result<(), Fault> {
        self.memory.append(message).await.map_err(|fault| fault.told_of(&self.component))
    }
}
