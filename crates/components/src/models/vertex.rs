//! Vertex AI.

use super::vendor::ChatFields;
use crate::fields::google::{service_account, vertex_address};
use langflow_core::prelude::*;
use langflow_providers::chat::{ChatSettings, Target, connect, profile};

/// Answers with a Gemini model in your project of Google Cloud.
///
/// The project is entered with a service account: upload its JSON file, or store the JSON as the variable
/// `GOOGLE_SERVICE_ACCOUNT`.
#[derive(Component)]
#[component(
    id = "VertexAiModel",
    aliases = ["ChatVertexAIComponent"],
    class = "ChatVertexAIComponent",
    title = "Vertex AI",
    icon = "VertexAI",
    category = "vertexai",
    module = "lfx.components.vertexai.vertexai.ChatVertexAIComponent"
)]
pub struct VertexAiModel {
    #[input(group)]
    chat: ChatFields,
    /// The JSON of the service account.
    #[input(title = "Credentials", kind = File, file_types = ["json"])]
    credentials: Json,
    /// The model that answers.
    #[input(title = "Model Name", default = "gemini-1.5-pro")]
    model_name: String,
    /// The project; empty: that of the service account.
    #[input(title = "Project", kind = Str, advanced)]
    project: String,
    /// The region where the model runs.
    #[input(title = "Location", kind = Str, advanced, default = "us-central1")]
    location: String,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Output Tokens", advanced)]
    max_output_tokens: u64,
    /// How often to try again when the provider is busy or fails.
    #[input(title = "Max Retries", advanced, default = 1)]
    max_retries: u32,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", default = 0.0)]
    temperature: f64,
    /// Chooses among this many of the likeliest words; 0 leaves it to the provider.
    #[input(title = "Top K", advanced)]
    top_k: u64,
    /// Chooses among the likeliest words that together have this probability.
    #[input(title = "Top P", advanced, default = 0.95)]
    top_p: f64,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Verbose", advanced)]
    #[expect(dead_code, reason = "stored flows carry it")]
    verbose: bool,
}

#[outputs]
impl VertexAiModel {
    /// The answer.
    #[output(name = "text_output", title = "Model Response")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        self.chat.answer(self.connect(cx).await?, cx).await
    }

    /// The model itself, for other components.
    #[output(name = "model_output", title = "Language Model")]
    async fn build_model(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        self.connect(cx).await
    }
}

impl VertexAiModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let profile = profile("Vertex AI").ok_or_else(|| Fault::bug("there is no profile of Vertex AI"))?;
        let credentials = service_account(&self.credentials, cx).await?;
        let address = vertex_address(&credentials, &self.project, &self.location)?;
        let settings = ChatSettings {
            max_tokens: self.max_output_tokens,
            temperature: Some(self.temperature),
            top_k: self.top_k,
            top_p: Some(self.top_p),
            retries: self.max_retries,
            ..ChatSettings::default()
        };
        connect(Target::new(profile, self.model_name.trim(), credentials).at(&address), settings, cx.egress())
    }
}
