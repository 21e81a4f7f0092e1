//! MariTalk.

use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;
use serde_json::json;

const MODELS: [&str; 2] = ["sabia-2-small", "sabia-2-medium"];

/// Answers with a model of Maritaca AI.
#[derive(Component)]
#[component(
    id = "Maritalk",
    aliases = ["MaritalkModelComponent"],
    class = "MaritalkModelComponent",
    title = "MariTalk",
    icon = "Maritalk",
    category = "maritalk",
    module = "lfx.components.maritalk.maritalk.MaritalkModelComponent"
)]
pub struct MaritalkModel {
    #[input(group)]
    chat: ChatFields,
    /// Longest answer in tokens.
    #[input(title = "Max Tokens", advanced, default = 512)]
    max_tokens: u64,
    /// The model that answers.
    #[input(title = "Model Name", kind = Dropdown, combobox, options = MODELS, default = json!(["sabia-2-small"]))]
    model_name: Json,
    /// The key, or the name of a variable that holds it.
    #[input(title = "MariTalk API Key")]
    api_key: Secret,
    /// How freely the model chooses its words: 0 hardly, 1 very.
    #[input(title = "Temperature", default = 0.1, range = (0.0, 1.0, 0.1))]
    temperature: f64,
}

#[outputs]
impl MaritalkModel {
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

impl MaritalkModel {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        // The default of Langflow is a list of one name.
        let name = self.model_name.get(0).unwrap_or(&self.model_name);
        let ask = VendorAsk {
            model: name.as_str().unwrap_or_default(),
            key: self.api_key.expose(),
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            max_tokens: self.max_tokens,
            temperature: Some(self.temperature),
            ..ChatSettings::default()
        };
        connect_vendor("MariTalk", ask, settings, cx).await
    }
}
