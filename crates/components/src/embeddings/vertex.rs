//! Vertex AI Embeddings.

use crate::fields::google::{service_account, vertex_address};
use langflow_core::prelude::*;
use langflow_providers::chat::{Target, profile};
use langflow_providers::embed::{EmbedSettings, connect};

/// Makes vectors with a model in your project of Google Cloud.
///
/// The project is entered with a service account: upload its JSON file, or store the JSON as the variable
/// `GOOGLE_SERVICE_ACCOUNT`. The fields of answers (temperature and so on) that older flows have change nothing.
#[derive(Component)]
#[component(
    id = "VertexAIEmbeddings",
    aliases = ["VertexAIEmbeddingsComponent"],
    class = "VertexAIEmbeddingsComponent",
    title = "Vertex AI Embeddings",
    icon = "VertexAI",
    category = "vertexai",
    module = "lfx.components.vertexai.vertexai_embeddings.VertexAIEmbeddingsComponent"
)]
pub struct VertexEmbeddings {
    /// The JSON of the service account.
    #[input(title = "Credentials", kind = File, file_types = ["json"])]
    credentials: Json,
    /// The region where the model runs.
    #[input(title = "Location", advanced, default = "us-central1")]
    location: String,
    /// The project; empty: that of the service account.
    #[input(title = "Project", advanced)]
    project: String,
    /// How often to try again when the provider is busy or fails.
    #[input(title = "Max Retries", advanced, default = 1)]
    max_retries: u32,
    /// The model that makes the vectors.
    #[input(title = "Model Name", required, default = "textembedding-gecko")]
    model_name: String,
    /// Texts sent in one call.
    #[input(title = "Request Parallelism", advanced, default = 5)]
    request_parallelism: usize,
}

#[outputs]
impl VertexEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embeddings")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let profile = profile("Vertex AI").ok_or_else(|| Fault::bug("there is no profile of Vertex AI"))?;
        let credentials = service_account(&self.credentials, cx).await?;
        let address = vertex_address(&credentials, &self.project, &self.location)?;
        let settings = EmbedSettings {
            batch: self.request_parallelism.clamp(1, 250),
            retries: self.max_retries,
            ..EmbedSettings::default()
        };
        connect(Target::new(profile, self.model_name.trim(), credentials).at(&address), settings, cx.egress())
    }
}
