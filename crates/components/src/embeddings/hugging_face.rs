//! Hugging Face Embeddings Inference.

use super::{EmbedAsk, connect_vendor};
use langflow_core::prelude::*;
use langflow_providers::chat::{Target, profile};
use langflow_providers::embed::{EmbedSettings, Form, connect};

/// The address of older flows, and where the shared service is today.
const OLD: &str = "https://api-inference.huggingface.co/models";
const SHARED: &str = "https://router.huggingface.co/hf-inference/models";

/// Makes vectors with a model that Hugging Face runs, or with an inference server of your own.
///
/// An own server (Text Embeddings Inference) needs no key.
#[derive(Component)]
#[component(
    id = "HuggingFaceInferenceAPIEmbeddings",
    aliases = ["HuggingFaceInferenceAPIEmbeddingsComponent"],
    class = "HuggingFaceInferenceAPIEmbeddingsComponent",
    title = "Hugging Face Embeddings Inference",
    icon = "HuggingFace",
    category = "huggingface",
    documentation = "https://huggingface.co/docs/text-embeddings-inference/index",
    module = "lfx.components.huggingface.huggingface_inference_api.HuggingFaceInferenceAPIEmbeddingsComponent"
)]
pub struct HuggingFaceEmbeddings {
    /// The token, or the name of a variable that holds it.
    #[input(title = "HuggingFace API Key")]
    api_key: Secret,
    /// Address of the service, or of a server of your own.
    #[input(
        title = "Inference Endpoint",
        required,
        default = "https://api-inference.huggingface.co/models/"
    )]
    inference_endpoint: String,
    /// The model of the shared service.
    #[input(title = "Model Name", required, default = "BAAI/bge-large-en-v1.5")]
    model_name: String,
}

#[outputs]
impl HuggingFaceEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embeddings")]
    async fn build_embeddings(&self, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        let settings = EmbedSettings { form: Some(Form::Inference), batch: 32, ..EmbedSettings::default() };
        let model = self.model_name.trim();
        let base_url = base_url(&self.inference_endpoint, model);
        let is_own = !base_url.starts_with(SHARED);
        let key = self.api_key.expose();
        if is_own && key.is_empty() {
            // The profile asks for a key, which such a server has no use for.
            return keyless(model, &base_url, settings, cx);
        }
        let ask = EmbedAsk { model, key, base_url: &base_url, ..EmbedAsk::default() };
        connect_vendor("Hugging Face", ask, settings, cx).await
    }
}

fn keyless(
    model: &str,
    base_url: &str,
    settings: EmbedSettings,
    cx: &Cx,
) -> Result<Arc<dyn Embedder>, Fault> {
    let profile = profile("Hugging Face").ok_or_else(|| Fault::bug("there is no profile of Hugging Face"))?;
    connect(Target::new(profile, model, Secret::default()).at(base_url), settings, cx.egress())
}

/// Where vectors are asked for: below the model at the shared service, at `/embed` of a server of one's own.
fn base_url(endpoint: &str, model: &str) -> String {
    let endpoint = endpoint.trim().trim_end_matches('/');
    if endpoint.is_empty() || endpoint.starts_with(OLD) || endpoint.starts_with(SHARED) {
        return format!("{SHARED}/{model}/pipeline/feature-extraction");
    }
    if endpoint.ends_with("/embed") { endpoint.to_owned() } else { format!("{endpoint}/embed") }
}

#[cfg(test)]
mod tests {
    use super::base_url;

    #[test]
    fn endpoints() {
        for (endpoint, url) in [
            ("", "https://router.huggingface.co/hf-inference/models/m/pipeline/feature-extraction"),
            (
                "https://api-inference.huggingface.co/models/",
                "https://router.huggingface.co/hf-inference/models/m/pipeline/feature-extraction",
            ),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/embed"),
        ] {
            assert_eq!(base_url(endpoint, "m"), url, "{endpoint}");
        }
    }
}
