//! AssemblyAI Start Transcript.

use super::assemblyai_work::{API, send};
use super::remote::{row, text_at};
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

/// Largest recording that is uploaded.
const AUDIO_BYTES: usize = 512 * 1024 * 1024;

choice! {
    /// How exact the model is.
    pub enum SpeechModel { Best = "best", Nano = "nano" }
}

/// Starts the transcription of a recording with AssemblyAI.
#[derive(Component)]
#[component(
    id = "AssemblyAITranscriptionJobCreator",
    class = "AssemblyAITranscriptionJobCreator",
    title = "AssemblyAI Start Transcript",
    icon = "AssemblyAI",
    category = "assemblyai",
    documentation = "https://www.assemblyai.com/docs",
    examples = EXAMPLES
)]
pub struct AssemblyAiTranscriptionJobCreator {
    /// The key of AssemblyAI.
    #[input(title = "Assembly API Key", required)]
    api_key: Secret,
    /// The recording.
    #[input(title = "Audio File", kind = File, file_types = ["mp3", "mp4", "wav", "m4a", "flac", "ogg", "opus", "webm", "mov", "aac"])]
    audio_file: Option<String>,
    /// Where the recording can be fetched; wins over the file.
    #[input(title = "Audio File URL", advanced)]
    audio_file_url: String,
    /// How exact the model is.
    #[input(title = "Speech Model", default = SpeechModel::Best, advanced)]
    speech_model: SpeechModel,
    /// Find out which language is spoken.
    #[input(title = "Automatic Language Detection", advanced)]
    language_detection: bool,
    /// The language that is spoken, like `de`, where it is not found out.
    #[input(title = "Language", advanced)]
    language_code: String,
    /// Tell the speakers apart.
    #[input(title = "Enable Speaker Labels")]
    speaker_labels: bool,
    /// How many speakers there are, if that is known.
    #[input(title = "Expected Number of Speakers", advanced)]
    speakers_expected: String,
    /// Write punctuation.
    #[input(title = "Punctuate", default = true, advanced)]
    punctuate: bool,
    /// Write capitals and numbers.
    #[input(title = "Format Text", default = true, advanced)]
    format_text: bool,
}

#[outputs]
impl AssemblyAiTranscriptionJobCreator {
    /// The id of the transcript, under `transcript_id`.
    #[output(name = "transcript_id", title = "Transcript ID", method = "create_transcription_job")]
    async fn transcript_id(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut body = row(json!({
            "audio_url": self.audio(cx).await?, "speech_model": self.speech_model.as_str(),
            "speaker_labels": self.speaker_labels, "punctuate": self.punctuate, "format_text": self.format_text,
        }));
        if self.language_detection {
            body.insert("language_detection".into(), json!(true));
        } else if !self.language_code.trim().is_empty() {
            body.insert("language_code".into(), json!(self.language_code.trim()));
        }
        if let (true, Ok(count)) = (self.speaker_labels, self.speakers_expected.trim().parse::<u64>()) {
            body.insert("speakers_expected".into(), json!(count));
        }
        let call = Call::post(format!("{API}/v2/transcript")).json(&Json::Object(body));
        let job = send(call, &self.api_key, cx).await?;
        Ok(Data::from_json(json!({"transcript_id": text_at(&job, "/id"), "text": text_at(&job, "/id")})))
    }
}

impl AssemblyAiTranscriptionJobCreator {
    /// The address of the recording; a file is uploaded first.
    async fn audio(&self, cx: &Cx) -> Result<String, Fault> {
        if !self.audio_file_url.trim().is_empty() {
            return Ok(self.audio_file_url.trim().to_owned());
        }
        let path =
            self.audio_file.as_deref().map(str::trim).filter(|path| !path.is_empty()).ok_or_else(|| {
                Fault::missing("choose a recording, or say where it can be fetched").at_field("audio_file")
            })?;
        let bytes = cx.files().read(path, AUDIO_BYTES).await?;
        let call = Call::post(format!("{API}/v2/upload"))
            .timeout(Duration::from_mins(10))
            .body("application/octet-stream", bytes);
        Ok(text_at(&send(call, &self.api_key, cx).await?, "/upload_url").to_owned())
    }
}

examples! {
    "Nothing to hear": {"api_key": "k"} => fails "recording";
    "No key": {"audio_file_url": "https://a.example/a.mp3"} => fails "API Key";
}
