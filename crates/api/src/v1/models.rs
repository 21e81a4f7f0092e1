//! Models and their providers.

mod answer;

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::fields::{Fields, problem, unprocessable};
use crate::extract::json::JsonBody;
use crate::extract::query::Query;
use crate::routes::Routes;
use answer::{
    ChosenModels, DefaultModelRead, EnabledModels, ModelStates, ProviderDescriptor, ProviderRead,
    ProviderStatus, ProviderVariableRead, Validation, kind_word,
};
use axum::Json;
use axum::extract::State;
use indexmap::IndexMap;
use langflow_app::models::{self, Choice, DefaultModel, UserModel, UserProvider};
use langflow_app::{App, AppResult};
use langflow_core::Secret;
use langflow_core::capability::{ModelKind, OfferedModel, ProviderInfo, ProviderValues};
use serde_json::{Value, json};
use utoipa_axum::routes;

/// Characters of a provider's or model's name.
const LONGEST_NAME: usize = 200;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_models))
        .add(Access::Session, routes!(list_provider_names))
        .add(Access::Session, routes!(list_provider_descriptors))
        .add(Access::Session, routes!(map_provider_variables))
        .add(Access::Session, routes!(list_enabled_providers))
        .add(Access::Session, routes!(validate_provider))
        .add(Access::Session, routes!(list_enabled_models, choose_models))
        .add(Access::Session, routes!(find_default_model, set_default_model, clear_default_model))
        .add(Access::Session, routes!(list_language_options))
        .add(Access::Session, routes!(list_embedding_options))
}

/// Which models a list shows.
struct Filter {
    providers: Vec<String>,
    model_name: Option<String>,
    kind: Option<ModelKind>,
    include_deprecated: bool,
    include_unsupported: bool,
    /// By the names of flags.
    flags: Vec<(&'static str, bool)>,
}

impl Filter {
    fn read(query: &mut Query) -> AppResult<Self> {
        const FLAGS: [&str; 6] =
            ["tool_calling", "reasoning", "search", "preview", "deprecated", "not_supported"];
        Ok(Self {
            providers: query.texts("provider").into_iter().map(str::to_owned).collect(),
            model_name: query.text("model_name").map(str::to_owned),
            kind: match query.text("model_type") {
                Some("llm" | "language") => Some(ModelKind::Language),
                Some("embeddings" | "embedding") => Some(ModelKind::Embedding),
                _ => None,
            },
            include_deprecated: query.boolean("include_deprecated", false),
            include_unsupported: query.boolean("include_unsupported", false),
            flags: FLAGS
                .into_iter()
                .filter_map(|flag| query.maybe_boolean(flag).map(|wanted| (flag, wanted)))
                .collect(),
        })
    }

    fn names_models(&self) -> bool {
        self.model_name.is_some() || !self.flags.is_empty()
    }

    fn takes(&self, model: &OfferedModel) -> bool {
        (self.include_deprecated || !model.deprecated)
            && (self.include_unsupported || !model.not_supported)
            && self.kind.is_none_or(|kind| kind == model.kind)
            && self.model_name.as_ref().is_none_or(|name| *name == model.name)
            && self.flags.iter().all(|(flag, wanted)| has_flag(model, flag) == *wanted)
    }
}

fn has_flag(model: &OfferedModel, flag: &str) -> bool {
    match flag {
        "tool_calling" => model.tools,
        "reasoning" => model.reasoning,
        "search" => model.search,
        "preview" => model.preview,
        "deprecated" => model.deprecated,
        _ => model.not_supported,
    }
}

/// All providers with their models: the default's first, then those that are set up.
#[utoipa::path(get, path = "/api/v1/models", tag = "models",
    params(("provider" = Option<Vec<String>>, Query), ("model_name" = Option<String>, Query),
        ("model_type" = Option<String>, Query), ("include_deprecated" = Option<bool>, Query),
        ("include_unsupported" = Option<bool>, Query), ("tool_calling" = Option<bool>, Query)),
    responses((status = 200, description = "Providers", body = Vec<ProviderRead>)))]
