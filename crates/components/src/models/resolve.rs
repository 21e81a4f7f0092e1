//! From a picked name to a model: vendor, key, address (engine.md 2.19).

use super::pick::ModelPick;
use langflow_core::capability::ChatModel;
use langflow_core::run::Cx;
use langflow_core::{Fault, Secret};
use langflow_providers::chat::{ChatSettings, PROFILES, Profile, Target, Wire, connect, profile};
use std::sync::Arc;

/// What a node says about its model. Empty texts say nothing.
#[derive(Debug, Default)]
pub struct ModelAsk<'a> {
    pub pick: ModelPick,
    /// Overrides the picked provider.
    pub provider: &'a str,
    /// Overrides the picked model.
    pub model_name: &'a str,
    /// A key, or the name of a variable that holds one.
    pub api_key: &'a str,
    /// Overrides the address of the vendor.
    pub base_url: &'a str,
    /// The address of Ollama, for that vendor alone.
    pub ollama_base_url: &'a str,
    /// The address of IBM watsonx, and the project in it.
    pub watsonx_url: &'a str,
    pub watsonx_project: &'a str,
}

/// A chat model for what the node says.
pub async fn resolve_chat(
    ask: ModelAsk<'_>,
    settings: ChatSettings,
    cx: &Cx,
) -> Result<Arc<dyn ChatModel>, Fault> {
    let (provider, model) = match &ask.pick {
        ModelPick::Chat(model) => return Ok(Arc::clone(model)),
        ModelPick::Embedder(_) => {
            return Err(Fault::invalid("an embedding model cannot answer; connect a language model")
                .at_field("model"));
        }
        ModelPick::Nothing => (ask.provider, ask.model_name),
        ModelPick::Named { provider, model } => {
            (or(ask.provider, provider.as_str()), or(ask.model_name, model.as_str()))
        }
    };
    if provider.is_empty() && model.is_empty() {
        let profile = usual_vendor(cx).await?;
        let model = profile.models.first().copied().unwrap_or_default();
        let target = Target::new(profile, model, find_key(profile, "", cx).await?);
        let target = target.at(&find_base_url(profile, &ask, cx).await?);
        return connect(target, settings, cx.egress());
    }
    let profile = vendor(provider, model)?;
    let target = Target::new(profile, model, find_key(profile, ask.api_key, cx).await?);
    let mut target = target.at(&find_base_url(profile, &ask, cx).await?);
    if profile.wire == Wire::Watsonx {
        target.fields = super::watsonx::place(ask.watsonx_project, "", cx).await?;
    }
    connect(target, settings, cx.egress())
}

/// The vendor of a node that names none: the first one whose key is there.
///
/// Templates and many shared flows are saved without a model, since every user has another key. Asking
/// for a choice that has one answer helps nobody.
async fn usual_vendor(cx: &Cx) -> Result<&'static Profile, Fault> {
    for profile in PROFILES.iter().filter(|p| !p.models.is_empty() && !p.key_variable.is_empty()) {
        if cx.variables().get(profile.key_variable).await?.is_some_and(|key| !key.value.is_empty()) {
            return Ok(profile);
        }
    }
    Err(Fault::missing(
        "no language model is chosen, and there is no key of a provider to choose one by: pick a model, or \
         store a key such as OPENAI_API_KEY as a variable",
    )
    .at_field("model"))
}

fn or<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.trim().is_empty() { second } else { first.trim() }
}

/// The vendor by its name, or by the model where a flow stored no vendor.
pub fn vendor(provider: &str, model: &str) -> Result<&'static Profile, Fault> {
    find_vendor(provider, model, |profile| profile.models)
}

/// As [`vendor`], for embedding models.
pub fn vendor_of_embedding(provider: &str, model: &str) -> Result<&'static Profile, Fault> {
    find_vendor(provider, model, |profile| profile.embedding_models)
}

fn find_vendor(
    provider: &str,
    model: &str,
    models: fn(&'static Profile) -> &'static [&'static str],
) -> Result<&'static Profile, Fault> {
    if provider.trim().is_empty() {
        let knows = |profile: &&'static Profile| models(profile).contains(&model);
        return PROFILES.iter().find(knows).ok_or_else(|| {
            Fault::missing(format!("it is not said which provider has the model '{model}'")).at_field("model")
        });
    }
    profile(provider).ok_or_else(|| {
        let known: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
        Fault::unsupported(format!("there is no provider '{provider}'; there are: {}", known.join(", ")))
            .at_field("model")
    })
}

/// The key: what the node says (a key, or the name of a variable), else the vendor's variable.
pub async fn find_key(profile: &Profile, given: &str, cx: &Cx) -> Result<Secret, Fault> {
    let given = given.trim();
    if !given.is_empty() {
        if !is_variable_name(given) {
            return Ok(Secret::new(given));
        }
        if let Some(variable) = cx.variables().get(given).await? {
            return Ok(variable.value);
        }
        // A name in capitals is a variable that is gone, not a key.
        if given.chars().any(|c| c.is_ascii_lowercase()) {
            return Ok(Secret::new(given));
        }
    }
    if !profile.key_variable.is_empty()
        && let Some(variable) = cx.variables().get(profile.key_variable).await?
        && !variable.value.is_empty()
    {
        return Ok(variable.value);
    }
    if profile.quirks.keyless {
        return Ok(Secret::default());
    }
    Err(Fault::missing(format!(
        "{} needs an API key: enter one in the component, or store it as the variable {}",
        profile.name, profile.key_variable
    ))
    .at_field("api_key"))
}

fn is_variable_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

async fn find_base_url(profile: &Profile, ask: &ModelAsk<'_>, cx: &Cx) -> Result<String, Fault> {
    let own = match profile.name {
        "Ollama" => or(ask.base_url, ask.ollama_base_url),
        // The field has an address by default, the variable only where somebody set it.
        "IBM WatsonX" if ask.watsonx_url != super::watsonx::ENDPOINTS[0] => ask.watsonx_url,
        _ => ask.base_url,
    };
    if !own.trim().is_empty() {
        return Ok(own.trim().to_owned());
    }
    variable_base_url(profile, cx).await
}

/// The address from the vendor's variable; empty where there is none.
pub async fn variable_base_url(profile: &Profile, cx: &Cx) -> Result<String, Fault> {
    match profile.base_url_variable {
        Some(name) => {
            Ok(cx.variables().get(name).await?.map_or_else(String::new, |v| v.value.expose().to_owned()))
        }
        None => Ok(String::new()),
    }
}
