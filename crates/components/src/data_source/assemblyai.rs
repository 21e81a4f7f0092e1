//! AssemblyAI Transcriber.

use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const API: &str = "https://api.assemblyai.com/v2/transcript";
const ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// Between two questions whether the transcript is ready.
const PAUSE: Duration = Duration::from_secs(3);

/// Turns speech into text with AssemblyAI.
#[derive(Component)]
#[component(
    id = "AssemblyAITranscriber",
    class = "AssemblyAITranscriber",
    title = "AssemblyAI Transcriber",
    icon = "AssemblyAI",
    category = "assemblyai"
)]
pub struct AssemblyAiTranscriber {
    /// The key of AssemblyAI.
    #[input(title = "Assembly API Key", required)]
    api_key: Secret,
    /// Where the recording can be fetched.
    #[input(title = "Audio URL", required, tool_mode)]
    audio_url: String,
    /// Language that is spoken, like `en`; empty lets AssemblyAI assume English.
    #[input(title = "Language Code", advanced)]
    language_code: String,
    /// Tells the speakers apart.
    #[input(title = "Speaker Labels", advanced)]
    speaker_labels: bool,
    /// Seconds to wait for the transcript.
    #[input(title = "Polling Timeout", advanced, default = 300)]
    poll_timeout: u64,
}

#[outputs]
impl AssemblyAiTranscriber {
    /// What was said.
    #[output(title = "Transcript", method = "transcribe")]
    async fn transcript(&self, cx: &Cx) -> Result<Message, Fault> {
        let mut body = json!({ "audio_url": self.audio_url.trim() });
        if let Some(map) = body.as_object_mut() {
            if self.speaker_labels {
                map.insert("speaker_labels".into(), json!(true));
            }
            if !self.language_code.trim().is_empty() {
                map.insert("language_code".into(), json!(self.language_code.trim()));
            }
        }
        let egress = cx.egress();
        let job =
            self.signed(Call::post(API).json(&body)).send_json(&*egress, "AssemblyAI", ANSWER_BYTES).await?;
        let id = job.get("id").and_then(Json::as_str).ok_or_else(|| unclear("it gave the job no id"))?;
        let poll = async {
            loop {
                let call = self.signed(Call::get(format!("{API}/{id}")));
                let state = call.send_json(&*egress, "AssemblyAI", ANSWER_BYTES).await?;
                match state.get("status").and_then(Json::as_str) {
                    Some("completed") => return Ok(self.text(&state)),
                    Some("error") => {
                        let why = state.get("error").and_then(Json::as_str).unwrap_or("no reason given");
                        return Err(Fault::invalid(format!("AssemblyAI could not transcribe: {why}")));
                    }
                    Some(_) => tokio::time::sleep(PAUSE).await,
                    None => return Err(unclear("it did not say how far it is")),
                }
            }
        };
        match tokio::time::timeout(Duration::from_secs(self.poll_timeout.max(1)), poll).await {
            Ok(text) => Ok(cx.new_message(text?)),
            Err(_) => Err(Fault::new(
                FaultKind::Timeout,
                format!("the transcript was not ready within {} seconds", self.poll_timeout),
            )),
        }
    }
}

impl AssemblyAiTranscriber {
    fn signed(&self, call: Call) -> Call {
        call.secret_header("authorization", self.api_key.expose().trim())
    }

    /// The text; with speakers a line each.
    fn text(&self, state: &Json) -> String {
        let utterances = state.get("utterances").and_then(Json::as_array).filter(|list| !list.is_empty());
        if self.speaker_labels
            && let Some(utterances) = utterances
        {
            let line = |utterance: &Json| {
                let text =
                    |key: &str| utterance.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
                format!("Speaker {}: {}", text("speaker"), text("text"))
            };
            return utterances.iter().map(line).collect::<Vec<_>>().join("\n");
        }
        state.get("text").and_then(Json::as_str).unwrap_or_default().to_owned()
    }
}

fn unclear(why: &str) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("the answer of AssemblyAI is unclear: {why}"))
}
