//! Histories of chats in lists, as LangChain keeps them: the newest message first, each a JSON text.

use super::RedisServer;
use crate::langchain;
use langflow_core::capability::ChatMemory;
use langflow_core::{Fault, FaultKind, Message, async_trait};
use redis::{Cmd, Value};

/// The history of one session.
#[derive(Clone, Debug)]
pub struct RedisHistory {
    pub server: RedisServer,
    /// The key of the list: a prefix and the session.
    pub key: String,
    pub session_id: String,
}

impl RedisHistory {
    fn message(&self, text: &[u8]) -> Result<Message, Fault> {
        langchain::message(text, &self.session_id).ok_or_else(|| {
            Fault::new(
                FaultKind::Unavailable,
                format!("the list '{}' in Redis holds no chat messages", self.key),
            )
        })
    }
}

#[async_trait]
impl ChatMemory for RedisHistory {
    async fn last(&self, limit: usize) -> Result<Vec<Message>, Fault> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut range = Cmd::new();
        range.arg("LRANGE").arg(&self.key).arg(0).arg(limit - 1);
        let items = match self.server.open().await?.ask(&range).await? {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        let texts = items.iter().rev().filter_map(|item| match item {
            Value::BulkString(text) => Some(text.as_slice()),
            _ => None,
        });
        texts.map(|text| self.message(text)).collect()
    }

    async fn append(&self, message: &Message) -> Result<(), Fault> {
        let mut push = Cmd::new();
        push.arg("LPUSH").arg(&self.key).arg(langchain::stored(message).to_string());
        self.server.open().await?.ask(&push).await.map(drop)
    }
}
