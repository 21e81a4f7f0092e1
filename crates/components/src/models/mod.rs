//! Chat models: the Language Model with its picker, and a component per vendor.
//!
//! * [`pick`]: what stands in a model field.
//! * [`resolve`]: from there to a model: vendor, key, address.
//! * [`refresh`]: the list of models for the editor.
//! * [`vendor`]: what the components of single vendors share.
//! * [`turns`]: messages as turns of a conversation, files included.
//! * [`respond`]: one answer, streamed into the chat where that is wanted.

mod aiml;
mod anthropic;
mod azure;
mod bedrock;
mod cohere;
mod comet_api;
mod deepseek;
mod google;
mod groq;
mod hugging_face;
mod language_model;
mod litellm;
mod lm_studio;
mod maritalk;
mod mistral;
mod novita;
mod nvidia;
mod ollama;
mod openai;
mod openrouter;
mod orcarouter;
mod perplexity;
pub mod pick;
pub mod refresh;
pub mod resolve;
pub mod respond;
mod sambanova;
pub mod schema;
pub mod texts;
pub mod turns;
mod vendor;
mod vertex;
mod vllm;
pub mod watsonx;
mod xai;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<language_model::LanguageModelComponent>::of(),
        Entry::<openai::OpenAiModel>::of(),
        Entry::<anthropic::AnthropicModel>::of(),
        Entry::<google::GoogleGenerativeAiModel>::of(),
        Entry::<groq::GroqModel>::of(),
        Entry::<mistral::MistralModel>::of(),
        Entry::<deepseek::DeepSeekModel>::of(),
        Entry::<xai::XaiModel>::of(),
        Entry::<openrouter::OpenRouterModel>::of(),
        Entry::<lm_studio::LmStudioModel>::of(),
        Entry::<vllm::VllmModel>::of(),
        Entry::<litellm::LiteLlmModel>::of(),
        Entry::<nvidia::NvidiaModel>::of(),
        Entry::<novita::NovitaModel>::of(),
        Entry::<sambanova::SambaNovaModel>::of(),
        Entry::<perplexity::PerplexityModel>::of(),
        Entry::<comet_api::CometApiModel>::of(),
        Entry::<aiml::AimlModel>::of(),
        Entry::<cohere::CohereModel>::of(),
        Entry::<azure::AzureChatOpenAi>::of(),
        Entry::<ollama::OllamaModel>::of(),
        Entry::<bedrock::BedrockConverseModel>::of(),
        Entry::<bedrock::BedrockModel>::of(),
        Entry::<vertex::VertexAiModel>::of(),
        Entry::<watsonx::WatsonxModel>::of(),
        Entry::<hugging_face::HuggingFaceModel>::of(),
        Entry::<maritalk::MaritalkModel>::of(),
        Entry::<orcarouter::OrcaRouterModel>::of(),
    ]
}
