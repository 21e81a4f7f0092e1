//! Cloudflare Workers AI Embeddings.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::embed::{EmbedSettings, Form};

/// Makes vectors with a model that runs at Cloudflare.
#[derive(Component)]
#[component(
    id = "CloudflareWorkersAIEmbeddings",
    aliases = ["CloudflareWorkersAIEmbeddingsComponent"],
    class = "CloudflareWorkersAIEmbeddingsComponent",
    title = "Cloudflare Workers AI Embeddings",
    icon = "Cloudflare",
    category = "cloudflare",
    documentation = "https://developers.cloudflare.com/workers-ai/models/",
    module = "lfx.components.cloudflare.cloudflare.CloudflareWorkersAIEmbeddingsComponent"
)]
pub struct CloudflareEmbeddings {
    /// The account.
    #[input(title = "Cloudflare account ID", required)]
    account_id: String,
    /// The token, or the name of a variable that holds it.
    #[input(title = "Cloudflare API token", required)]
    api_token: Secret,
    /// The model that makes the vectors.
    #[input(title = "Model Name", required, default = "@cf/baai/bge-base-en-v1.5")]
    model_name: String,
    /// Replaces new lines by blanks.
    #[input(title = "Strip New Lines", advanced, default = true)]
    strip_new_lines: bool,
    /// Texts sent in one call.
    #[input(title = "Batch Size", advanced, default = 50)]
    batch_size: usize,
    /// Address of the API.
    #[input(
        title = "Cloudflare API base URL",
        advanced,
        default = "https://api.cloudflare.com/client/v4/accounts"
    )]
    api_base_url: String,
    /// Further headers.
    #[input(title = "Headers", advanced, list)]
    headers: JsonMap,
}

#[outputs]
impl CloudflareEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embeddings")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let account = self.account_id.trim();
        if !account.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            return Err(Fault::invalid("this is not the id of an account").at_field("account_id"));
        }
        let base_url = format!("{}/{account}", self.api_base_url.trim().trim_end_matches('/'));
        let text = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), Secret::new(text(value))));
        let ask = EmbedAsk {
            model: &self.model_name,
            key: self.api_token.expose(),
            base_url: &base_url,
            headers: headers.collect(),
            ..EmbedAsk::default()
        };
        let settings = EmbedSettings {
            form: Some(Form::Cloudflare),
            batch: self.batch_size.clamp(1, 100),
            ..EmbedSettings::default()
        };
        let inner = connect_vendor("Cloudflare Workers AI", ask, settings, cx).await?;
        Ok(if self.strip_new_lines { Arc::new(OneLine(inner)) } else { inner })
    }
}

/// Embeds every text as one line.
#[derive(Debug)]
struct OneLine(Arc<dyn Embedder>);

#[async_trait]
impl Embedder for OneLine {
    fn model(&self) -> &str {
        self.0.model()
    }

    async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        self.0.embed(texts.into_iter().map(|text| text.replace('\n', " ")).collect()).await
    }
}
