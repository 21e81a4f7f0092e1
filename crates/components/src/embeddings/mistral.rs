//! MistralAI Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

const MODELS: [&str; 1] = ["mistral-embed"];

/// Makes vectors with a model of Mistral.
#[derive(Component)]
#[component(
    id = "MistalAIEmbeddings",
    aliases = ["MistralAIEmbeddings"],
    class = "MistralAIEmbeddingsComponent",
    title = "MistralAI Embeddings",
    icon = "MistralAI",
    category = "mistral",
    module = "lfx.components.mistral.mistral_embeddings.MistralAIEmbeddingsComponent"
)]
pub struct MistralEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Model", kind = Dropdown, combobox, options = MODELS, default = "mistral-embed")]
    model: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Mistral API Key")]
    mistral_api_key: Secret,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "API Endpoint", advanced, default = "https://api.mistral.ai/v1/")]
    endpoint: String,
}

#[outputs]
impl MistralEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let ask = EmbedAsk {
            model: &self.model,
            key: self.mistral_api_key.expose(),
            base_url: &self.endpoint,
            ..EmbedAsk::default()
        };
        connect_vendor("MistralAI", ask, EmbedSettings::default(), cx).await
    }
}
