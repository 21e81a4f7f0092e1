//! Embedding models: the Embedding Model with its picker, and a component per vendor.

mod aiml;
mod azure;
mod bedrock;
mod cloudflare;
mod cohere;
mod embedding_model;
mod fake;
mod google;
mod hugging_face;
mod lm_studio;
mod mistral;
mod nvidia;
mod ollama;
mod openai;
mod similarity;
mod text_embedder;
mod vertex;
mod watsonx;

use crate::models::pick::ModelPick;
use crate::models::resolve::{find_key, variable_base_url, vendor_of_embedding};
use crate::models::watsonx::place;
use langflow_core::capability::Embedder;
use langflow_core::component::{Definition, Entry};
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, Secret};
use langflow_providers::chat::{Target, Wire, profile};
use langflow_providers::embed::{EmbedSettings, connect};
use std::sync::Arc;
use std::time::Duration;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<embedding_model::EmbeddingModelComponent>::of(),
        Entry::<openai::OpenAiEmbeddings>::of(),
        Entry::<ollama::OllamaEmbeddings>::of(),
        Entry::<google::GoogleEmbeddings>::of(),
        Entry::<mistral::MistralEmbeddings>::of(),
        Entry::<nvidia::NvidiaEmbeddings>::of(),
        Entry::<lm_studio::LmStudioEmbeddings>::of(),
        Entry::<aiml::AimlEmbeddings>::of(),
        Entry::<cohere::CohereEmbeddings>::of(),
        Entry::<azure::AzureOpenAiEmbeddings>::of(),
        Entry::<bedrock::BedrockEmbeddings>::of(),
        Entry::<watsonx::WatsonxEmbeddings>::of(),
        Entry::<hugging_face::HuggingFaceEmbeddings>::of(),
        Entry::<cloudflare::CloudflareEmbeddings>::of(),
        Entry::<vertex::VertexEmbeddings>::of(),
        Entry::<fake::FakeEmbeddings>::of(),
        Entry::<text_embedder::TextEmbedder>::of(),
        Entry::<similarity::EmbeddingSimilarity>::of(),
    ]
}

/// What a component says about its embedding model.
#[derive(Debug, Default)]
struct EmbedAsk<'a> {
    model: &'a str,
    /// A key, or the name of a variable that holds one.
    key: &'a str,
    /// Empty for the vendor's own address.
    base_url: &'a str,
    query: Vec<(String, String)>,
    headers: Vec<(String, Secret)>,
}

/// The embedding model of `vendor` (the name of a profile).
async fn connect_vendor(
    vendor: &str,
    ask: EmbedAsk<'_>,
    settings: EmbedSettings,
    cx: &Cx,
) -> Result<Arc<dyn Embedder>, Fault> {
    let profile = profile(vendor).ok_or_else(|| Fault::bug(format!("there is no profile '{vendor}'")))?;
    let key = find_key(profile, ask.key, cx).await?;
    let base_url = match ask.base_url.trim() {
        "" => variable_base_url(profile, cx).await?,
        own => own.to_owned(),
    };
    let mut target = Target::new(profile, ask.model.trim(), key).at(&base_url);
    target.query = ask.query;
    target.headers = ask.headers;
    if profile.wire == Wire::Watsonx && !settings.extra.contains_key("space_id") {
        let project = settings.extra.get("project_id").and_then(Json::as_str).unwrap_or_default();
        target.fields = place(project, "", cx).await?;
    }
    connect(target, settings, cx.egress())
}

/// The embedding model of a provider, both by their names.
async fn named_embedder(
    provider: &str,
    model: &str,
    key: &str,
    base_url: &str,
    settings: EmbedSettings,
    cx: &Cx,
) -> Result<Arc<dyn Embedder>, Fault> {
    if model.trim().is_empty() {
        return Err(Fault::missing("no embedding model is chosen").at_field("model"));
    }
    let profile = vendor_of_embedding(provider, model)?;
    connect_vendor(profile.name, EmbedAsk { model, key, base_url, ..EmbedAsk::default() }, settings, cx).await
}

/// The embedding model that stands in a picker.
pub async fn embedder_of(pick: &ModelPick, key: &Secret, cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
    match pick {
        ModelPick::Named { provider, model } => {
            named_embedder(provider, model, key.expose(), "", EmbedSettings::default(), cx).await
        }
        connected => connected.embedder(),
    }
}

/// Seconds of a field; none and 0 leave the default.
fn seconds(field: Option<f64>) -> Duration {
    field
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .unwrap_or(EmbedSettings::default().timeout)
}
