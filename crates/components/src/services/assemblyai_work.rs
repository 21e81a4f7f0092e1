//! Calls to AssemblyAI that several components make.

use super::remote::{ANSWER_BYTES, ask, text_at};
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, Secret, Value};
use langflow_providers::http::Call;

pub const API: &str = "https://api.assemblyai.com";

/// Sends a call with the key.
pub async fn send(call: Call, key: &Secret, cx: &Cx) -> Result<Json, Fault> {
    ask(call.secret_header("authorization", key.expose().trim()), "AssemblyAI", cx).await
}

/// As [`send`], for answers that are text.
pub async fn send_text(call: Call, key: &Secret, cx: &Cx) -> Result<String, Fault> {
    let call = call.secret_header("authorization", key.expose().trim());
    let bytes = call.send_ok(&*cx.egress(), "AssemblyAI").await?.bytes(ANSWER_BYTES).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The id of a transcript: written, or inside of data.
pub fn transcript_id(value: &Value, field: &str) -> Result<String, Fault> {
    let json = value.to_json();
    let id = match &json {
        Json::String(text) => text.clone(),
        object => {
            let written = ["/transcript_id", "/id", "/text"].map(|pointer| text_at(object, pointer));
            written.into_iter().find(|id| !id.is_empty()).unwrap_or_default().to_owned()
        }
    };
    if let Some(error) = json.get("error").and_then(Json::as_str) {
        return Err(Fault::invalid(format!("the transcript failed: {error}")).at_field(field));
    }
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        return Err(Fault::missing("there is no id of a transcript").at_field(field));
    }
    Ok(id)
}
