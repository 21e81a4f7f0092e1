//! Language Model.

use super::pick::ModelPick;
use super::resolve::{ModelAsk, resolve_chat};
use super::respond::respond;
use super::turns::conversation;
use langflow_core::capability::ModelKind;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;
use serde_json::json;

/// Answers a message with a language model of any provider.
///
/// Pick a model from the list, or connect one. The key comes from the component, or from the variable of
/// the provider (for OpenAI `OPENAI_API_KEY`).
#[derive(Component)]
#[component(
    id = "LanguageModelComponent",
    title = "Language Model",
    icon = "brain-circuit",
    category = "models_and_agents",
    module = "lfx.components.models_and_agents.language_model.LanguageModelComponent",
    documentation = "https://docs.langflow.org/components-models"
)]
pub struct LanguageModelComponent {
    /// The model that answers.
    #[input(title = "Language Model", extra = json!({ "required": true }))]
    model: ModelPick,
    /// Uses this model instead of the picked one.
    #[input(title = "Model Name Override", kind = Str, advanced)]
    model_name: String,
    /// Uses this provider instead of the picked one.
    #[input(title = "Provider Override", kind = Str, advanced)]
    provider: String,
    /// The provider's key, or the name of a variable that holds it. Without one the provider's own variable
    /// is used.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// Address of the IBM watsonx service.
    #[input(
        title = "watsonx API Endpoint", kind = Dropdown, hidden, combobox, real_time_refresh,
        options = super::watsonx::ENDPOINTS, default = super::watsonx::ENDPOINTS[0]
    )]
    base_url_ibm_watsonx: String,
    /// Project of the IBM watsonx service.
    #[input(title = "watsonx Project ID", kind = Str, hidden)]
    project_id: String,
    /// Address of the Ollama server. Counts for that provider alone, hidden or not: the editor shows the field only
    /// where the model was picked from its list.
    #[input(title = "Ollama API URL", kind = Str, hidden, real_time_refresh, extra = json!({"override_skip": true}))]
    ollama_base_url: String,
    /// What the model answers to.
    #[input(title = "Input")]
    input_value: Message,
    /// Instructions that stand before the conversation.
    #[input(title = "System Message", kind = Multiline)]
    system_message: String,
    /// Shows the answer word by word. Needs a Chat Output right behind this node.
    #[input(title = "Stream", advanced)]
    stream: bool,
    /// How freely the model chooses its words: 0 hardly, 1 very. Models that reason first take none.
    #[input(
        title = "Temperature", kind = Slider, advanced, default = 0.1, range = (0.0, 1.0, 0.01),
        extra = json!({ "slider_color": "default" })
    )]
    temperature: f64,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced, range = (0.0, 128_000.0, 1.0))]
    max_tokens: u64,
}

#[outputs]
impl LanguageModelComponent {
    /// The answer.
    #[output(name = "text_output", title = "Model Response")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        let turns = conversation(&self.system_message, &self.input_value, cx).await?;
        let model = self.connect(cx).await?;
        respond(&*model, &self.model_name, turns, self.stream, cx).await
    }

    /// The model itself, for other components.
    #[output(name = "model_output", title = "Language Model")]
    async fn build_model(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        self.connect(cx).await
    }

    /// The list of models, and the fields of the chosen provider.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        super::refresh::model_fields(request, cx, ModelKind::Language).await
    }
}

impl LanguageModelComponent {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let ask = ModelAsk {
            pick: self.model.clone(),
            provider: &self.provider,
            model_name: &self.model_name,
            api_key: self.api_key.expose(),
            ollama_base_url: &self.ollama_base_url,
            watsonx_url: &self.base_url_ibm_watsonx,
            watsonx_project: &self.project_id,
            ..ModelAsk::default()
        };
        let settings = ChatSettings {
            temperature: Some(self.temperature),
            max_tokens: self.max_tokens,
            ..ChatSettings::default()
        };
        resolve_chat(ask, settings, cx).await
    }
}
