//! Answers to a changed model field: the list of models, and the fields of the chosen provider.

use super::pick::ModelPick;
use langflow_core::component::{FromInput as _, InputSpec, RefreshCx, RefreshRequest, SpecPatch};
use langflow_core::{Fault, Json, Value};
use langflow_providers::chat::{PROFILES, Profile};
use serde_json::json;

/// The patch for a node with a model picker. `kind` is `language` or `embedding`.
pub async fn model_fields(
    request: &RefreshRequest,
    cx: &RefreshCx,
    kind: &'static str,
) -> Result<SpecPatch, Fault> {
    let mut patch = SpecPatch::default();
    let mut options = Vec::new();
    for profile in &PROFILES {
        if is_configured(profile, cx).await? {
            options.extend(models(profile, kind).iter().map(|model| option(profile, model)));
        }
    }
    patch.template.insert("model".into(), json!({ "options": options }));
    if request.field == "model" {
        let provider =
            match ModelPick::from_input(Some(Value::from(request.value.clone())), &InputSpec::new("model")) {
                Ok(ModelPick::Named { provider, .. }) => provider,
                _ => String::new(),
            };
        for (field, owner) in [
            ("ollama_base_url", "Ollama"),
            ("base_url_ibm_watsonx", "IBM WatsonX"),
            ("project_id", "IBM WatsonX"),
        ] {
            if request.template.contains_key(field) {
                patch.template.insert(field.into(), json!({ "show": provider == owner }));
            }
        }
    }
    Ok(patch)
}

fn models(profile: &Profile, kind: &str) -> &'static [&'static str] {
    if kind == "embedding" { profile.embedding_models } else { profile.models }
}

async fn is_configured(profile: &Profile, cx: &RefreshCx) -> Result<bool, Fault> {
    if let Some(name) = profile.base_url_variable
        && profile.quirks.keyless
    {
        return Ok(cx.variables.get(name).await?.is_some());
    }
    Ok(cx.variables.get(profile.key_variable).await?.is_some_and(|variable| !variable.value.is_empty()))
}

fn option(profile: &Profile, model: &str) -> Json {
    json!({
        "name": model,
        "icon": profile.icon,
        "category": profile.name,
        "provider": profile.name,
        "metadata": {},
    })
}