async fn list_models(
    State(app): State<AppState>,
    caller: Caller,
    mut query: Query,
) -> ApiResult<Json<Vec<ProviderRead>>> {
    let filter = Filter::read(&mut query)?;
    query.finish()?;
    let default = match filter.kind {
        Some(kind) => models::find_default(&app, &caller.0, kind).await?,
        None => None,
    };
    let mut providers = models::list_providers(&app, &caller.0).await?;
    providers.retain(|provider| {
        let name = provider.info.name;
        let is_asked = filter.providers.is_empty() || filter.providers.iter().any(|asked| asked == name);
        let has_models = provider.models.iter().any(|model| filter.takes(&model.offered));
        is_asked && provider.info.is_listed && (has_models || !filter.names_models())
    });
    providers.sort_by_key(|provider| {
        let is_default = default.as_ref().is_some_and(|default| default.provider == provider.info.name);
        (!is_default, !provider.is_configured, provider.info.name)
    });
    let shown = |provider: &UserProvider| ProviderRead::new(provider, |model| filter.takes(model));
    Ok(Json(providers.iter().map(shown).collect()))
}

/// Names of all providers, sorted.
#[utoipa::path(get, path = "/api/v1/models/providers", tag = "models",
    responses((status = 200, description = "Names", body = Vec<String>)))]
async fn list_provider_names(State(app): State<AppState>, _caller: Caller) -> Json<Vec<&'static str>> {
    let mut names: Vec<&str> = app.providers.list().iter().map(|info| info.name).collect();
    names.sort_by_key(|name| name.to_lowercase());
    Json(names)
}

/// Stable ids of all providers, sorted by name.
#[utoipa::path(get, path = "/api/v1/models/provider-descriptors", tag = "models",
    responses((status = 200, description = "Ids and names", body = Vec<ProviderDescriptor>)))]
async fn list_provider_descriptors(
    State(app): State<AppState>,
    _caller: Caller,
) -> Json<Vec<ProviderDescriptor>> {
    let mut all: Vec<&ProviderInfo> = app.providers.list().iter().collect();
    all.sort_by_key(|info| info.name.to_lowercase());
    Json(all.into_iter().map(ProviderDescriptor::from).collect())
}

/// The variables that each provider reads.
#[utoipa::path(get, path = "/api/v1/models/provider-variable-mapping", tag = "models",
    responses((status = 200, description = "Variables by provider",
            body = HashMap<String, Vec<ProviderVariableRead>>)))]
async fn map_provider_variables(
    State(app): State<AppState>,
    _caller: Caller,
) -> Json<IndexMap<&'static str, Vec<ProviderVariableRead>>> {
    let shown = |info: &ProviderInfo| {
        (info.name, info.variables.iter().map(ProviderVariableRead::from).collect::<Vec<_>>())
    };
    Json(app.providers.list().iter().map(shown).collect())
}

/// Which providers are set up.
#[utoipa::path(get, path = "/api/v1/models/enabled_providers", tag = "models",
    params(("providers" = Option<Vec<String>>, Query)),
    responses((status = 200, description = "Providers", body = ProviderStatus)))]
async fn list_enabled_providers(
    State(app): State<AppState>,
    caller: Caller,
    query: Query,
) -> ApiResult<Json<ProviderStatus>> {
    let asked = query.texts("providers");
    let mut status = models::provider_status(&app, &caller.0).await?;
    status.retain(|(name, _)| asked.is_empty() || asked.contains(name));
    let enabled = status.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| *name).collect();
    Ok(Json(ProviderStatus { enabled_providers: enabled, provider_status: status.into_iter().collect() }))
}

/// Ask a provider whether it accepts these values.
#[utoipa::path(post, path = "/api/v1/models/validate-provider", tag = "models",
    request_body(content = Object, description = "`{provider, variables}`"),
    responses((status = 200, description = "Whether, and why not", body = Validation),
        (status = 404, description = "No such provider")))]
