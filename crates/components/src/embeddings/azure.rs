//! Azure OpenAI Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::EmbedSettings;

const VERSIONS: [&str; 7] = [
    "2024-06-01",
    "2023-08-01-preview",
    "2023-07-01-preview",
    "2023-06-01-preview",
    "2023-05-15",
    "2023-03-15-preview",
    "2022-12-01",
];

/// Makes vectors with an OpenAI model in your Azure account.
#[derive(Component)]
#[component(
    id = "ext:azure:AzureOpenAIEmbeddingsComponent@official",
    aliases = ["AzureOpenAIEmbeddings"],
    class = "AzureOpenAIEmbeddingsComponent",
    title = "Azure OpenAI Embeddings",
    icon = "Azure",
    category = "azure",
    module = "lfx.components.azure.azure_openai_embeddings.AzureOpenAIEmbeddingsComponent"
)]
pub struct AzureOpenAiEmbeddings {
    /// The model behind the deployment.
    #[input(title = "Model", kind = Str, default = "text-embedding-3-small")]
    model: String,
    /// Address of your Azure resource, like `https://name.openai.azure.com`.
    #[input(title = "Azure Endpoint", required)]
    azure_endpoint: String,
    /// Name of the deployment.
    #[input(title = "Deployment Name", required)]
    azure_deployment: String,
    /// Version of Azure's API.
    #[input(title = "API Version", kind = Dropdown, advanced, options = VERSIONS, default = "2023-08-01-preview")]
    api_version: String,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Azure OpenAI API Key", required)]
    api_key: Secret,
    /// Length of the vectors; 0 leaves it to the model.
    #[input(title = "Dimensions", advanced)]
    dimensions: u32,
}

#[outputs]
impl AzureOpenAiEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embeddings")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let endpoint = self.azure_endpoint.trim().trim_end_matches('/');
        let base_url = format!("{endpoint}/openai/deployments/{}", self.azure_deployment.trim());
        let ask = EmbedAsk {
            model: &self.model,
            key: self.api_key.expose(),
            base_url: &base_url,
            query: vec![("api-version".to_owned(), self.api_version.clone())],
            ..EmbedAsk::default()
        };
        connect_vendor(
            "Azure OpenAI",
            ask,
            EmbedSettings { dimensions: self.dimensions, ..EmbedSettings::default() },
            cx,
        )
        .await
    }
}
