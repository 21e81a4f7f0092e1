//! vLLM.

use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

/// Answers with a model that a vLLM server runs.
///
/// The server that runs the flow has to be allowed to call that address (`LANGFLOW_SSRF_ALLOWED_HOSTS`).
#[derive(Component)]
#[component(
    id = "vLLMModel",
    class = "VllmComponent",
    title = "vLLM",
    icon = "vLLM",
    category = "vllm",
    module = "lfx.components.vllm.vllm.VllmComponent"
)]
pub struct VllmModel {
    #[input(group)]
    chat: ChatFields,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
    /// Further fields of the request, as the provider names them.
    #[input(title = "Model Kwargs", advanced)]
    model_kwargs: JsonMap,
    /// Makes the model answer with a JSON object.
    #[input(title = "JSON Mode", advanced)]
    json_mode: bool,
    /// The model as the server names it.
    #[input(title = "Model Name", kind = Str)]
    model_name: String,
    /// Address of the server.
    #[input(title = "vLLM API Base", kind = Str, default = "http://localhost:8000/v1")]
    api_base: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "API Key")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.1, range = (0.0, 1.0, 0.01))]
    temperature: f64,
    /// The same seed gives, as far as the provider can, the same answer.
    #[input(title = "Seed", advanced, default = 1)]
    seed: i64,
}

#[outputs]
impl VllmModel {
    /// The answer.
    #[output(name = "text_output", title = "Model Response")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        self.chat.answer(self.connect(cx).await?, cx).await
    }

    /// The model itself, for other components.
    #[output(name = "model_output", title = "Language Model")]
    async fn build_model(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        self.connect(cx).await
    }
}

impl VllmModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.api_base,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            extra: self.model_kwargs.clone(),
            json_mode: self.json_mode,
            temperature: Some(self.temperature),
            seed: Some(self.seed),
            ..ChatSettings::default()
        };
        connect_vendor("vLLM", ask, settings, cx).await
    }
}
