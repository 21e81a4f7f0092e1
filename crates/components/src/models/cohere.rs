//! Cohere Language Models.

use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

/// Answers with a model of Cohere.
#[derive(Component)]
#[component(
    id = "ext:cohere:CohereComponent@official",
    aliases = ["CohereModel"],
    class = "CohereComponent",
    title = "Cohere Language Models",
    icon = "Cohere",
    category = "cohere",
    module = "lfx.components.cohere.cohere_models.CohereComponent"
)]
pub struct CohereModel {
    #[input(group)]
    chat: ChatFields,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Cohere API Key", default = "COHERE_API_KEY")]
    cohere_api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 0.75, range = (0.0, 2.0, 0.01))]
    temperature: f64,
}

#[outputs]
impl CohereModel {
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

impl CohereModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = VendorAsk {
            model: "command-a-03-2025",
            key: self.cohere_api_key.expose(),
            ..VendorAsk::default()
        };
        let settings = ChatSettings { temperature: Some(self.temperature), ..ChatSettings::default() };
        connect_vendor("Cohere", ask, settings, cx).await
    }
}
