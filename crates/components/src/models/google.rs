//! Google Generative AI.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 11] = [
    "gemini-2.5-flash",
    "gemini-2.5-pro",
    "gemini-2.5-flash-lite",
    "gemini-2.5-flash-preview-09-2025",
    "gemini-2.5-flash-lite-preview-09-2025",
    "gemini-2.5-flash-image",
    "gemini-1.5-pro",
    "gemini-1.5-flash",
    "gemini-1.5-flash-8b",
    "gemini-2.0-flash",
    "gemini-2.0-flash-lite",
];

/// Answers with a Gemini model of Google.
#[derive(Component)]
#[component(
    id = "ext:google:GoogleGenerativeAIComponent@official",
    aliases = ["GoogleGenerativeAIModel"],
    class = "GoogleGenerativeAIComponent",
    title = "Google Generative AI",
    icon = "GoogleGenerativeAI",
    category = "google",
    module = "lfx.components.google.google_generative_ai.GoogleGenerativeAIComponent"
)]
pub struct GoogleGenerativeAiModel {
    #[input(group)]
    chat: ChatFields,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Output Tokens")]
    max_output_tokens: u64,
    /// The model that answers.
    #[input(title = "Model", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "gemini-2.5-flash")]
    model_name: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Google API Key")]
    api_key: Secret,
    /// Chooses among the likeliest words that together have this probability.
    #[input(title = "Top P", advanced)]
    top_p: Option<f64>,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, default = 0.1, range = (0.0, 1.0, 0.01))]
    temperature: f64,
    /// From how many answers to take the first.
    #[input(title = "N", advanced)]
    n: u64,
    /// Chooses among this many of the likeliest words; 0 leaves it to the provider.
    #[input(title = "Top K", advanced)]
    top_k: u64,
    /// Kept for stored flows: models are not sorted by whether they call tools.
    #[input(title = "Enable Tool Models", real_time_refresh)]
    #[expect(dead_code, reason = "stored flows carry it")]
    tool_model_enabled: bool,
}

#[outputs]
impl GoogleGenerativeAiModel {
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
            VendorFields { base_url: "", below_host: "", ..VendorFields::of("Google Generative AI") };
        vendor_models(request, cx, fields).await
    }
}

impl GoogleGenerativeAiModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk { model: &self.model_name, key: self.api_key.expose(), ..VendorAsk::default() };
        let settings = ChatSettings {
            max_tokens: self.max_output_tokens,
            top_p: self.top_p,
            temperature: Some(self.temperature),
            n: self.n,
            top_k: self.top_k,
            ..ChatSettings::default()
        };
        connect_vendor("Google Generative AI", ask, settings, cx).await
    }
}
