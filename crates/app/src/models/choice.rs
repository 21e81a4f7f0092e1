//! Which models a user has turned on and off.
//!
//! Kept as two lists of keys, `provider::model` or `provider::llm::model` (`embeddings`); lists written by old
//! releases hold bare names.

use super::check::check;
use super::provider_values;
use crate::{App, AppError, AppResult, Principal, variables};
use langflow_core::capability::{ModelKind, OfferedModel, ProviderInfo};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

const DISABLED: &str = "__disabled_models__";
const ENABLED: &str = "__enabled_models__";
/// Choices of one request.
const MOST_CHOICES: usize = 100;

/// A model turned on or off.
#[derive(Clone, Debug)]
pub struct Choice {
    pub provider: String,
    pub model: String,
    pub enabled: bool,
    /// For models that are of both kinds under one name.
    pub kind: Option<ModelKind>,
}

/// The lists after a change.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub disabled: Vec<String>,
    pub enabled: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Choices {
    disabled: BTreeSet<String>,
    enabled: BTreeSet<String>,
}

pub(super) fn word(kind: ModelKind) -> &'static str {
    match kind {
        ModelKind::Language => "llm",
        ModelKind::Embedding => "embeddings",
    }
}

fn key(provider: &str, model: &str, kind: Option<ModelKind>) -> String {
    match kind {
        Some(kind) => format!("{provider}::{}::{model}", word(kind)),
        None => format!("{provider}::{model}"),
    }
}

fn holds(list: &BTreeSet<String>, provider: &str, model: &OfferedModel) -> bool {
    list.contains(&model.name)
        || list.contains(&key(provider, &model.name, None))
        || list.contains(&key(provider, &model.name, Some(model.kind)))
}

impl Choices {
    pub async fn load(app: &App, owner: Uuid) -> AppResult<Self> {
        let read = |text: Option<String>| -> BTreeSet<String> {
            text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
        };
        Ok(Self {
            disabled: read(variables::find_internal(app, owner, DISABLED).await?),
            enabled: read(variables::find_internal(app, owner, ENABLED).await?),
        })
    }

    async fn save(&self, app: &App, owner: Uuid) -> AppResult<()> {
        for (name, list) in [(DISABLED, &self.disabled), (ENABLED, &self.enabled)] {
            let text = (!list.is_empty()).then(|| json!(list).to_string());
            variables::put_internal(app, owner, name, text).await?;
        }
        Ok(())
    }

    pub fn is_on(&self, info: &ProviderInfo, model: &OfferedModel) -> bool {
        let by_itself = model.is_default && !info.needs_explicit_choice;
        !model.deprecated
            && !model.not_supported
            && (by_itself || holds(&self.enabled, info.name, model))
            && !holds(&self.disabled, info.name, model)
    }

    /// Adds models that the user has turned on by names of their own.
    pub fn add_own(&self, info: &ProviderInfo, models: &mut Vec<OfferedModel>) {
        for entry in &self.enabled {
            let Some(rest) = entry.strip_prefix(info.name).and_then(|rest| rest.strip_prefix("::")) else {
                continue;
            };
            let (kind, name) = match rest.split_once("::") {
                Some(("llm", name)) => (ModelKind::Language, name),
                Some(("embeddings", name)) => (ModelKind::Embedding, name),
                _ => (ModelKind::Language, rest),
            };
            if !models.iter().any(|model| model.name == name) {
                models.push(OfferedModel::named(name, kind));
            }
        }
    }

    fn apply(&mut self, info: Option<&ProviderInfo>, choice: &Choice) {
        let Choice { provider, model, enabled, kind } = choice;
        let known = info.into_iter().flat_map(|info| &info.models).find(|known| known.name == *model);
        let by_itself = known.is_some_and(|known| known.is_default)
            && !info.is_some_and(|info| info.needs_explicit_choice);
        let own = key(provider, model, *kind);
        for list in [&mut self.enabled, &mut self.disabled] {
            // A bare name of an old release and, for a choice without a kind, those with one say the same.
            list.remove(model);
            if kind.is_none() {
                list.remove(&key(provider, model, Some(ModelKind::Language)));
                list.remove(&key(provider, model, Some(ModelKind::Embedding)));
            }
            list.remove(&own);
        }
        if !enabled {
            self.disabled.insert(own);
        } else if !by_itself {
            self.enabled.insert(own);
        }
    }
}

/// Turns models on and off. Providers whose models are turned on are asked whether they accept their keys.
///
/// # Errors
/// 400: too many at once, a model that cannot be used, or a provider that refuses its key; 404: no such
/// provider. Nothing is changed then.
pub async fn choose_models(app: &App, principal: &Principal, choices: &[Choice]) -> AppResult<Chosen> {
    if choices.len() > MOST_CHOICES {
        return Err(AppError::bad_request(format!("Cannot update more than {MOST_CHOICES} models at once")));
    }
    let owner = principal.user_id;
    let mut all = Choices::load(app, owner).await?;
    let mut asked = BTreeSet::new();
    for choice in choices {
        let info = app.providers.find(&choice.provider);
        if choice.enabled {
            let info = info.ok_or_else(|| AppError::not_found("Model provider not found"))?;
            check_usable(info, &choice.model)?;
            if asked.insert(info.name) {
                let values = provider_values(app, owner, info).await?;
                if let Some(why) = check(app, info, &values).await {
                    let name = info.name;
                    return Err(AppError::bad_request(format!("Validation failed for {name}: {why}")));
                }
            }
        }
        all.apply(info, choice);
    }
    all.save(app, owner).await?;
    Ok(Chosen { disabled: all.disabled.into_iter().collect(), enabled: all.enabled.into_iter().collect() })
}

fn check_usable(info: &ProviderInfo, model: &str) -> AppResult<()> {
    let known = info.models.iter().find(|known| known.name == model);
    let why = match known {
        Some(known) if known.deprecated => "deprecated",
        Some(known) if known.not_supported => "not supported",
        _ => return Ok(()),
    };
    Err(AppError::bad_request(format!("Cannot enable {why} model: {model}")))
}
