//! AssemblyAI LeMUR.

use super::assemblyai_work::{API, send, transcript_id};
use super::remote::{parts, row};
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

choice! {
    /// What is asked.
    pub enum Endpoint { Task = "task", Summary = "summary", Questions = "question-answer" }
}

/// Asks a model of AssemblyAI about transcripts.
#[derive(Component)]
#[component(
    id = "AssemblyAILeMUR",
    class = "AssemblyAILeMUR",
    title = "AssemblyAI LeMUR",
    icon = "AssemblyAI",
    category = "assemblyai",
    documentation = "https://www.assemblyai.com/docs/lemur",
    examples = EXAMPLES
)]
pub struct AssemblyAiLemur {
    /// The key of AssemblyAI.
    #[input(title = "Assembly API Key", required)]
    api_key: Secret,
    /// The transcript.
    #[input(title = "Transcription Result", kind = Data, required)]
    transcription_result: AnyValue,
    /// The question or task.
    #[input(title = "Input Prompt", kind = Multiline, required)]
    prompt: String,
    /// The model, as AssemblyAI names it.
    #[input(title = "Final Model", kind = Str, default = "anthropic/claude-sonnet-4-20250514", advanced)]
    final_model: String,
    /// How free the model is, from 0 to 1.
    #[input(title = "Temperature", default = 0.0, advanced)]
    temperature: f64,
    /// Most tokens of the answer.
    #[input(title = "Max Output Size", default = 2000, advanced)]
    max_output_size: u64,
    /// What is asked.
    #[input(title = "Endpoint", default = Endpoint::Task, advanced)]
    endpoint: Endpoint,
    /// Several questions, with commas between them; only for questions.
    #[input(title = "Questions", advanced)]
    questions: String,
    /// Further transcripts, with commas between their ids.
    #[input(title = "Transcript IDs", advanced)]
    transcript_ids: String,
}

#[outputs]
impl AssemblyAiLemur {
    /// The answer as AssemblyAI gives it.
    #[output(name = "lemur_response", title = "LeMUR Response", method = "run_lemur")]
    async fn lemur_response(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut ids: Vec<String> = parts(&self.transcript_ids).into_iter().map(str::to_owned).collect();
        if ids.is_empty() {
            ids.push(transcript_id(&self.transcription_result.0, "transcription_result")?);
        }
        let mut body = row(json!({
            "transcript_ids": ids, "final_model": self.final_model, "temperature": self.temperature,
            "max_output_size": self.max_output_size,
        }));
        match self.endpoint {
            Endpoint::Task => body.insert("prompt".into(), json!(self.prompt)),
            Endpoint::Summary => body.insert("context".into(), json!(self.prompt)),
            Endpoint::Questions => {
                let asked = if self.questions.trim().is_empty() { &self.prompt } else { &self.questions };
                let asked: Vec<Json> =
                    asked.split(',').map(|question| json!({"question": question.trim()})).collect();
                body.insert("questions".into(), json!(asked))
            }
        };
        let call = Call::post(format!("{API}/lemur/v3/generate/{}", self.endpoint.as_str()))
            .timeout(Duration::from_mins(5))
            .json(&Json::Object(body));
        Ok(Data::from_json(send(call, &self.api_key, cx).await?))
    }
}

examples! {
    "No transcript": {"api_key": "k", "prompt": "p", "transcription_result": {"$data": {}}} => fails "no id of a transcript";
}
