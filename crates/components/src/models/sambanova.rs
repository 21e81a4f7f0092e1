//! SambaNova.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 2] = ["Meta-Llama-3.3-70B-Instruct", "DeepSeek-V3-0324"];

/// Answers with a model that runs at SambaNova.
#[derive(Component)]
#[component(
    id = "SambaNovaModel",
    class = "SambaNovaComponent",
    title = "SambaNova",
    icon = "SambaNova",
    category = "sambanova",
    module = "lfx.components.sambanova.sambanova.SambaNovaComponent"
)]
pub struct SambaNovaModel {
    #[input(group)]
    chat: ChatFields,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "SambaNova Cloud Base Url", kind = Str, advanced)]
    base_url: String,
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "Meta-Llama-3.3-70B-Instruct")]
    model_name: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Sambanova API Key", default = "SAMBANOVA_API_KEY")]
    api_key: Secret,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced, default = 2048)]
    max_tokens: u64,
    /// Chooses among the likeliest words that together have this probability.
    #[input(title = "Top P", advanced, default = 1.0)]
    top_p: Option<f64>,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.1, range = (0.0, 2.0, 0.01))]
    temperature: f64,
}

#[outputs]
impl SambaNovaModel {
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
        let fields = VendorFields { base_url: "base_url", below_host: "", ..VendorFields::of("SambaNova") };
        vendor_models(request, cx, fields).await
    }
}

impl SambaNovaModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.base_url,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            top_p: self.top_p,
            temperature: Some(self.temperature),
            ..ChatSettings::default()
        };
        connect_vendor("SambaNova", ask, settings, cx).await
    }
}
