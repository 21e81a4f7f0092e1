//! NVIDIA Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

const MODELS: [&str; 2] = ["nvidia/nv-embed-v1", "snowflake/arctic-embed-I"];

/// Makes vectors with a model that runs at NVIDIA.
#[derive(Component)]
#[component(
    id = "NVIDIAEmbeddings",
    class = "NVIDIAEmbeddingsComponent",
    title = "NVIDIA Embeddings",
    icon = "NVIDIA",
    category = "nvidia",
    module = "lfx.components.nvidia.nvidia_embedding.NVIDIAEmbeddingsComponent"
)]
pub struct NvidiaEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Model", kind = Dropdown, combobox, options = MODELS, default = "nvidia/nv-embed-v1")]
    model: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "NVIDIA API Key", default = "NVIDIA_API_KEY")]
    nvidia_api_key: Secret,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "NVIDIA Base URL", advanced, default = "https://integrate.api.nvidia.com/v1")]
    base_url: String,
}

#[outputs]
impl NvidiaEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let ask = EmbedAsk {
            model: &self.model,
            key: self.nvidia_api_key.expose(),
            base_url: &self.base_url,
            ..EmbedAsk::default()
        };
        connect_vendor("NVIDIA", ask, EmbedSettings::default(), cx).await
    }
}
