//! LiteLLM Proxy.

use super::vendor::{ChatFields, VendorAsk, connect_vendor, timeout};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

/// Answers with a model behind a LiteLLM proxy.
#[derive(Component)]
#[component(
    id = "LiteLLMProxyModel",
    class = "LiteLLMProxyComponent",
    title = "LiteLLM Proxy",
    icon = "LiteLLM",
    category = "litellm",
    module = "lfx.components.litellm.litellm_proxy.LiteLLMProxyComponent"
)]
pub struct LiteLlmModel {
    #[input(group)]
    chat: ChatFields,
    /// Address of the proxy.
    #[input(title = "LiteLLM Proxy URL", kind = Str, default = "http://localhost:4000/v1")]
    api_base: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Virtual Key", default = "LITELLM_API_KEY")]
    api_key: Secret,
    /// The model as the proxy names it.
    #[input(title = "Model Name", kind = Str)]
    model_name: String,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.7, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
    /// Seconds to wait for an answer.
    #[input(title = "Timeout", advanced, default = 60)]
    timeout: i64,
    /// How often to try again when the provider is busy or fails.
    #[input(title = "Max Retries", advanced, default = 2)]
    max_retries: u32,
}

#[outputs]
impl LiteLlmModel {
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

impl LiteLlmModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.api_base,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            temperature: Some(self.temperature),
            max_tokens: self.max_tokens,
            timeout: timeout(self.timeout),
            retries: self.max_retries,
            ..ChatSettings::default()
        };
        connect_vendor("LiteLLM", ask, settings, cx).await
    }
}
