//! OpenRouter.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

/// The list comes from the provider.
const NO_MODELS: [&str; 0] = [];

/// Answers with a model of any vendor through OpenRouter.
#[derive(Component)]
#[component(
    id = "OpenRouterComponent",
    class = "OpenRouterComponent",
    title = "OpenRouter",
    icon = "OpenRouter",
    category = "openrouter",
    module = "lfx.components.openrouter.openrouter.OpenRouterComponent"
)]
pub struct OpenRouterModel {
    #[input(group)]
    chat: ChatFields,
    /// The key, or the name of a variable that holds it.
    #[input(title = "API Key")]
    api_key: Secret,
    /// The model that answers.
    #[input(title = "Model", kind = Dropdown, combobox, refresh_button, options = NO_MODELS)]
    model_name: String,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.7, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
    /// Address of your site, for the rankings of OpenRouter.
    #[input(title = "Site URL", kind = Str, advanced)]
    site_url: String,
    /// Name of your app, for the rankings of OpenRouter.
    #[input(title = "App Name", kind = Str, advanced)]
    app_name: String,
}

#[outputs]
impl OpenRouterModel {
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
        let fields = VendorFields { base_url: "", below_host: "", ..VendorFields::of("OpenRouter") };
        vendor_models(request, cx, fields).await
    }
}

impl OpenRouterModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let headers = [("HTTP-Referer", &self.site_url), ("X-Title", &self.app_name)]
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| (name.to_owned(), Secret::new(value.trim())))
            .collect();
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            headers,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            temperature: Some(self.temperature),
            max_tokens: self.max_tokens,
            ..ChatSettings::default()
        };
        connect_vendor("OpenRouter", ask, settings, cx).await
    }
}
