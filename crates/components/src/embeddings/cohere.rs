//! Cohere Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

const MODELS: [&str; 5] = [
    "embed-v4.0",
    "embed-english-v3.0",
    "embed-multilingual-v3.0",
    "embed-english-light-v3.0",
    "embed-multilingual-light-v3.0",
];

/// Makes vectors with a model of Cohere.
#[derive(Component)]
#[component(
    id = "ext:cohere:CohereEmbeddingsComponent@official",
    aliases = ["CohereEmbeddings"],
    class = "CohereEmbeddingsComponent",
    title = "Cohere Embeddings",
    icon = "Cohere",
    category = "cohere",
    module = "lfx.components.cohere.cohere_embeddings.CohereEmbeddingsComponent"
)]
pub struct CohereEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Model", kind = Dropdown, combobox, options = MODELS, default = "embed-english-v3.0")]
    model_name: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Cohere API Key")]
    api_key: Secret,
}

#[outputs]
impl CohereEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let ask = EmbedAsk { model: &self.model_name, key: self.api_key.expose(), ..EmbedAsk::default() };
        connect_vendor("Cohere", ask, EmbedSettings::default(), cx).await
    }
}
