//! AI/ML API Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

const MODELS: [&str; 3] = ["text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"];

/// Makes vectors through the AI/ML API.
#[derive(Component)]
#[component(
    id = "AIMLEmbeddings",
    class = "AIMLEmbeddingsComponent",
    title = "AI/ML API Embeddings",
    icon = "AIML",
    category = "aiml",
    module = "lfx.components.aiml.aiml_embeddings.AIMLEmbeddingsComponent"
)]
pub struct AimlEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Model Name", kind = Dropdown, combobox, options = MODELS, default = "text-embedding-3-small")]
    model_name: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "AI/ML API Key", default = "AIML_API_KEY")]
    aiml_api_key: Secret,
}

#[outputs]
impl AimlEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let ask =
            EmbedAsk { model: &self.model_name, key: self.aiml_api_key.expose(), ..EmbedAsk::default() };
        connect_vendor("AI/ML API", ask, EmbedSettings::default(), cx).await
    }
}
