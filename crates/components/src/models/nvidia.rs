//! NVIDIA.

use super::refresh::{VendorFields, vendor_models};
use super::vendor::{VendorAsk, answer, connect_vendor};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

/// The list comes from the provider.
const NO_MODELS: [&str; 0] = [];

/// Answers with a model that runs at NVIDIA.
#[derive(Component)]
#[component(
    id = "NVIDIAModelComponent",
    aliases = ["NVIDIAModel"],
    class = "NVIDIAModelComponent",
    title = "NVIDIA",
    icon = "NVIDIA",
    category = "nvidia",
    module = "lfx.components.nvidia.nvidia.NVIDIAModelComponent"
)]
pub struct NvidiaModel {
    /// What the model answers to.
    #[input(title = "Input")]
    input_value: Message,
    /// Instructions that stand before the conversation.
    #[input(title = "System Message", kind = Multiline)]
    system_message: String,
    /// Shows the answer word by word. Needs a Chat Output right behind this node.
    #[input(title = "Stream", advanced)]
    stream: bool,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, refresh_button, options = NO_MODELS)]
    model_name: String,
    /// Makes models that can think at length do so.
    #[input(title = "Detailed Thinking")]
    detailed_thinking: bool,
    /// Kept for stored flows: models are not sorted by whether they call tools.
    #[input(title = "Enable Tool Models", real_time_refresh)]
    #[expect(dead_code, reason = "stored flows carry it")]
    tool_model_enabled: bool,
    /// Address of the API. Empty for the provider's own.
    #[input(title = "NVIDIA Base URL", kind = Str, default = "https://integrate.api.nvidia.com/v1")]
    base_url: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "NVIDIA API Key", default = "NVIDIA_API_KEY")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.1, range = (0.0, 1.0, 0.01))]
    temperature: f64,
    /// The same seed gives, as far as the provider can, the same answer.
    #[input(title = "Seed", advanced, default = 1)]
    seed: i64,
}

#[outputs]
impl NvidiaModel {
    /// The answer.
    #[output(name = "text_output", title = "Model Response")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        // These models take the switch as the first line of their instructions.
        let system = if self.detailed_thinking {
            format!("detailed thinking on\n{}", self.system_message)
        } else {
            self.system_message.clone()
        };
        answer(self.connect(cx).await?, &system, &self.input_value, self.stream, cx).await
    }

    /// The model itself, for other components.
    #[output(name = "model_output", title = "Language Model")]
    async fn build_model(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        self.connect(cx).await
    }

    /// The models there are now.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let fields = VendorFields { base_url: "base_url", below_host: "", ..VendorFields::of("NVIDIA") };
        vendor_models(request, cx, fields).await
    }
}

impl NvidiaModel {
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
            seed: Some(self.seed),
            ..ChatSettings::default()
        };
        connect_vendor("NVIDIA", ask, settings, cx).await
    }
}
