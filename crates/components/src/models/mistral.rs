//! MistralAI.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor, timeout};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 6] = [
    "codestral-latest",
    "open-mixtral-8x7b",
    "open-mixtral-8x22b",
    "mistral-small-latest",
    "mistral-medium-latest",
    "mistral-large-latest",
];

/// Answers with a model of Mistral.
#[derive(Component)]
#[component(
    id = "MistralModel",
    aliases = ["MistralAIModel"],
    class = "MistralAIModelComponent",
    title = "MistralAI",
    icon = "MistralAI",
    category = "mistral",
    module = "lfx.components.mistral.mistral.MistralAIModelComponent"
)]
pub struct MistralModel {
    #[input(group)]
    chat: ChatFields,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "codestral-latest")]
    model_name: String,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "Mistral API Base", kind = Str, advanced)]
    mistral_api_base: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Mistral API Key", default = "MISTRAL_API_KEY")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", advanced, default = 0.1)]
    temperature: f64,
    /// How often to try again when the provider is busy or fails.
    #[input(title = "Max Retries", advanced, default = 5)]
    max_retries: u32,
    /// Seconds to wait for an answer.
    #[input(title = "Timeout", advanced, default = 60)]
    timeout: i64,
    /// Chooses among the likeliest words that together have this probability.
    #[input(title = "Top P", advanced, default = 1.0)]
    top_p: Option<f64>,
    /// The same seed gives, as far as the provider can, the same answer.
    #[input(title = "Random Seed", advanced, default = 1)]
    random_seed: i64,
}

#[outputs]
impl MistralModel {
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

    /// The models there are now.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let fields =
            VendorFields { base_url: "mistral_api_base", below_host: "", ..VendorFields::of("MistralAI") };
        vendor_models(request, cx, fields).await
    }
}

impl MistralModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.mistral_api_base,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            temperature: Some(self.temperature),
            retries: self.max_retries,
            timeout: timeout(self.timeout),
            top_p: self.top_p,
            seed: Some(self.random_seed),
            ..ChatSettings::default()
        };
        connect_vendor("MistralAI", ask, settings, cx).await
    }
}
