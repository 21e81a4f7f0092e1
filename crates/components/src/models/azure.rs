//! Azure OpenAI.

use super::vendor::{ChatFields, VendorAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::chat::ChatSettings;

const VERSIONS: [&str; 12] = [
    "2025-02-01-preview",
    "2025-01-01-preview",
    "2024-12-01-preview",
    "2024-10-01-preview",
    "2024-09-01-preview",
    "2024-08-01-preview",
    "2024-07-01-preview",
    "2024-06-01",
    "2024-03-01-preview",
    "2024-02-15-preview",
    "2023-12-01-preview",
    "2023-05-15",
];

/// Answers with an OpenAI model in your Azure account.
#[derive(Component)]
#[component(
    id = "ext:azure:AzureChatOpenAIComponent@official",
    aliases = ["AzureOpenAIModel"],
    class = "AzureChatOpenAIComponent",
    title = "Azure OpenAI",
    icon = "Azure",
    category = "azure",
    module = "lfx.components.azure.azure_openai.AzureChatOpenAIComponent"
)]
pub struct AzureChatOpenAi {
    #[input(group)]
    chat: ChatFields,
    /// Address of your Azure resource, like `https://name.openai.azure.com`.
    #[input(title = "Azure Endpoint", required)]
    azure_endpoint: String,
    /// Name of the deployment.
    #[input(title = "Deployment Name", required)]
    azure_deployment: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Azure Chat OpenAI API Key")]
    api_key: Secret,
    /// Version of Azure's API.
    #[input(title = "API Version", kind = Dropdown, options = VERSIONS, default = "2024-06-01")]
    api_version: String,
    /// How freely the model chooses its words: 0 hardly, more is freer.
    #[input(title = "Temperature", kind = Slider, advanced, default = 1.0, range = (0.0, 2.0, 0.01))]
    temperature: f64,
    /// Longest answer in tokens; 0 leaves it to the provider.
    #[input(title = "Max Tokens", advanced)]
    max_tokens: u64,
}

#[outputs]
impl AzureChatOpenAi {
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

impl AzureChatOpenAi {
    async fn connect(&self, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
        let endpoint = self.azure_endpoint.trim().trim_end_matches('/');
        let base = format!("{endpoint}/openai/deployments/{}", self.azure_deployment.trim());
        let query = vec![("api-version".to_owned(), self.api_version.clone())];
        let ask = VendorAsk {
            model: &self.azure_deployment,
            key: self.api_key.expose(),
            base_url: &base,
            query,
            ..VendorAsk::default()
        };
        let settings = ChatSettings {
            temperature: Some(self.temperature),
            max_tokens: self.max_tokens,
            ..ChatSettings::default()
        };
        connect_vendor("Azure OpenAI", ask, settings, cx).await
    }
}
