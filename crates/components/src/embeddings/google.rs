//! Google Generative AI Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

const MODELS: [&str; 2] = ["models/gemini-embedding-001", "models/text-embedding-004"];

/// Makes vectors with a Gemini model of Google.
#[derive(Component)]
#[component(
    id = "ext:google:GoogleGenerativeAIEmbeddingsComponent@official",
    aliases = ["Google Generative AI Embeddings"],
    class = "GoogleGenerativeAIEmbeddingsComponent",
    title = "Google Generative AI Embeddings",
    icon = "GoogleGenerativeAI",
    category = "google",
    module = "lfx.components.google.google_generative_ai_embeddings.GoogleGenerativeAIEmbeddingsComponent"
)]
pub struct GoogleEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Model Name", kind = Dropdown, combobox, options = MODELS, default = "models/gemini-embedding-001")]
    model_name: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Google Generative AI API Key")]
    api_key: Secret,
}

#[outputs]
impl GoogleEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let ask = EmbedAsk { model: &self.model_name, key: self.api_key.expose(), ..EmbedAsk::default() };
        connect_vendor("Google Generative AI", ask, EmbedSettings::default(), cx).await
    }
}
