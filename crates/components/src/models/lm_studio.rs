//! LM Studio.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

/// The list comes from the provider.
const NO_MODELS: [&str; 0] = [];

/// Answers with a model that runs in LM Studio.
///
/// The server that runs the flow has to be allowed to call that address (`LANGFLOW_SSRF_ALLOWED_HOSTS`).
#[derive(Component)]
#[component(
    id = "LMStudioModel",
    class = "LMStudioModelComponent",
    title = "LM Studio",
    icon = "LMStudio",
    category = "lmstudio",
    module = "lfx.components.lmstudio.lmstudiomodel.LMStudioModelComponent"
)]
pub struct LmStudioModel {
    #[input(group)]
    chat: ChatFields,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
    /// Further fields of the request, as the provider names them.
    #[input(title = "Model Kwargs", advanced)]
    model_kwargs: JsonMap,
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, refresh_button, options = NO_MODELS)]
    model_name: String,
    /// Address of the server in LM Studio.
    #[input(title = "Base URL", kind = Str, default = "http://localhost:1234/v1")]
    base_url: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "LM Studio API Key", default = "LMSTUDIO_API_KEY")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", advanced, default = 0.1)]
    temperature: f64,
    /// The same seed gives, as far as the provider can, the same answer.
    #[input(title = "Seed", advanced, default = 1)]
    seed: i64,
}

#[outputs]
impl LmStudioModel {
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
        let fields = VendorFields { base_url: "base_url", below_host: "", ..VendorFields::of("LM Studio") };
        vendor_models(request, cx, fields).await
    }
}

impl LmStudioModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.base_url,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            extra: self.model_kwargs.clone(),
            temperature: Some(self.temperature),
            seed: Some(self.seed),
            ..ChatSettings::default()
        };
        connect_vendor("LM Studio", ask, settings, cx).await
    }
}
