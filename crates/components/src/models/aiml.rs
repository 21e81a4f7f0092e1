//! AI/ML API.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 1] = ["gpt-4o-mini"];

/// Answers with a model through the AI/ML API.
#[derive(Component)]
#[component(
    id = "AIMLModel",
    class = "AIMLModelComponent",
    title = "AI/ML API",
    icon = "AIML",
    category = "aiml",
    module = "lfx.components.aiml.aiml.AIMLModelComponent"
)]
pub struct AimlModel {
    #[input(group)]
    chat: ChatFields,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
    /// Further fields of the request, as the provider names them.
    #[input(title = "Model Kwargs", advanced)]
    model_kwargs: JsonMap,
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "gpt-4o-mini")]
    model_name: String,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "AIML API Base", kind = Str, advanced)]
    aiml_api_base: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "AI/ML API Key", default = "AIML_API_KEY")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, default = 0.1, range = (0.0, 2.0, 0.01))]
    temperature: f64,
}

#[outputs]
impl AimlModel {
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
            VendorFields { base_url: "aiml_api_base", below_host: "", ..VendorFields::of("AI/ML API") };
        vendor_models(request, cx, fields).await
    }
}

impl AimlModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.aiml_api_base,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            extra: self.model_kwargs.clone(),
            temperature: Some(self.temperature),
            ..ChatSettings::default()
        };
        connect_vendor("AI/ML API", ask, settings, cx).await
    }
}
