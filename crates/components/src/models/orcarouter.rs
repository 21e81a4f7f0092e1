//! OrcaRouter.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

/// The list comes from the service.
const NO_MODELS: [&str; 0] = [];

/// Answers with a model of many providers through OrcaRouter.
#[derive(Component)]
#[component(
    id = "OrcaRouterComponent",
    class = "OrcaRouterComponent",
    title = "OrcaRouter",
    icon = "OrcaRouter",
    category = "orcarouter",
    module = "lfx.components.orcarouter.orcarouter.OrcaRouterComponent"
)]
pub struct OrcaRouterModel {
    #[input(group)]
    chat: ChatFields,
    /// The key, or the name of a variable that holds it.
    #[input(title = "API Key", required)]
    api_key: Secret,
    /// The model that answers.
    #[input(
        title = "Model", kind = Dropdown, combobox, required, real_time_refresh, refresh_button, options = NO_MODELS
    )]
    model_name: String,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.7, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
}

#[outputs]
impl OrcaRouterModel {
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
        vendor_models(request, cx, VendorFields::of("OrcaRouter")).await
    }
}

impl OrcaRouterModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk { model: &self.model_name, key: self.api_key.expose(), ..VendorAsk::default() };
        let settings = ChatSettings {
            temperature: Some(self.temperature),
            max_tokens: self.max_tokens,
            ..ChatSettings::default()
        };
        connect_vendor("OrcaRouter", ask, settings, cx).await
    }
}
