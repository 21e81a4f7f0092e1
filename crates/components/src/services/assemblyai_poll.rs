//! AssemblyAI Poll Transcript.

use super::assemblyai_work::{API, send, transcript_id};
use super::remote::text_at;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use std::time::Duration;

/// A transcript may take this long.
const LONGEST: Duration = Duration::from_hours(1);

/// Waits for a transcript of AssemblyAI.
#[derive(Component)]
#[component(
    id = "AssemblyAITranscriptionJobPoller",
    class = "AssemblyAITranscriptionJobPoller",
    title = "AssemblyAI Poll Transcript",
    icon = "AssemblyAI",
    category = "assemblyai",
    documentation = "https://www.assemblyai.com/docs",
    examples = EXAMPLES
)]
pub struct AssemblyAiTranscriptionJobPoller {
    /// The key of AssemblyAI.
    #[input(title = "Assembly API Key", required)]
    api_key: Secret,
    /// The transcript, from Start Transcript.
    #[input(title = "Transcript ID", kind = Data, required)]
    transcript_id: AnyValue,
    /// Seconds between two questions whether it is ready, from 3 to 30.
    #[input(title = "Polling Interval", default = 3.0, range = (3.0, 30.0, 1.0), advanced)]
    polling_interval: f64,
}

#[outputs]
impl AssemblyAiTranscriptionJobPoller {
    /// The transcript as AssemblyAI gives it; an `error` where it failed.
    #[output(
        name = "transcription_result",
        title = "Transcription Result",
        method = "poll_transcription_job"
    )]
    async fn transcription_result(&self, cx: &Cx) -> Result<Data, Fault> {
        let id = transcript_id(&self.transcript_id.0, "transcript_id")?;
        let pause = Duration::from_secs_f64(self.polling_interval.clamp(3.0, 30.0));
        let poll = async {
            loop {
                let state = send(Call::get(format!("{API}/v2/transcript/{id}")), &self.api_key, cx).await?;
                match text_at(&state, "/status") {
                    "queued" | "processing" => tokio::time::sleep(pause).await,
                    "" => {
                        return Err(Fault::new(
                            FaultKind::Unavailable,
                            "AssemblyAI did not say how far it is",
                        ));
                    }
                    _ => return Ok(Data::from_json(state)),
                }
            }
        };
        tokio::time::timeout(LONGEST, poll)
            .await
            .map_err(|_| Fault::new(FaultKind::Timeout, "the transcript was not ready within an hour"))?
    }
}

examples! {
    "No transcript": {"api_key": "k", "transcript_id": {"$data": {}}} => fails "no id of a transcript";
    "A transcript that failed": {"api_key": "k", "transcript_id": {"$data": {"error": "no audio"}}} => fails "no audio";
}
