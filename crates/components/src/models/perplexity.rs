//! Perplexity.

use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const MODELS: [&str; 3] = ["sonar", "sonar-pro", "sonar-reasoning-pro"];

/// Answers with a model of Perplexity, which reads the web.
#[derive(Component)]
#[component(
    id = "PerplexityModel",
    class = "PerplexityComponent",
    title = "Perplexity",
    icon = "Perplexity",
    category = "perplexity",
    module = "lfx.components.perplexity.perplexity.PerplexityComponent"
)]
pub struct PerplexityModel {
    #[input(group)]
    chat: ChatFields,
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, refresh_button, options = MODELS, default = "sonar")]
    model_name: String,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Output Tokens")]
    max_tokens: u64,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Perplexity API Key")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, default = 0.75, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// Chooses among the likeliest words that together have this probability.
    #[input(title = "Top P", advanced)]
    top_p: Option<f64>,
    /// From how many answers to take the first.
    #[input(title = "N", advanced)]
    n: u64,
}

#[outputs]
impl PerplexityModel {
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

impl PerplexityModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk { model: &self.model_name, key: self.api_key.expose(), ..VendorAsk::default() };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            temperature: Some(self.temperature),
            top_p: self.top_p,
            n: self.n,
            ..ChatSettings::default()
        };
        connect_vendor("Perplexity", ask, settings, cx).await
    }
}
