//! How each service asks for vectors, and where it answers with them.

use super::EmbedSettings;
use crate::chat::{Target, WATSONX_VERSION, Wire};
use crate::http::Call;
use langflow_core::{Fault, Json, JsonMap};
use serde_json::json;

/// The form of a request for vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    OpenAi,
    Ollama,
    Gemini,
    /// Vertex AI.
    Predict,
    Watsonx,
    /// Hugging Face's inference: the address is that of the model.
    Inference,
    /// Cloudflare's Workers AI.
    Cloudflare,
    /// Titan on Bedrock: one text a call.
    Titan,
    /// Cohere on Bedrock.
    BedrockCohere,
}

impl Form {
    /// The one that the vendor of `target` speaks.
    pub(super) fn of(target: &Target) -> Option<Self> {
        Some(match target.profile.wire {
            Wire::OpenAi => Self::OpenAi,
            Wire::Ollama => Self::Ollama,
            Wire::Gemini => Self::Gemini,
            Wire::Vertex => Self::Predict,
            Wire::Watsonx => Self::Watsonx,
            Wire::Bedrock if target.model.contains("cohere.") => Self::BedrockCohere,
            Wire::Bedrock => Self::Titan,
            Wire::Anthropic => return None,
        })
    }

    /// Texts of one call at most.
    pub(super) fn most_texts(self) -> usize {
        match self {
            Self::Titan => 1,
            Self::BedrockCohere => 96,
            Self::Predict => 250,
            _ => 2_048,
        }
    }

    /// Where the list of vectors stands in the answer; empty: it is the answer.
    pub(super) fn place(self) -> &'static str {
        match self {
            Self::OpenAi => "/data",
            Self::Ollama | Self::Gemini | Self::BedrockCohere => "/embeddings",
            Self::Predict => "/predictions",
            Self::Watsonx => "/results",
            Self::Cloudflare => "/result/data",
            Self::Inference | Self::Titan => "",
        }
    }

    /// # Errors
    /// The account is missing that signs the call.
    pub(super) fn call(
        self,
        target: &Target,
        settings: &EmbedSettings,
        texts: &[String],
    ) -> Result<Call, Fault> {
        let (model, dimensions) = (&target.model, settings.dimensions);
        let post = |path: &str, body: Json| {
            let mut body = body;
            if let Some(map) = body.as_object_mut() {
                map.extend(target.fields.clone());
                map.extend(settings.extra.clone());
            }
            target.post(path, settings.timeout, settings.retries).json(&body)
        };
        let signed = |body: Json| target.bedrock("invoke", &body, settings.timeout, settings.retries);
        Ok(match self {
            Self::OpenAi => post("/embeddings", openai(model, dimensions, texts)),
            Self::Ollama => post("/api/embed", json!({ "model": model, "input": texts })),
            Self::Gemini => {
                let model = model.trim_start_matches("models/");
                post(&format!("/models/{model}:batchEmbedContents"), gemini(model, dimensions, texts))
            }
            Self::Predict => {
                let instances: Vec<Json> = texts.iter().map(|text| json!({ "content": text })).collect();
                let sized = json!({ "outputDimensionality": dimensions });
                let parameters = if dimensions > 0 { sized } else { json!({}) };
                let body = json!({ "instances": instances, "parameters": parameters });
                post(&format!("/models/{model}:predict"), body)
            }
            Self::Watsonx => post("/ml/v1/text/embeddings", json!({ "model_id": model, "inputs": texts }))
                .query(&[("version", WATSONX_VERSION)]),
            Self::Inference => post("", json!({ "inputs": texts })),
            Self::Cloudflare => post(&format!("/ai/run/{model}"), json!({ "text": texts })),
            Self::Titan => {
                let text = texts.first();
                signed(if dimensions > 0 {
                    json!({ "inputText": text, "dimensions": dimensions })
                } else {
                    json!({ "inputText": text })
                })?
            }
            Self::BedrockCohere => signed(json!({ "texts": texts, "input_type": "search_document" }))?,
        })
    }
}

fn openai(model: &str, dimensions: u32, texts: &[String]) -> Json {
    let mut body = JsonMap::new();
    body.insert("model".into(), json!(model));
    body.insert("input".into(), json!(texts));
    body.insert("encoding_format".into(), json!("float"));
    if dimensions > 0 {
        body.insert("dimensions".into(), json!(dimensions));
    }
    Json::Object(body)
}

fn gemini(model: &str, dimensions: u32, texts: &[String]) -> Json {
    let requests: Vec<Json> = texts
        .iter()
        .map(|text| {
            let mut request = json!({
                "model": format!("models/{model}"), "content": { "parts": [{ "text": text }] },
            });
            if let Some(map) = request.as_object_mut().filter(|_| dimensions > 0) {
                map.insert("outputDimensionality".into(), json!(dimensions));
            }
            request
        })
        .collect();
    json!({ "requests": requests })
}
