//! Anthropic.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 8] = [
    "claude-opus-4-6",
    "claude-sonnet-4-6",
    "claude-haiku-4-5-20251001",
    "claude-opus-4-5-20251101",
    "claude-sonnet-4-5-20250929",
    "claude-opus-4-1-20250805",
    "claude-opus-4-20250514",
    "claude-sonnet-4-20250514",
];

/// Answers with a model of Anthropic.
#[derive(Component)]
#[component(
    id = "ext:anthropic:AnthropicModelComponent@official",
    aliases = ["AnthropicModel"],
    class = "AnthropicModelComponent",
    title = "Anthropic",
    icon = "Anthropic",
    category = "anthropic",
    module = "lfx.components.anthropic.anthropic.AnthropicModelComponent"
)]
pub struct AnthropicModel {
    #[input(group)]
    chat: ChatFields,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced, default = 4096)]
    max_tokens: u64,
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "claude-opus-4-6")]
    model_name: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Anthropic API Key")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.1, range = (0.0, 1.0, 0.01))]
    temperature: f64,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "Anthropic API URL", kind = Str, advanced, default = "https://api.anthropic.com")]
    base_url: String,
    /// Kept for stored flows: models are not sorted by whether they call tools.
    #[input(title = "Enable Tool Models", real_time_refresh)]
    #[expect(dead_code, reason = "stored flows carry it")]
    tool_model_enabled: bool,
}

#[outputs]
impl AnthropicModel {
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
        let fields = VendorFields { base_url: "base_url", below_host: "", ..VendorFields::of("Anthropic") };
        vendor_models(request, cx, fields).await
    }
}

impl AnthropicModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.base_url,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            temperature: Some(self.temperature),
            ..ChatSettings::default()
        };
        connect_vendor("Anthropic", ask, settings, cx).await
    }
}
