//! External chat histories.

use crate::{Fault, Message, async_trait};
use std::fmt::Debug;

/// A chat history of one session, held outside our own message store.
#[async_trait]
pub trait ChatMemory: Debug + Send + Sync {
    /// The last `limit` messages, oldest first.
    async fn last(&self, limit: usize) -> Result<Vec<Message>, Fault>;
    async fn append(&self, message: &Message) -> Result<(), Fault>;
}
