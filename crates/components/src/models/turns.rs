//! Messages as turns of a conversation.

use langflow_core::capability::{ChatTurn, ContentPart};
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, Message};
use langflow_providers::media::{data_url, image_type};

/// A file of a message may be this large.
const FILE_BYTES: usize = 50 * 1024 * 1024;

/// System text and input as turns; empty ones are left out.
pub async fn conversation(system: &str, input: &Message, cx: &Cx) -> Result<Vec<ChatTurn>, Fault> {
    let mut turns = Vec::new();
    if !system.trim().is_empty() {
        turns.push(ChatTurn::system(system));
    }
    if !input.text.is_empty() || !input.files.is_empty() {
        turns.push(user_turn(input, cx).await?);
    }
    if turns.is_empty() {
        return Err(
            Fault::missing("the message you want to send to the model is empty").at_field("input_value")
        );
    }
    Ok(turns)
}

/// A user turn: the text, then images as pictures and other files as text.
pub async fn user_turn(message: &Message, cx: &Cx) -> Result<ChatTurn, Fault> {
    let mut turn = ChatTurn::user(message.text.clone());
    for file in &message.files {
        if let Some(part) = file_part(file, cx).await? {
            turn.parts.push(part);
        }
    }
    if turn.parts.len() > 1 {
        turn.parts.retain(|part| !matches!(part, ContentPart::Text(text) if text.is_empty()));
    }
    Ok(turn)
}

async fn file_part(file: &Json, cx: &Cx) -> Result<Option<ContentPart>, Fault> {
    let path = match file {
        Json::String(path) => path.as_str(),
        Json::Object(map) => {
            if let Some(url) = ["url", "image_url"].iter().find_map(|key| map.get(*key)?.as_str()) {
                return Ok(Some(ContentPart::Image { url: url.to_owned() }));
            }
            ["path", "file_path"].iter().find_map(|key| map.get(*key)?.as_str()).unwrap_or_default()
        }
        _ => "",
    };
    if path.is_empty() {
        return Ok(None);
    }
    let content = cx.files().read(path, FILE_BYTES).await?;
    if let Some(media_type) = image_type(&content) {
        return Ok(Some(ContentPart::Image { url: data_url(media_type, &content) }));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    match std::str::from_utf8(&content) {
        Ok(text) => Ok(Some(ContentPart::Text(format!("\n\nFile '{name}' contents:\n{text}")))),
        Err(_) => {
            Err(Fault::invalid(format!("the file '{name}' is neither an image nor text")).at_field("files"))
        }
    }
}
