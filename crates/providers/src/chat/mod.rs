//! Chat models: wire formats, and the vendors as profiles of them.
//!
//! A vendor that speaks a known wire is a [`Profile`]: its address, how it wants its key, and where it
//! departs from the wire. [`connect`] makes a model of a profile, a key and the settings of a component.

mod anthropic;
mod bedrock;
mod decode;
mod gemini;
mod ollama;
mod openai;
mod profile;
mod settings;

pub(crate) use openai::WATSONX_VERSION;
pub use profile::{Auth, PROFILES, Profile, Quirks, Wire, profile};
pub use settings::{ChatSettings, Target};

use langflow_core::Fault;
use langflow_core::capability::ChatModel;
use langflow_core::run::Egress;
use std::sync::Arc;

/// A model behind `target`, with `settings` in it. Nothing is called yet.
pub fn connect(
    target: Target,
    settings: ChatSettings,
    egress: Arc<dyn Egress>,
) -> Result<Arc<dyn ChatModel>, Fault> {
    if target.model.trim().is_empty() {
        return Err(Fault::missing(format!("choose a model of {}", target.profile.name)).at_field("model"));
    }
    target.check_keys(&*egress)?;
    Ok(match target.profile.wire {
        Wire::OpenAi | Wire::Watsonx => Arc::new(openai::OpenAiChat::new(target, settings, egress)),
        Wire::Anthropic => Arc::new(anthropic::AnthropicChat::new(target, settings, egress)),
        Wire::Gemini | Wire::Vertex => Arc::new(gemini::GeminiChat::new(target, settings, egress)),
        Wire::Bedrock => Arc::new(bedrock::BedrockChat::new(target, settings, egress)),
        Wire::Ollama => Arc::new(ollama::OllamaChat::new(target, settings, egress)),
    })
}
