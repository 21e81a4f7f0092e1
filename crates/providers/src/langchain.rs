//! Chat messages as LangChain writes them into stores.

use langflow_core::{Json, Message};
use serde_json::json;

/// Reads a message of a session; `None` where the text is none.
pub fn message(text: &[u8], session_id: &str) -> Option<Message> {
    let stored: Json = serde_json::from_slice(text).ok()?;
    let (sender, name) = match stored.get("type").and_then(Json::as_str)? {
        "human" | "HumanMessageChunk" => ("User", "User"),
        "system" => ("System", "System"),
        _ => ("Machine", "AI"),
    };
    Some(Message {
        sender: Some(sender.to_owned()),
        sender_name: Some(name.to_owned()),
        session_id: session_id.to_owned(),
        ..Message::from_text(content(stored.pointer("/data/content").unwrap_or(&Json::Null)))
    })
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

/// A message for a store.
pub fn stored(message: &Message) -> Json {
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
