//! IBM watsonx.ai Embeddings.

use super::{EmbedAsk, connect_vendor};
use crate::models::watsonx::{ENDPOINTS, place};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;
use serde_json::json;

const MODELS: [&str; 4] = [
    "sentence-transformers/all-minilm-l12-v2",
    "ibm/slate-125m-english-rtrvr-v2",
    "ibm/slate-30m-english-rtrvr-v2",
    "intfloat/multilingual-e5-large",
];

/// Makes vectors with a model of IBM watsonx.
#[derive(Component)]
#[component(
    id = "ext:ibm:WatsonxEmbeddingsComponent@official",
    aliases = ["WatsonxEmbeddingsComponent"],
    class = "WatsonxEmbeddingsComponent",
    title = "IBM watsonx.ai Embeddings",
    icon = "WatsonxAI",
    category = "ibm",
    module = "lfx.components.ibm.watsonx_embeddings.WatsonxEmbeddingsComponent"
)]
pub struct WatsonxEmbeddings {
    /// The region of the service.
    #[input(title = "watsonx API Endpoint", kind = Dropdown, combobox, real_time_refresh, options = ENDPOINTS)]
    url: String,
    /// The project that uses the model.
    #[input(title = "watsonx Project_ID", kind = Str)]
    project_id: String,
    /// The space that uses the model, where there is no project.
    #[input(title = "watsonx Space_ID", kind = Str)]
    space_id: String,
    /// The key of IBM Cloud, or the name of a variable that holds it.
    #[input(title = "Watsonx API Key")]
    api_key: Secret,
    /// The model that makes the vectors.
    #[input(title = "Model Name", kind = Dropdown, combobox, dynamic, required, options = MODELS)]
    model_name: String,
    /// Tokens of a text that count; what is behind them is left out.
    #[input(title = "Truncate Input Tokens", advanced, default = 200)]
    truncate_input_tokens: u64,
    /// Kept for stored flows: texts are not sent back.
    #[input(title = "Include the original text in the output", advanced, default = true)]
    #[expect(dead_code, reason = "stored flows carry it")]
    input_text: bool,
}

#[outputs]
impl WatsonxEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let mut extra = place(&self.project_id, &self.space_id, cx).await?;
        if self.truncate_input_tokens > 0 {
            extra.insert("parameters".into(), json!({ "truncate_input_tokens": self.truncate_input_tokens }));
        }
        let ask = EmbedAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.url,
            ..EmbedAsk::default()
        };
        connect_vendor("IBM WatsonX", ask, EmbedSettings { extra, ..EmbedSettings::default() }, cx).await
    }
}
