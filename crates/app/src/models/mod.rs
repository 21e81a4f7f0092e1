//! Models and their providers: what there is, what a user has set up, and what they have turned on.
//!
//! A provider is set up when the variables it needs are there. A model is on when its provider is set up and it
//! is a default of the provider that was not turned off, or was turned on. The choices are kept in internal
//! variables of the user, under the names and in the form of Langflow.

mod check;
mod choice;
mod defaults;
mod port;
mod values;

pub use check::{check_provider, check_variable};
pub use choice::{Choice, Chosen, choose_models};
pub use defaults::{DefaultModel, clear_default, find_default, set_default};
pub use port::UserModels;
pub use values::provider_values;

use crate::{App, AppResult, Principal};
use choice::Choices;
use futures::future::join_all;
use langflow_core::capability::{ModelKind, OfferedModel, ProviderInfo};
use langflow_core::{Json, JsonMap};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A provider as a user sees it.
#[derive(Clone, Debug)]
pub struct UserProvider {
    pub info: ProviderInfo,
    /// The variables it needs are there.
    pub is_configured: bool,
    pub models: Vec<UserModel>,
}

/// A model as a user sees it.
#[derive(Clone, Debug)]
pub struct UserModel {
    pub offered: OfferedModel,
    pub is_enabled: bool,
}

/// All providers with their models; those that are set up and say what they have are asked.
pub async fn list_providers(app: &App, principal: &Principal) -> AppResult<Vec<UserProvider>> {
    providers_of(app, principal.user_id).await
}

async fn providers_of(app: &App, owner: Uuid) -> AppResult<Vec<UserProvider>> {
    let choices = Choices::load(app, owner).await?;
    let values = values::all_values(app, owner).await?;
    let asked = app.providers.list().iter().map(|info| async {
        let is_configured = info.is_configured(&values);
        let mut models = if is_configured { offered(app, info, &values).await } else { info.models.clone() };
        choices.add_own(info, &mut models);
        let models = models
            .into_iter()
            .map(|offered| UserModel { is_enabled: is_configured && choices.is_on(info, &offered), offered })
            .collect();
        UserProvider { info: info.clone(), is_configured, models }
    });
    Ok(join_all(asked).await)
}

/// What the provider has; what is known of it where it cannot be asked.
async fn offered(
    app: &App,
    info: &ProviderInfo,
    values: &langflow_core::capability::ProviderValues,
) -> Vec<OfferedModel> {
    let is_elsewhere = || {
        let mut addresses = info.variables.iter().filter(|variable| !variable.is_secret);
        addresses.any(|variable| values.get(variable.key).is_some_and(|value| !value.is_empty()))
    };
    let is_asked = info.is_live || (info.is_live_elsewhere && is_elsewhere());
    if !is_asked {
        return info.models.clone();
    }
    let found = app.providers.discover(info.name, &values::values_for(info, values)).await;
    match found {
        Ok(found) if !found.is_empty() => with_what_is_known(info, &found),
        Ok(_) => info.models.clone(),
        Err(fault) => {
            tracing::debug!(provider = info.name, %fault, "the models of {} could not be listed", info.name);
            info.models.clone()
        }
    }
}

/// Found models know less of themselves than the list does. Where none of them is a known default, the first
/// five of a kind are.
fn with_what_is_known(info: &ProviderInfo, found: &[OfferedModel]) -> Vec<OfferedModel> {
    const DEFAULTS: usize = 5;
    let mut models: Vec<OfferedModel> = found
        .iter()
        .map(|model| {
            let known = info.models.iter().find(|known| known.name == model.name);
            known.cloned().unwrap_or_else(|| model.clone())
        })
        .collect();
    for kind in [ModelKind::Language, ModelKind::Embedding] {
        if !models.iter().any(|model| model.kind == kind && model.is_default) {
            let first = models.iter_mut().filter(|model| model.kind == kind).take(DEFAULTS);
            first.for_each(|model| model.is_default = true);
        }
    }
    models
}

/// Which providers are set up, in their order. Nothing is asked.
pub async fn provider_status(app: &App, principal: &Principal) -> AppResult<Vec<(&'static str, bool)>> {
    let values = values::all_values(app, principal.user_id).await?;
    Ok(app.providers.list().iter().map(|info| (info.name, info.is_configured(&values))).collect())
}

/// What a model picker offers.
pub async fn model_options(app: &App, principal: &Principal, kind: ModelKind) -> AppResult<Vec<Json>> {
    options_of(app, principal.user_id, kind).await
}

async fn options_of(app: &App, owner: Uuid, kind: ModelKind) -> AppResult<Vec<Json>> {
    let providers = providers_of(app, owner).await?;
    Ok(providers
        .iter()
        .flat_map(|provider| provider.models.iter().map(move |model| (provider, model)))
        .filter(|(_, model)| model.is_enabled && model.offered.kind == kind)
        .map(|(provider, model)| option(&provider.info, &model.offered))
        .collect())
}

/// The provider of a model of this name: one the user has turned on, else one that is known to have it.
pub(crate) async fn provider_of(
    app: &App,
    owner: Uuid,
    model: &str,
    kind: ModelKind,
) -> AppResult<Option<&'static str>> {
    if model.is_empty() {
        return Ok(None);
    }
    let providers = providers_of(app, owner).await?;
    let is_it = |offered: &OfferedModel| offered.kind == kind && offered.name == model;
    let on = providers.iter().find(|p| p.models.iter().any(|m| m.is_enabled && is_it(&m.offered)));
    let known = || providers.iter().find(|p| p.models.iter().any(|m| is_it(&m.offered)));
    Ok(on.or_else(known).map(|provider| provider.info.name))
}

fn option(info: &ProviderInfo, model: &OfferedModel) -> Json {
    let key = info.main_variable().map_or("api_key", |variable| variable.parameter);
    let mut metadata = JsonMap::new();
    match model.kind {
        ModelKind::Language => {
            metadata.insert("context_length".into(), json!(128_000));
            metadata.insert("model_class".into(), json!(info.client_class));
            metadata.insert("model_name_param".into(), json!(info.model_parameter));
            metadata.insert("api_key_param".into(), json!(key));
            metadata.insert("max_tokens_field_name".into(), json!(info.max_tokens_parameter));
            if model.reasoning {
                metadata.insert("reasoning".into(), json!(true));
                metadata.insert("reasoning_models".into(), json!([model.name]));
            }
        }
        ModelKind::Embedding => {
            metadata.insert("embedding_class".into(), json!(info.embedding_class));
            let parameters: BTreeMap<&str, &str> =
                [("model", info.model_parameter), ("api_key", key)].into_iter().collect();
            metadata.insert("param_mapping".into(), json!(parameters));
            metadata.insert("model_type".into(), json!("embeddings"));
        }
    }
    json!({
        "name": model.name,
        "icon": info.icon,
        "category": info.name,
        "provider": info.name,
        "metadata": metadata,
        "provider_id": info.id,
    })
}
