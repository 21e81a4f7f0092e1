//! Hugging Face.

use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 9] = [
    "meta-llama/Llama-3.3-70B-Instruct",
    "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "mistralai/Mistral-7B-Instruct-v0.3",
    "meta-llama/Llama-3.1-8B-Instruct",
    "Qwen/Qwen2.5-Coder-32B-Instruct",
    "Qwen/QwQ-32B-Preview",
    "openai-community/gpt2",
    "custom",
    "HuggingFaceH4/zephyr-7b-beta",
];
const TASKS: [&str; 4] = ["text2text-generation", "text-generation", "summarization", "translation"];
/// The shared service; its models answer behind the router today.
const SHARED: &str = "https://api-inference.huggingface.co";

/// Answers with a model that Hugging Face runs, or with an inference endpoint of your own.
///
/// Both are spoken to as chats: models of the shared service through Hugging Face's router, an endpoint of your own
/// below its address. The field *Task* of older flows changes nothing, and typical P and repetition penalty are not
/// part of a chat.
#[derive(Component)]
#[component(
    id = "HuggingFaceModel",
    aliases = ["HuggingFaceEndpointsComponent"],
    class = "HuggingFaceEndpointsComponent",
    title = "Hugging Face",
    icon = "HuggingFace",
    category = "huggingface",
    module = "lfx.components.huggingface.huggingface.HuggingFaceEndpointsComponent"
)]
pub struct HuggingFaceModel {
    #[input(group)]
    chat: ChatFields,
    /// The model that answers; *custom* for another one.
    #[input(
        title = "Model ID", kind = Dropdown, combobox, required, real_time_refresh, options = MODELS,
        default = "meta-llama/Llama-3.3-70B-Instruct"
    )]
    model_id: String,
    /// The model, where *custom* is chosen.
    #[input(title = "Custom Model ID", kind = Str, required, hidden)]
    custom_model: String,
    /// Longest answer in tokens.
    #[input(title = "Max New Tokens", default = 512)]
    max_new_tokens: u64,
    /// Chooses among this many of the likeliest words; 0 leaves it to the model.
    #[input(title = "Top K", advanced)]
    top_k: u64,
    /// Chooses among the likeliest words that together have this probability.
    #[input(title = "Top P", advanced, default = 0.95)]
    top_p: f64,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Typical P", advanced, default = 0.95)]
    #[expect(dead_code, reason = "stored flows carry it")]
    typical_p: f64,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.8, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Repetition Penalty", advanced)]
    #[expect(dead_code, reason = "stored flows carry it")]
    repetition_penalty: Option<f64>,
    /// Address of the service, or of an endpoint of your own.
    #[input(title = "Inference Endpoint", kind = Str, required, default = "https://api-inference.huggingface.co/models/")]
    inference_endpoint: String,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Task", kind = Dropdown, advanced, options = TASKS, default = "text-generation")]
    #[expect(dead_code, reason = "stored flows carry it")]
    task: String,
    /// The token, or the name of a variable that holds it.
    #[input(title = "HuggingFace HubAPI Token", required)]
    huggingfacehub_api_token: Secret,
    /// Further fields of the request, as the service names them.
    #[input(title = "Model Keyword Arguments", advanced)]
    model_kwargs: JsonMap,
    /// How often to try again when the service is busy or fails.
    #[input(title = "Retry Attempts", advanced, default = 1)]
    retry_attempts: u32,
}

#[outputs]
impl HuggingFaceModel {
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

impl HuggingFaceModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let model = if self.model_id == "custom" { &self.custom_model } else { &self.model_id };
        let base_url = base_url(&self.inference_endpoint);
        let mut extra = self.model_kwargs.clone();
        if self.top_k >= 1 {
            extra.entry("top_k").or_insert_with(|| self.top_k.into());
        }
        let ask = VendorAsk {
            model,
            key: self.huggingfacehub_api_token.expose(),
            base_url: &base_url,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_new_tokens,
            temperature: Some(self.temperature),
            top_p: Some(self.top_p),
            retries: self.retry_attempts,
            extra,
            ..ChatSettings::default()
        };
        connect_vendor("Hugging Face", ask, settings, cx).await
    }
}

/// Where the chat is spoken to; empty: at the router.
fn base_url(endpoint: &str) -> String {
    let endpoint = endpoint.trim().trim_end_matches('/');
    if endpoint.is_empty() || endpoint.starts_with(SHARED) {
        return String::new();
    }
    if endpoint.ends_with("/v1") { endpoint.to_owned() } else { format!("{endpoint}/v1") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        for (endpoint, base) in [
            ("", ""),
            ("https://api-inference.huggingface.co/models/", ""),
            ("https://x.endpoints.huggingface.cloud/", "https://x.endpoints.huggingface.cloud/v1"),
            ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ] {
            assert_eq!(base_url(endpoint), base, "{endpoint}");
        }
    }
}
