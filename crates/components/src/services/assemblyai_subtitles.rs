//! AssemblyAI Get Subtitles.

use super::assemblyai_work::{API, send_text, transcript_id};
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

choice! {
    /// The form of the subtitles.
    pub enum SubtitleFormat { Srt = "srt", Vtt = "vtt" }
}

/// Makes subtitles of a transcript of AssemblyAI.
#[derive(Component)]
#[component(
    id = "AssemblyAIGetSubtitles",
    class = "AssemblyAIGetSubtitles",
    title = "AssemblyAI Get Subtitles",
    icon = "AssemblyAI",
    category = "assemblyai",
    documentation = "https://www.assemblyai.com/docs",
    examples = EXAMPLES
)]
pub struct AssemblyAiGetSubtitles {
    /// The key of AssemblyAI.
    #[input(title = "Assembly API Key", required)]
    api_key: Secret,
    /// The transcript.
    #[input(title = "Transcription Result", kind = Data, required)]
    transcription_result: AnyValue,
    /// The form of the subtitles.
    #[input(title = "Subtitle Format", default = SubtitleFormat::Srt)]
    subtitle_format: SubtitleFormat,
    /// Most characters of one subtitle; 0 leaves it to the service.
    #[input(title = "Characters per Caption", default = 0, advanced)]
    chars_per_caption: u64,
}

#[outputs]
impl AssemblyAiGetSubtitles {
    /// The subtitles, and their format.
    #[output(name = "subtitles", title = "Subtitles", method = "get_subtitles")]
    async fn subtitles(&self, cx: &Cx) -> Result<Data, Fault> {
        let id = transcript_id(&self.transcription_result.0, "transcription_result")?;
        let format = self.subtitle_format.as_str();
        let mut call = Call::get(format!("{API}/v2/transcript/{id}/{format}"));
        if self.chars_per_caption > 0 {
            call = call.query(&[("chars_per_caption", &self.chars_per_caption.to_string())]);
        }
        let text = send_text(call, &self.api_key, cx).await?;
        Ok(Data::from_json(json!({"subtitles": text, "format": format, "transcript_id": id, "text": text})))
    }
}

examples! {
    "No transcript": {"api_key": "k", "transcription_result": {"$data": {}}} => fails "no id of a transcript";
}
