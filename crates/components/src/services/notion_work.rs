//! Calls to Notion that several components make.

use super::remote::ask;
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, Secret};
use langflow_providers::http::Call;

pub const API: &str = "https://api.notion.com/v1";
const VERSION: &str = "2022-06-28";
/// Most pages of one listing.
pub const MOST_PAGES: usize = 50;

/// Sends a call with the secret of an integration.
pub async fn send(call: Call, secret: &Secret, cx: &Cx) -> Result<Json, Fault> {
    ask(call.bearer(secret).header("notion-version", VERSION), "Notion", cx).await
}

/// An id of Notion as part of an address.
pub fn id<'a>(text: &'a str, field: &str) -> Result<&'a str, Fault> {
    let text = text.trim();
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Fault::invalid(format!("'{text}' is no id of Notion")).at_field(field));
    }
    Ok(text)
}

/// JSON that a user or a model wrote.
pub fn object(text: &str, field: &str) -> Result<Json, Fault> {
    if text.trim().is_empty() {
        return Ok(Json::Object(langflow_core::JsonMap::new()));
    }
    serde_json::from_str(text).map_err(|why| Fault::invalid(format!("not JSON: {why}")).at_field(field))
}

/// The text of rich text.
pub fn plain(rich: Option<&Json>) -> String {
    let parts = rich.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    parts.iter().filter_map(|part| part.get("plain_text").and_then(Json::as_str)).collect()
}
