//! OpenAI.

use super::vendor::{ChatFields, VendorAsk, connect_vendor, timeout};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;
use serde_json::json;

const MODELS: [&str; 21] = [
    "gpt-4o-mini",
    "gpt-4o",
    "gpt-4.1",
    "gpt-4.1-mini",
    "gpt-4.1-nano",
    "gpt-4.5-preview",
    "gpt-4-turbo",
    "gpt-4-turbo-preview",
    "gpt-4",
    "gpt-3.5-turbo",
    "gpt-5.4",
    "gpt-5.4-mini",
    "gpt-5.4-pro",
    "gpt-5.3-codex",
    "gpt-5.2",
    "gpt-5.1",
    "gpt-5",
    "gpt-5-mini",
    "gpt-5-nano",
    "gpt-5-chat-latest",
    "o1",
];

/// Answers with a model of OpenAI, or of any server that speaks its API.
///
/// Put the address of such a server into *OpenAI API Base*.
#[derive(Component)]
#[component(
    id = "ext:openai:OpenAIModelComponent@official",
    aliases = ["OpenAIModel"],
    class = "OpenAIModelComponent",
    title = "OpenAI",
    icon = "OpenAI",
    category = "openai",
    module = "lfx.components.openai.openai_chat_model.OpenAIModelComponent"
)]
pub struct OpenAiModel {
    #[input(group)]
    chat: ChatFields,
    /// Longest answer in tokens; 0 leaves it to OpenAI.
    #[input(title = "Max Tokens", advanced, range = (0.0, 128_000.0, 0.1))]
    max_tokens: u64,
    /// Further fields of the request, as OpenAI names them.
    #[input(title = "Model Kwargs", advanced)]
    model_kwargs: JsonMap,
    /// Makes the model answer with a JSON object. Say in the prompt that you want JSON.
    #[input(title = "JSON Mode", advanced)]
    json_mode: bool,
    /// The model that answers.
    #[input(
        title = "Model Name", kind = Dropdown, combobox, real_time_refresh, options = MODELS,
        default = MODELS[0]
    )]
    model_name: String,
    /// Address of the API. Empty for OpenAI's own, or that of the variable `OPENAI_BASE_URL`.
    #[input(title = "OpenAI API Base", kind = Str, advanced)]
    openai_api_base: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "OpenAI API Key", default = "OPENAI_API_KEY", extra = json!({ "required": true }))]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, 1 very. Models that reason first take none.
    #[input(
        title = "Temperature", kind = Slider, default = 0.1, range = (0.0, 1.0, 0.01),
        extra = json!({ "slider_color": "default" })
    )]
    temperature: f64,
    /// The same seed gives, as far as OpenAI can, the same answer.
    #[input(title = "Seed", advanced, default = 1)]
    seed: i64,
    /// How often to try again when OpenAI is busy or fails.
    #[input(title = "Max Retries", advanced, default = 5)]
    max_retries: u32,
    /// Seconds to wait for an answer.
    #[input(title = "Timeout", advanced, default = 700)]
    timeout: i64,
}

#[outputs]
impl OpenAiModel {
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
}

impl OpenAiModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: &self.model_name,
            key: self.api_key.expose(),
            base_url: &self.openai_api_base,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            temperature: Some(self.temperature),
            max_tokens: self.max_tokens,
            seed: Some(self.seed),
            json_mode: self.json_mode,
            extra: self.model_kwargs.clone(),
            timeout: timeout(self.timeout),
            retries: self.max_retries,
            ..ChatSettings::default()
        };
        connect_vendor("OpenAI", ask, settings, cx).await
    }
}
