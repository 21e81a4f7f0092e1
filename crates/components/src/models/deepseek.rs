//! DeepSeek.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 2] = ["deepseek-chat", "deepseek-reasoner"];

/// Answers with a model of DeepSeek.
#[derive(Component)]
#[component(
    id = "DeepSeekModelComponent",
    aliases = ["DeepSeekModel"],
    class = "DeepSeekModelComponent",
    title = "DeepSeek",
    icon = "DeepSeek",
    category = "deepseek",
    module = "lfx.components.deepseek.deepseek.DeepSeekModelComponent"
)]
pub struct DeepSeekModel {
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
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "deepseek-chat")]
    model_name: String,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "DeepSeek API Base", kind = Str, advanced, default = "https://api.deepseek.com")]
    api_base: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "DeepSeek API Key")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 1.0, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// The same seed gives, as far as the provider can, the same answer.
    #[input(title = "Seed", advanced, default = 1)]
    seed: i64,
}

#[outputs]
impl DeepSeekModel {
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
        let fields = VendorFields { base_url: "api_base", below_host: "", ..VendorFields::of("DeepSeek") };
        vendor_models(request, cx, fields).await
    }
}

impl DeepSeekModel {
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
        connect_vendor("DeepSeek", ask, settings, cx).await
    }
}
