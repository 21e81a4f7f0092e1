//! Groq.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 2] = ["llama-3.1-8b-instant", "llama-3.3-70b-versatile"];

/// Answers with a model that runs at Groq.
#[derive(Component)]
#[component(
    id = "GroqModel",
    class = "GroqModelComponent",
    title = "Groq",
    icon = "Groq",
    category = "groq",
    module = "lfx.components.groq.groq.GroqModelComponent"
)]
pub struct GroqModel {
    #[input(group)]
    chat: ChatFields,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Groq API Key")]
    api_key: Secret,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "Groq API Base", kind = Str, advanced, default = "https://api.groq.com")]
    base_url: String,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Output Tokens", advanced)]
    max_tokens: u64,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.1, range = (0.0, 1.0, 0.01))]
    temperature: f64,
    /// From how many answers to take the first.
    #[input(title = "N", advanced)]
    n: u64,
    /// The model that answers.
    #[input(title = "Model", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "llama-3.1-8b-instant")]
    model_name: String,
    /// Kept for stored flows: models are not sorted by whether they call tools.
    #[input(title = "Enable Tool Models", real_time_refresh)]
    #[expect(dead_code, reason = "stored flows carry it")]
    tool_model_enabled: bool,
}

#[outputs]
impl GroqModel {
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
            VendorFields { base_url: "base_url", below_host: "/openai/v1", ..VendorFields::of("Groq") };
        vendor_models(request, cx, fields).await
    }
}

impl GroqModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        // The field names the host alone; the API stands below it.
        let base = self.base_url.trim().trim_end_matches('/');
        let base = if base.is_empty() || base.ends_with("/v1") {
            base.to_owned()
        } else {
            format!("{base}/openai/v1")
        };
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &base,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            temperature: Some(self.temperature),
            n: self.n,
            ..ChatSettings::default()
        };
        connect_vendor("Groq", ask, settings, cx).await
    }
}
