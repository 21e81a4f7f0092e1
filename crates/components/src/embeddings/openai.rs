//! OpenAI Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

const MODELS: [&str; 3] = ["text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"];

/// Makes vectors with a model of OpenAI, or of any server that speaks its API.
#[derive(Component)]
#[component(
    id = "ext:openai:OpenAIEmbeddingsComponent@official",
    aliases = ["OpenAIEmbeddings"],
    class = "OpenAIEmbeddingsComponent",
    title = "OpenAI Embeddings",
    icon = "OpenAI",
    category = "openai",
    module = "lfx.components.openai.openai.OpenAIEmbeddingsComponent"
)]
pub struct OpenAiEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Model", kind = Dropdown, combobox, options = MODELS, default = "text-embedding-3-small")]
    model: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "OpenAI API Key", default = "OPENAI_API_KEY")]
    openai_api_key: Secret,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "OpenAI API Base", advanced)]
    openai_api_base: String,
    /// Length of the vectors; 0 leaves it to the model.
    #[input(title = "Dimensions", advanced)]
    dimensions: u32,
    /// Texts sent in one call.
    #[input(title = "Chunk Size", advanced, default = 1000)]
    chunk_size: usize,
    /// How often to try again when the provider is busy or fails.
    #[input(title = "Max Retries", advanced, default = 3)]
    max_retries: u32,
    /// Further fields of the request, as the provider names them.
    #[input(title = "Model Kwargs", advanced)]
    model_kwargs: JsonMap,
    /// Seconds to wait for an answer.
    #[input(title = "Request Timeout", advanced)]
    request_timeout: Option<f64>,
}

#[outputs]
impl OpenAiEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let ask = EmbedAsk {
            model: &self.model,
            key: self.openai_api_key.expose(),
            base_url: &self.openai_api_base,
            ..EmbedAsk::default()
        };
        connect_vendor(
            "OpenAI",
            ask,
            EmbedSettings {
                dimensions: self.dimensions,
                retries: self.max_retries,
                batch: self.chunk_size,
                extra: self.model_kwargs.clone(),
                timeout: super::seconds(self.request_timeout),
                ..EmbedSettings::default()
            },
            cx,
        )
        .await
    }
}
