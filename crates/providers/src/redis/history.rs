//! Histories of chats in lists, as LangChain keeps them: the newest message first, each a JSON text.

use super::RedisServer;
use langflow_core::capability::ChatMemory;
use langflow_core::{Fault, FaultKind, Json, Message, async_trait};
use redis::{Cmd, Value};
use serde_json::json;

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
        let unreadable = || {
            Fault::new(
                FaultKind::Unavailable,
                format!("the list '{}' in Redis holds no chat messages", self.key),
            )
        };
        let stored: Json = serde_json::from_slice(text).map_err(|_| unreadable())?;
        let (sender, name) = match stored.get("type").and_then(Json::as_str) {
            Some("human" | "HumanMessageChunk") => ("User", "User"),
            Some("ai" | "AIMessageChunk") => ("Machine", "AI"),
            Some("system") => ("System", "System"),
            Some(_) => ("Machine", "AI"),
            None => return Err(unreadable()),
        };
        Ok(Message {
            sender: Some(sender.to_owned()),
            sender_name: Some(name.to_owned()),
            session_id: self.session_id.clone(),
            ..Message::from_text(content(stored.pointer("/data/content").unwrap_or(&Json::Null)))
        })
    }
}

/// The text of a message; what is in parts is joined.
fn content(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Array(parts) => {
            let part = |part: &Json| part.as_str().or_else(|| part.get("text")?.as_str()).map(str::to_owned);
            parts.iter().filter_map(part).collect::<String>()
        }
        _ => String::new(),
    }
}

/// A message as LangChain writes it.
fn stored(message: &Message) -> Json {
    let kind = match message.sender.as_deref() {
        Some("User") => "human",
        Some("System") => "system",
        _ => "ai",
    };
    json!({
        "type": kind,
        "data": {
            "content": message.text,
            "additional_kwargs": {},
            "response_metadata": {},
            "type": kind,
            "name": null,
            "id": null,
        },
    })
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
        push.arg("LPUSH").arg(&self.key).arg(stored(message).to_string());
        self.server.open().await?.ask(&push).await.map(drop)
    }
}
