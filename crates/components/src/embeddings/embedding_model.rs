//! Embedding Model.

use super::{named_embedder, seconds};
use crate::models::pick::ModelPick;
use crate::models::refresh::model_fields;
use langflow_core::capability::ModelKind;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;
use serde_json::json;

/// Makes vectors of texts with a model of any provider.
///
/// Pick a model from the list, or connect one. The key comes from the component, or from the variable of the
/// provider.
#[derive(Component)]
#[component(
    id = "EmbeddingModel",
    class = "EmbeddingModelComponent",
    title = "Embedding Model",
    icon = "binary",
    category = "models_and_agents",
    module = "lfx.components.models_and_agents.embedding_model.EmbeddingModelComponent",
    documentation = "https://docs.langflow.org/components-embedding-models"
)]
pub struct EmbeddingModelComponent {
    /// The model that makes the vectors.
    #[input(
        title = "Embedding Model", handles = ["Embeddings"],
        extra = json!({ "required": true, "model_type": "embedding" })
    )]
    model: ModelPick,
    /// Uses this model instead of the picked one.
    #[input(title = "Model Name Override", kind = Str, advanced)]
    model_name: String,
    /// Uses this provider instead of the picked one.
    #[input(title = "Provider Override", kind = Str, advanced)]
    provider: String,
    /// The provider's key, or the name of a variable that holds it.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "API Base URL", advanced)]
    api_base: String,
    /// Address of the Ollama server.
    #[input(title = "Ollama API URL", kind = Str, hidden, real_time_refresh)]
    ollama_base_url: String,
    /// Length of the vectors; 0 leaves it to the model.
    #[input(title = "Dimensions", advanced)]
    dimensions: u32,
    /// Texts sent in one call.
    #[input(title = "Chunk Size", advanced, default = 1000)]
    chunk_size: usize,
    /// Seconds to wait for an answer.
    #[input(title = "Request Timeout", advanced)]
    request_timeout: Option<f64>,
    /// How often to try again when the provider is busy or fails.
    #[input(title = "Max Retries", advanced, default = 3)]
    max_retries: u32,
    /// Further fields of the request, as the provider names them.
    #[input(title = "Model Kwargs", advanced)]
    model_kwargs: JsonMap,
}

#[outputs]
impl EmbeddingModelComponent {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let (provider, model) = match &self.model {
            ModelPick::Named { provider, model } => {
                (or(&self.provider, provider), or(&self.model_name, model))
            }
            ModelPick::Nothing => (self.provider.as_str(), self.model_name.as_str()),
            connected => return connected.embedder(),
        };
        let base_url =
            if provider == "Ollama" { or(&self.api_base, &self.ollama_base_url) } else { &self.api_base };
        let settings = EmbedSettings {
            dimensions: self.dimensions,
            batch: self.chunk_size,
            extra: self.model_kwargs.clone(),
            timeout: seconds(self.request_timeout),
            retries: self.max_retries,
            ..EmbedSettings::default()
        };
        named_embedder(provider, model, self.api_key.expose(), base_url, settings, cx).await
    }

    /// The list of models, and the fields of the chosen provider.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        model_fields(request, cx, ModelKind::Embedding).await
    }
}

fn or<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.trim().is_empty() { second } else { first }
}
