//! A chat message, and its two shapes on the wire.

use super::{Data, Json, JsonMap};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// One message of a conversation.
///
/// Field meaning follows the reference server (contract-flows 5.2, engine 3.2).
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Set once the message is stored.
    pub id: Option<Uuid>,
    pub text: String,
    /// `User` or `Machine`; for errors the display name of the component.
    pub sender: Option<String>,
    pub sender_name: Option<String>,
    pub session_id: String,
    pub context_id: String,
    /// Storage paths `<flow id>/<name>` or objects that describe an image.
    pub files: Vec<Json>,
    pub timestamp: DateTime<Utc>,
    pub flow_id: Option<Uuid>,
    pub run_id: Option<Uuid>,
    pub error: bool,
    pub edit: bool,
    pub properties: Properties,
    pub category: Category,
    /// Content blocks as the wire shows them.
    pub content_blocks: Vec<Json>,
    pub duration: Option<f64>,
    pub session_metadata: Option<Json>,
    /// Further data: `template`, `variables`, … of a prompt.
    pub extra: JsonMap,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    #[default]
    Message,
    Error,
    Warning,
    Info,
}

impl Category {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageState {
    Partial,
    #[default]
    Complete,
}

/// Tokens of one or more model calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub total_tokens: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.total_tokens += other.total_tokens;
    }
}

/// Which component produced a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    pub id: Option<String>,
    pub display_name: Option<String>,
    /// The model's name when a model produced the text, else the display name.
    pub source: Option<String>,
}

/// Presentation of a message. Serialises in the order of the reference.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Properties {
    pub text_color: Option<String>,
    pub background_color: Option<String>,
    pub edited: bool,
    pub source: Source,
    pub icon: Option<String>,
    pub allow_markdown: bool,
    pub positive_feedback: Option<bool>,
    pub state: MessageState,
    pub targets: Vec<Json>,
    pub usage: Option<Usage>,
    pub build_duration: Option<f64>,
}

impl Default for Message {
    fn default() -> Self {
        Self {
            id: None,
            text: String::new(),
            sender: None,
            sender_name: None,
            session_id: String::new(),
            context_id: String::new(),
            files: Vec::new(),
            timestamp: DateTime::UNIX_EPOCH,
            flow_id: None,
            run_id: None,
            error: false,
            edit: false,
            properties: Properties::default(),
            category: Category::default(),
            content_blocks: Vec::new(),
            duration: None,
            session_metadata: None,
            extra: JsonMap::new(),
        }
    }
}

impl Message {
    /// A message with only text. The time is set when it is sent or emitted by a node.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The wire dump without the trailing `id` (contract-flows 5.2): the form inside `results`.
    pub fn dump(&self) -> Json {
        Json::Object(self.dump_map())
    }

    /// The wire dump of `add_message` events: as [`Message::dump`], with `id` at the end.
    pub fn dump_event(&self) -> Json {
        let mut map = self.dump_map();
        map.insert("id".into(), json!(self.id));
        Json::Object(map)
    }

    fn dump_map(&self) -> JsonMap {
        let timestamp = format_timestamp(self.timestamp);
        let properties = serde_json::to_value(&self.properties).unwrap_or_default();
        let blocks = Json::Array(self.content_blocks.clone());
        let files = Json::Array(self.files.clone());
        let session_metadata = self.session_metadata.clone().unwrap_or(Json::Null);
        let flow_id = json!(self.flow_id);
        let run_id = json!(self.run_id);

        let mut data = JsonMap::with_capacity(17 + self.extra.len());
        data.insert("timestamp".into(), json!(timestamp));
        data.insert("sender".into(), json!(self.sender));
        data.insert("sender_name".into(), json!(self.sender_name));
        data.insert("session_id".into(), json!(self.session_id));
        data.insert("context_id".into(), json!(self.context_id));
        data.insert("text".into(), json!(self.text));
        data.insert("files".into(), files.clone());
        data.insert("error".into(), json!(self.error));
        data.insert("edit".into(), json!(self.edit));
        data.insert("properties".into(), complete(&properties));
        data.insert("category".into(), json!(self.category.as_str()));
        data.insert("content_blocks".into(), blocks.clone());
        data.insert("session_metadata".into(), session_metadata.clone());
        if let Some(id) = self.id {
            data.insert("id".into(), json!(id));
        }
        data.insert("flow_id".into(), flow_id.clone());
        data.insert("run_id".into(), run_id.clone());
        data.insert("duration".into(), json!(self.duration));
        for (key, value) in &self.extra {
            data.insert(key.clone(), value.clone());
        }

        let mut map = JsonMap::with_capacity(19);
        map.insert("text_key".into(), json!("text"));
        map.insert("data".into(), Json::Object(data));
        map.insert("default_value".into(), json!(""));
        map.insert("sender".into(), json!(self.sender));
        map.insert("sender_name".into(), json!(self.sender_name));
        map.insert("files".into(), files);
        map.insert("session_id".into(), json!(self.session_id));
        map.insert("context_id".into(), json!(self.context_id));
        map.insert("run_id".into(), run_id);
        map.insert("timestamp".into(), json!(timestamp));
        map.insert("flow_id".into(), flow_id);
        map.insert("error".into(), json!(self.error));
        map.insert("edit".into(), json!(self.edit));
        map.insert("properties".into(), properties);
        map.insert("category".into(), json!(self.category.as_str()));
        map.insert("content_blocks".into(), blocks);
        map.insert("duration".into(), json!(self.duration));
        map.insert("session_metadata".into(), session_metadata);
        map.insert("text".into(), json!(self.text));
        map
    }

    /// All fields as plain data, as a Parser or a table sees a message.
    pub fn to_data(&self) -> Data {
        match self.dump_map().remove("data") {
            Some(Json::Object(map)) => Data::new(map),
            _ => Data::from_text(self.text.clone()),
        }
    }
}

/// In a streamed message the nested copy already says `complete` (contract-flows 7.6).
fn complete(properties: &Json) -> Json {
    let mut copy = properties.clone();
    if let Some(map) = copy.as_object_mut() {
        map.insert("state".into(), json!("complete"));
    }
    copy
}

/// `2026-11-23 04:45:54.408127 UTC`.
pub fn format_timestamp(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S%.6f UTC").to_string()
}

/// Reads `YYYY-MM-DD HH:MM:SS[.ffffff][ UTC]` and ISO 8601; a time without zone is UTC.
pub fn parse_timestamp(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    let bare = text.strip_suffix(" UTC").unwrap_or(text);
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(bare, format).ok())
        .map(|naive| naive.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_read_back() {
        let time = parse_timestamp("2026-11-23 04:45:54.408127 UTC").unwrap();
        assert_eq!(format_timestamp(time), "2026-11-23 04:45:54.408127 UTC");
        assert_eq!(parse_timestamp("2026-11-23T04:45:54+00:00").unwrap().timestamp(), time.timestamp());
        assert!(parse_timestamp("yesterday").is_none());
    }

    #[test]
    fn the_nested_copy_says_complete() {
        let mut message = Message::from_text("hi");
        message.properties.state = MessageState::Partial;
        let dump = message.dump();
        assert_eq!(dump["properties"]["state"], "partial");
        assert_eq!(dump["data"]["properties"]["state"], "complete");
    }
}
