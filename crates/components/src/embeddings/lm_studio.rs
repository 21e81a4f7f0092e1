//! LM Studio Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

/// The list comes from the server.
const NO_MODELS: [&str; 0] = [];

/// Makes vectors with a model that runs in LM Studio.
#[derive(Component)]
#[component(
    id = "LMStudioEmbeddingsComponent",
    aliases = ["LMStudioEmbeddings"],
    class = "LMStudioEmbeddingsComponent",
    title = "LM Studio Embeddings",
    icon = "LMStudio",
    category = "lmstudio",
    module = "lfx.components.lmstudio.lmstudioembeddings.LMStudioEmbeddingsComponent"
)]
pub struct LmStudioEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Model", kind = Dropdown, combobox, options = NO_MODELS)]
    model: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "LM Studio API Key", default = "LMSTUDIO_API_KEY")]
    api_key: Secret,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "LM Studio Base URL", advanced, default = "http://localhost:1234/v1")]
    base_url: String,
}

#[outputs]
impl LmStudioEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let ask = EmbedAsk {
            model: &self.model,
            key: self.api_key.expose(),
            base_url: &self.base_url,
            ..EmbedAsk::default()
        };
        connect_vendor("LM Studio", ask, EmbedSettings::default(), cx).await
    }
}
