//! CometAPI.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 1] = ["gpt-4o-mini"];

/// Answers with a model through CometAPI.
#[derive(Component)]
#[component(
    id = "CometAPIModel",
    class = "CometAPIComponent",
    title = "CometAPI",
    icon = "CometAPI",
    category = "cometapi",
    module = "lfx.components.cometapi.cometapi.CometAPIComponent"
)]
pub struct CometApiModel {
    #[input(group)]
    chat: ChatFields,
    /// The key, or the name of a variable that holds it.
    #[input(title = "CometAPI Key")]
    api_key: Secret,
    /// The model that answers.
    #[input(title = "Model", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "gpt-4o-mini")]
    model_name: String,
    /// Further fields of the request, as the provider names them.
    #[input(title = "Model Kwargs", advanced)]
    model_kwargs: JsonMap,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.7, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
    /// The same seed gives, as far as the provider can, the same answer.
    #[input(title = "Seed", advanced, default = 1)]
    seed: i64,
    /// Makes the model answer with a JSON object.
    #[input(title = "JSON Mode", advanced)]
    json_mode: bool,
}

#[outputs]
impl CometApiModel {
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
        let fields = VendorFields { base_url: "", below_host: "", ..VendorFields::of("CometAPI") };
        vendor_models(request, cx, fields).await
    }
}

impl CometApiModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk { model: &self.model_name, key: self.api_key.expose(), ..VendorAsk::default() };
        let settings = ChatSettings {
            extra: self.model_kwargs.clone(),
            temperature: Some(self.temperature),
            max_tokens: self.max_tokens,
            seed: Some(self.seed),
            json_mode: self.json_mode,
            ..ChatSettings::default()
        };
        connect_vendor("CometAPI", ask, settings, cx).await
    }
}
