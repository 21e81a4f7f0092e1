//! Amazon Bedrock Embeddings.

use crate::fields::aws::{AwsKey, REGIONS};
use langflow_core::prelude::*;
use langflow_providers::chat::{Target, profile};
use langflow_providers::embed::{EmbedSettings, connect};

const MODELS: [&str; 4] = [
    "amazon.titan-embed-text-v1",
    "amazon.titan-embed-text-v2:0",
    "cohere.embed-english-v3",
    "cohere.embed-multilingual-v3",
];

/// Makes vectors with a model of Amazon Bedrock.
#[derive(Component)]
#[component(
    id = "ext:amazon:AmazonBedrockEmbeddingsComponent@official",
    aliases = ["AmazonBedrockEmbeddings"],
    class = "AmazonBedrockEmbeddingsComponent",
    title = "Amazon Bedrock Embeddings",
    icon = "Amazon",
    category = "amazon",
    module = "lfx.components.amazon.amazon_bedrock_embedding.AmazonBedrockEmbeddingsComponent"
)]
pub struct BedrockEmbeddings {
    /// The model that makes the vectors.
    #[input(title = "Model Id", kind = Dropdown, combobox, options = MODELS, default = "amazon.titan-embed-text-v1")]
    model_id: String,
    #[input(group)]
    key: AwsKey,
    /// The session token of a key that is lent for some hours.
    #[input(title = "AWS Session Token", default = "AWS_SESSION_TOKEN")]
    aws_session_token: Secret,
    /// Kept for stored flows: profiles on the server's disk are not read.
    #[input(title = "Credentials Profile Name", advanced, default = "AWS_CREDENTIALS_PROFILE_NAME")]
    credentials_profile_name: Secret,
    /// The region where the model runs.
    #[input(title = "Region Name", kind = Dropdown, combobox, options = REGIONS, default = "us-east-1")]
    region_name: String,
    /// Address of the service. Empty for that of the region.
    #[input(title = "Endpoint URL", advanced)]
    endpoint_url: String,
}

#[outputs]
impl BedrockEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embeddings")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let profile =
            profile("Amazon Bedrock").ok_or_else(|| Fault::bug("there is no profile of Amazon Bedrock"))?;
        let (token, place) = (&self.aws_session_token, &self.credentials_profile_name);
        let mut target = Target::new(profile, self.model_id.trim(), Secret::default()).at(&self.endpoint_url);
        target.account = Some(self.key.account(token, place, &self.region_name, cx).await?);
        connect(target, EmbedSettings::default(), cx.egress())
    }
}
