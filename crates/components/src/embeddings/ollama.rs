//! Ollama Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

/// The list comes from the server.
const NO_MODELS: [&str; 0] = [];

/// Makes vectors with a model that runs in Ollama.
#[derive(Component)]
#[component(
    id = "ext:ollama:OllamaEmbeddingsComponent@official",
    aliases = ["OllamaEmbeddings"],
    class = "OllamaEmbeddingsComponent",
    title = "Ollama Embeddings",
    icon = "Ollama",
    category = "ollama",
    module = "lfx.components.ollama.ollama_embeddings.OllamaEmbeddingsComponent"
)]
pub struct OllamaEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Ollama Model", kind = Dropdown, combobox, options = NO_MODELS)]
    model_name: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Ollama API Key")]
    api_key: Secret,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "Ollama Base URL", advanced, default = "http://localhost:11434")]
    base_url: String,
}

#[outputs]
impl OllamaEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let ask = EmbedAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.base_url,
            ..EmbedAsk::default()
        };
        connect_vendor("Ollama", ask, EmbedSettings::default(), cx).await
    }
}
