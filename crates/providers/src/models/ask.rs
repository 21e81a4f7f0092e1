//! Questions to a provider: is this key good, and which models are there?

use super::table::WATSONX_ENDPOINTS;
use crate::chat::{Target, Wire};
use crate::http::Call;
use langflow_core::capability::{ModelKind, OfferedModel, ProviderValues};
use langflow_core::run::Egress;
use langflow_core::{Fault, Json};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(8);
/// `OpenRouter` lists hundreds of models with their descriptions.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// Models taken of one answer.
const MOST_MODELS: usize = 2_000;
const FOUNDRY_VERSION: &str = "2023-03-15-preview";
/// Families of Ollama's models that make vectors.
const EMBEDDING_FAMILIES: [&str; 2] = ["bert", "nomic-bert"];

/// A provider with the values to ask it with.
pub(super) struct Ask<'a> {
    pub target: &'a Target,
    pub values: &'a ProviderValues,
    pub egress: &'a dyn Egress,
}

impl Ask<'_> {
    /// Whether the provider accepts key and address.
    pub async fn check(&self) -> Result<(), Fault> {
        let name = self.target.profile.name;
        let key_given = !self.target.key.is_empty();
        match name {
            "OpenRouter" if key_given => self.get(&self.below("/auth/key")).await.map(drop),
            "IBM WatsonX" if key_given => self.ibm_token().await,
            "Azure AI Foundry" if key_given => self.get(&self.deployments()?).await.map(drop),
            // The address belongs to a deployment, which only its component knows.
            "Azure OpenAI" => Ok(()),
            "Ollama" => self.ollama_tags().await.map(drop),
            "OpenAI Compatible" | "vLLM" => self.get(&self.below("/models")).await.map(drop),
            _ if key_given => self.get(&self.list_url()).await.map(drop),
            _ => Ok(()),
        }
    }

    /// The models there are.
    pub async fn offered(&self) -> Result<Vec<OfferedModel>, Fault> {
        let mut models = match self.target.profile.name {
            "Ollama" => self.ollama_tags().await?.iter().filter_map(ollama_model).collect(),
            "OpenRouter" => {
                items(&self.get(&self.list_url()).await?, "data").filter_map(router_model).collect()
            }
            "IBM WatsonX" => self.ibm_models().await?,
            "Azure AI Foundry" => self.foundry_models().await?,
            _ if self.target.profile.wire == Wire::Gemini => {
                items(&self.get(&self.list_url()).await?, "models").filter_map(gemini_model).collect()
            }
            _ => {
                items(&self.get(&self.list_url()).await?, "data").filter_map(plain_model).collect::<Vec<_>>()
            }
        };
        models.sort_by(|a, b| a.name.cmp(&b.name));
        models.dedup_by(|a, b| a.name == b.name && a.kind == b.kind);
        models.truncate(MOST_MODELS);
        Ok(models)
    }

    fn below(&self, path: &str) -> String {
        format!("{}{path}", self.target.base_url)
    }

    fn list_url(&self) -> String {
        match self.target.profile.wire {
            Wire::Anthropic => self.below("/v1/models?limit=100"),
            Wire::Gemini => self.below("/models?pageSize=200"),
            Wire::Ollama => self.below("/api/tags"),
            Wire::OpenAi | Wire::Watsonx | Wire::Vertex | Wire::Bedrock => self.below("/models"),
        }
    }

    async fn get(&self, url: &str) -> Result<Json, Fault> {
        self.target.check_keys(self.egress)?;
        let mut call = self.target.authorise(Call::get(url).timeout(PATIENCE));
        if self.target.profile.wire == Wire::Anthropic {
            call = call.header("anthropic-version", "2023-06-01");
        }
        call.send_json(self.egress, self.target.profile.name, ANSWER_BYTES).await
    }

    async fn ollama_tags(&self) -> Result<Vec<Json>, Fault> {
        let root = self.target.base_url.trim_end_matches("/v1");
        let answer = self.get(&format!("{root}/api/tags")).await?;
        answer.get("models").and_then(Json::as_array).cloned().ok_or_else(|| {
            Fault::invalid("the address is not that of an Ollama server: it lists no models")
                .at_field("base_url")
        })
    }

    async fn ibm_token(&self) -> Result<(), Fault> {
        crate::ibm::ask(crate::ibm::TOKENS, &self.target.key, self.egress).await.map(drop)
    }

    /// The list of a region is public.
    async fn ibm_models(&self) -> Result<Vec<OfferedModel>, Fault> {
        let region = self.values.get("WATSONX_URL").map(|url| url.expose().trim_end_matches('/'));
        let region = region.filter(|url| !url.is_empty()).unwrap_or(WATSONX_ENDPOINTS[0]);
        let mut all = Vec::new();
        for (function, kind) in
            [("function_text_chat", ModelKind::Language), ("function_embedding", ModelKind::Embedding)]
        {
            let filters = format!("{function},!lifecycle_withdrawn:and");
            let call = Call::get(format!("{region}/ml/v1/foundation_model_specs"))
                .query(&[("version", "2024-09-16"), ("filters", &filters), ("limit", "200")])
                .timeout(PATIENCE);
            let answer = call.send_json(self.egress, self.target.profile.name, ANSWER_BYTES).await?;
            let named = items(&answer, "resources").filter_map(|model| text(model, "model_id"));
            all.extend(named.map(|name| OfferedModel::named(name, kind)));
        }
        Ok(all)
    }

    fn deployments(&self) -> Result<String, Fault> {
        let base = url::Url::parse(&self.target.base_url).map_err(|e| {
            Fault::invalid(format!("the Azure AI Foundry endpoint is not a URL: {e}")).at_field("endpoint")
        })?;
        let version = self.values.get("AZURE_AI_FOUNDRY_API_VERSION").map(|version| version.expose().trim());
        let version = version.filter(|version| !version.is_empty()).unwrap_or(FOUNDRY_VERSION);
        let mut url = base
            .join("/openai/deployments")
            .map_err(|_| Fault::invalid("the Azure AI Foundry endpoint has no host").at_field("endpoint"))?;
        url.query_pairs_mut().clear().append_pair("api-version", version);
        Ok(url.into())
    }

    /// Deployments go by names of their own; the model behind them says what they are.
    async fn foundry_models(&self) -> Result<Vec<OfferedModel>, Fault> {
        let answer = self.get(&self.deployments()?).await?;
        Ok(items(&answer, "data")
            .filter_map(|deployment| {
                let name = text(deployment, "id")?;
                let kind = kind_by_name(text(deployment, "model").unwrap_or(name));
                Some(OfferedModel::named(name, kind))
            })
            .collect())
    }
}