async fn validate_provider(
    State(app): State<AppState>,
    _caller: Caller,
    body: JsonBody,
) -> ApiResult<Json<Validation>> {
    let mut fields = body.fields()?;
    let provider = name(&mut fields, "provider");
    if !fields.contains("variables") {
        fields.missing("variables");
    }
    let values = read_values(&mut fields);
    fields.finish()?;
    let refusal = models::check_provider(&app, &provider, &values).await?;
    Ok(Json(Validation { valid: refusal.is_none(), error: refusal }))
}

fn read_values(fields: &mut Fields<'_>) -> ProviderValues {
    let mut values = ProviderValues::new();
    for (key, value) in fields.object("variables").flatten().unwrap_or_default() {
        match value {
            Value::String(text) => {
                values.insert(key, Secret::new(text));
            }
            _ => fields.problem("variables", "string_type", "Input should be a valid string"),
        }
    }
    values
}

/// A name that must be there, trimmed.
fn name(fields: &mut Fields<'_>, key: &str) -> String {
    let is_there = fields.contains(key);
    let text = fields.required_text(key).trim().to_owned();
    if is_there && !fields.has_problems() {
        if text.is_empty() {
            fields.value_error(key, "Field cannot be empty");
        } else if text.chars().count() > LONGEST_NAME {
            fields.value_error(key, &format!("Field exceeds maximum length of {LONGEST_NAME} characters"));
        }
    }
    text
}

/// Which models are on, by provider, and by provider and kind.
#[utoipa::path(get, path = "/api/v1/models/enabled_models", tag = "models",
    params(("model_names" = Option<Vec<String>>, Query)),
    responses((status = 200, description = "Models", body = EnabledModels)))]
async fn list_enabled_models(
    State(app): State<AppState>,
    caller: Caller,
    query: Query,
) -> ApiResult<Json<EnabledModels>> {
    let asked = query.texts("model_names");
    let providers = models::list_providers(&app, &caller.0).await?;
    let mut found = EnabledModels::default();
    for provider in &providers {
        let shown = provider.models.iter().filter(|m| asked.is_empty() || asked.contains(&&*m.offered.name));
        let shown: Vec<&UserModel> = shown.collect();
        if shown.is_empty() && (!asked.is_empty() || provider.info.models.is_empty()) {
            continue;
        }
        found.enabled_models.insert(provider.info.name, states(shown.iter().copied()));
        let mut kinds = IndexMap::new();
        for kind in [ModelKind::Language, ModelKind::Embedding] {
            let of_kind = states(shown.iter().copied().filter(|model| model.offered.kind == kind));
            if !of_kind.is_empty() {
                kinds.insert(kind_word(kind), of_kind);
            }
        }
        found.enabled_models_by_type.insert(provider.info.name, kinds);
    }
    Ok(Json(found))
}

fn states<'m>(models: impl Iterator<Item = &'m UserModel>) -> ModelStates {
    let mut states = ModelStates::new();
    for model in models {
        *states.entry(model.offered.name.clone()).or_default() |= model.is_enabled;
    }
    states
}

/// Turn models on and off.
#[utoipa::path(post, path = "/api/v1/models/enabled_models", tag = "models",
    request_body(content = Vec<Object>, description = "Each `{provider, model_id, model_type, enabled}`"),
    responses((status = 200, description = "What differs from the defaults now", body = ChosenModels),
        (status = 400, description = "A provider refuses its key")))]
