//! Messages field by field, for whoever keeps them or hands them to another process.

use super::{Json, JsonMap, Message};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

impl Message {
    /// All fields; the time in the words of whoever reads it.
    pub fn to_fields(&self, timestamp: &str) -> Json {
        json!({
            "id": self.id,
            "text": self.text,
            "sender": self.sender,
            "sender_name": self.sender_name,
            "session_id": self.session_id,
            "context_id": self.context_id,
            "files": self.files,
            "timestamp": timestamp,
            "flow_id": self.flow_id,
            "run_id": self.run_id,
            "error": self.error,
            "edit": self.edit,
            "properties": self.properties,
            "category": self.category,
            "content_blocks": self.content_blocks,
            "duration": self.duration,
            "session_metadata": self.session_metadata,
            "extra": self.extra,
        })
    }

    /// A message of fields that nobody has checked: what is missing or makes no sense is as in an empty message.
    pub fn from_fields(mut fields: JsonMap, time: impl FnOnce(&str) -> Option<DateTime<Utc>>) -> Self {
        let mut take = |key: &str| fields.remove(key).unwrap_or_default();
        let text = |json: Json| match json {
            Json::String(text) => Some(text),
            Json::Null => None,
            other => Some(other.to_string()),
        };
        let id = |json: Json| json.as_str().and_then(|text| Uuid::try_parse(text).ok());
        let list = |json: Json| match json {
            Json::Array(items) => items,
            _ => Vec::new(),
        };
        Self {
            id: id(take("id")),
            text: text(take("text")).unwrap_or_default(),
            sender: text(take("sender")),
            sender_name: text(take("sender_name")),
            session_id: text(take("session_id")).unwrap_or_default(),
            context_id: text(take("context_id")).unwrap_or_default(),
            files: list(take("files")),
            timestamp: take("timestamp").as_str().and_then(time).unwrap_or_default(),
            flow_id: id(take("flow_id")),
            run_id: id(take("run_id")),
            error: take("error").as_bool().unwrap_or_default(),
            edit: take("edit").as_bool().unwrap_or_default(),
            properties: serde_json::from_value(take("properties")).unwrap_or_default(),
            category: serde_json::from_value(take("category")).unwrap_or_default(),
            content_blocks: list(take("content_blocks")),
            duration: take("duration").as_f64(),
            session_metadata: Some(take("session_metadata")).filter(|m| !m.is_null()),
            extra: match take("extra") {
                Json::Object(map) => map,
                _ => JsonMap::new(),
            },
        }
    }
}