fn items<'j>(answer: &'j Json, key: &str) -> impl Iterator<Item = &'j Json> {
    answer.get(key).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

fn text<'j>(json: &'j Json, key: &str) -> Option<&'j str> {
    json.get(key).and_then(Json::as_str).filter(|text| !text.is_empty())
}

fn kind_by_name(name: &str) -> ModelKind {
    if name.to_ascii_lowercase().contains("embed") { ModelKind::Embedding } else { ModelKind::Language }
}

fn plain_model(json: &Json) -> Option<OfferedModel> {
    let name = text(json, "id")?;
    // Models for speech and pictures stand in the same lists.
    let other =
        ["whisper", "tts", "dall-e", "moderation", "image", "audio", "realtime", "transcribe", "sora"];
    let lower = name.to_ascii_lowercase();
    let is_other = other.iter().any(|word| lower.contains(word));
    (!is_other).then(|| OfferedModel::named(name, kind_by_name(name)))
}

fn ollama_model(json: &Json) -> Option<OfferedModel> {
    let name = text(json, "name").or_else(|| text(json, "model"))?;
    let families = json.pointer("/details/families").and_then(Json::as_array);
    let is_embedding = families
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .any(|family| EMBEDDING_FAMILIES.contains(&family));
    let kind = if is_embedding { ModelKind::Embedding } else { kind_by_name(name) };
    Some(OfferedModel::named(name.strip_suffix(":latest").unwrap_or(name), kind))
}

fn router_model(json: &Json) -> Option<OfferedModel> {
    let parameters = json.get("supported_parameters").and_then(Json::as_array);
    let takes = |name: &str| parameters.is_some_and(|all| all.iter().any(|one| one == name));
    let mut model = OfferedModel::named(text(json, "id")?, ModelKind::Language);
    model.tools = takes("tools");
    model.reasoning = takes("reasoning");
    Some(model)
}

fn gemini_model(json: &Json) -> Option<OfferedModel> {
    let name = text(json, "name")?;
    let methods = json.get("supportedGenerationMethods").and_then(Json::as_array)?;
    let does = |method: &str| methods.iter().any(|one| one == method);
    if does("embedContent") {
        Some(OfferedModel::named(name, ModelKind::Embedding))
    } else if does("generateContent") {
        Some(OfferedModel::named(name.strip_prefix("models/").unwrap_or(name), ModelKind::Language))
    } else {
        None
    }
}