async fn choose_models(
    State(app): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> ApiResult<Json<ChosenModels>> {
    let choices = read_choices(&body)?;
    let chosen = models::choose_models(&app, &caller.0, &choices).await?;
    Ok(Json(ChosenModels { disabled_models: chosen.disabled, enabled_models: chosen.enabled }))
}

fn read_choices(body: &JsonBody) -> AppResult<Vec<Choice>> {
    let wrapped = format!("{{\"updates\":{}}}", body.text());
    let mut all = Fields::parse(&wrapped, vec![json!("body")])?;
    let Some(items) = all.items("updates").flatten() else {
        return Err(unprocessable(vec![problem(
            "list_type",
            &[json!("body")],
            "Input should be a valid list",
        )]));
    };
    let mut choices = Vec::with_capacity(items.len());
    for mut item in items {
        choices.push(Choice {
            provider: name(&mut item, "provider"),
            model: name(&mut item, "model_id"),
            enabled: item.boolean("enabled").flatten().unwrap_or_default(),
            kind: match item.choice("model_type", &["llm", "embeddings"]).flatten() {
                Some("llm") => Some(ModelKind::Language),
                Some(_) => Some(ModelKind::Embedding),
                None => None,
            },
        });
        if !item.contains("enabled") {
            item.missing("enabled");
        }
        all.absorb(item);
    }
    all.finish()?;
    Ok(choices)
}

fn kind_of(query: &Query) -> ModelKind {
    match query.text("model_type") {
        None | Some("language") => ModelKind::Language,
        Some(_) => ModelKind::Embedding,
    }
}

/// The preferred model.
#[utoipa::path(get, path = "/api/v1/models/default_model", tag = "models",
    params(("model_type" = Option<String>, Query)),
    responses((status = 200, description = "The model, or null", body = DefaultModelRead)))]
async fn find_default_model(
    State(app): State<AppState>,
    caller: Caller,
    query: Query,
) -> ApiResult<Json<DefaultModelRead>> {
    let default_model = models::find_default(&app, &caller.0, kind_of(&query)).await?;
    Ok(Json(DefaultModelRead { default_model }))
}

/// Prefer a model.
#[utoipa::path(post, path = "/api/v1/models/default_model", tag = "models",
    request_body(content = Object, description = "`{provider, model_name, model_type}`"),
    responses((status = 200, description = "The model", body = DefaultModelRead),
        (status = 404, description = "No such provider")))]
async fn set_default_model(
    State(app): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> ApiResult<Json<DefaultModelRead>> {
    let mut fields = body.fields()?;
    let (model_name, provider) = (name(&mut fields, "model_name"), name(&mut fields, "provider"));
    let model_type = fields.required_text("model_type");
    let kind = match model_type.as_str() {
        "embedding" => ModelKind::Embedding,
        "language" => ModelKind::Language,
        _ => {
            if fields.contains("model_type") {
                fields.value_error("model_type", "model_type must be 'language' or 'embedding'");
            }
            ModelKind::Language
        }
    };
    fields.finish()?;
    let model = DefaultModel { model_name, provider, model_type };
    models::set_default(&app, &caller.0, kind, &model).await?;
    Ok(Json(DefaultModelRead { default_model: Some(model) }))
}

/// Prefer no model.
#[utoipa::path(delete, path = "/api/v1/models/default_model", tag = "models",
    params(("model_type" = Option<String>, Query)),
    responses((status = 200, description = "Done", body = DefaultModelRead)))]
async fn clear_default_model(
    State(app): State<AppState>,
    caller: Caller,
    query: Query,
) -> ApiResult<Json<DefaultModelRead>> {
    models::clear_default(&app, &caller.0, kind_of(&query)).await?;
    Ok(Json(DefaultModelRead { default_model: None }))
}

/// The language models a picker offers.
#[utoipa::path(get, path = "/api/v1/model_options/language", tag = "models",
    responses((status = 200, description = "Options", body = Vec<Object>)))]
async fn list_language_options(State(app): State<AppState>, caller: Caller) -> ApiResult<Json<Vec<Value>>> {
    options(&app, &caller, ModelKind::Language).await
}

/// The embedding models a picker offers.
#[utoipa::path(get, path = "/api/v1/model_options/embedding", tag = "models",
    responses((status = 200, description = "Options", body = Vec<Object>)))]
async fn list_embedding_options(State(app): State<AppState>, caller: Caller) -> ApiResult<Json<Vec<Value>>> {
    options(&app, &caller, ModelKind::Embedding).await
}

async fn options(app: &App, caller: &Caller, kind: ModelKind) -> ApiResult<Json<Vec<Value>>> {
    Ok(Json(models::model_options(app, &caller.0, kind).await?))
}
