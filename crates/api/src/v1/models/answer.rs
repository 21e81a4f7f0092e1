//! Models and providers in the form of the reference.

use indexmap::IndexMap;
use langflow_app::models::UserProvider;
use langflow_core::capability::{ModelKind, OfferedModel, ProviderInfo, ProviderVariable};
use serde::Serialize;
use utoipa::ToSchema;

/// A provider with its models.
#[derive(Serialize, ToSchema)]
pub struct ProviderRead {
    provider_id: &'static str,
    provider: &'static str,
    icon: &'static str,
    max_tokens_field_name: &'static str,
    variables: Vec<ProviderVariableRead>,
    api_docs_url: &'static str,
    mapping: Mapping,
    num_models: usize,
    models: Vec<ModelRead>,
    is_configured: bool,
    /// It is asked which models there are.
    live_discovery: bool,
    /// One of its models is on.
    is_enabled: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    base_url: &'static str,
}

#[derive(Serialize, ToSchema)]
struct Mapping {
    model_class: &'static str,
    model_param: &'static str,
}

impl ProviderRead {
    /// Of its models those that `takes` takes.
    pub fn new(provider: &UserProvider, takes: impl Fn(&OfferedModel) -> bool) -> Self {
        let info = &provider.info;
        let taken = provider.models.iter().filter(|model| takes(&model.offered));
        let models: Vec<ModelRead> = taken.map(|model| ModelRead::new(info, &model.offered)).collect();
        Self {
            provider_id: info.id,
            provider: info.name,
            icon: info.icon,
            max_tokens_field_name: info.max_tokens_parameter,
            variables: info.variables.iter().map(ProviderVariableRead::from).collect(),
            api_docs_url: info.docs_url,
            mapping: Mapping { model_class: info.client_class, model_param: info.model_parameter },
            num_models: models.len(),
            models,
            is_configured: provider.is_configured,
            live_discovery: info.is_live,
            is_enabled: provider.models.iter().any(|model| model.is_enabled),
            base_url: info.base_url,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ModelRead {
    model_name: String,
    metadata: ModelMetadata,
}

/// What a model can do.
#[derive(Serialize, ToSchema)]
struct ModelMetadata {
    icon: &'static str,
    tool_calling: bool,
    reasoning: bool,
    search: bool,
    preview: bool,
    not_supported: bool,
    deprecated: bool,
    default: bool,
    /// `llm` or `embeddings`.
    model_type: &'static str,
    created: i64,
}

impl ModelRead {
    fn new(info: &ProviderInfo, model: &OfferedModel) -> Self {
        Self {
            model_name: model.name.clone(),
            metadata: ModelMetadata {
                icon: info.model_icon,
                tool_calling: model.tools,
                reasoning: model.reasoning,
                search: model.search,
                preview: model.preview,
                not_supported: model.not_supported,
                deprecated: model.deprecated,
                default: model.is_default,
                model_type: kind_word(model.kind),
                created: 0,
            },
        }
    }
}

pub fn kind_word(kind: ModelKind) -> &'static str {
    match kind {
        ModelKind::Language => "llm",
        ModelKind::Embedding => "embeddings",
    }
}

/// A variable that a provider reads.
#[derive(Serialize, ToSchema)]
pub struct ProviderVariableRead {
    variable_name: &'static str,
    variable_key: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'static str,
    required: bool,
    is_secret: bool,
    is_list: bool,
    options: Vec<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    combobox: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    langchain_param: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    base_url_suffix: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_header: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    header_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    component_metadata: Option<VariableField>,
}

/// The field of components that a variable fills.
#[derive(Serialize, ToSchema)]
struct VariableField {
    mapping_field: &'static str,
    required: bool,
    advanced: bool,
    info: String,
}

impl From<&ProviderVariable> for ProviderVariableRead {
    fn from(variable: &ProviderVariable) -> Self {
        let field = (!variable.field.is_empty()).then(|| VariableField {
            mapping_field: variable.field,
            required: false,
            advanced: true,
            info: format!("Left empty, the variable {} fills it.", variable.key),
        });
        Self {
            variable_name: variable.title,
            variable_key: variable.key,
            description: variable.description,
            required: variable.required,
            is_secret: variable.is_secret,
            is_list: false,
            options: variable.options.to_vec(),
            combobox: !variable.options.is_empty(),
            langchain_param: variable.parameter,
            base_url_suffix: variable.suffix,
            is_header: !variable.header.is_empty(),
            header_name: variable.header,
            component_metadata: field,
        }
    }
}

/// The names of a provider.
#[derive(Serialize, ToSchema)]
pub struct ProviderDescriptor {
    /// Stays when the name changes.
    provider_id: &'static str,
    display_name: &'static str,
    provider: &'static str,
}

impl From<&ProviderInfo> for ProviderDescriptor {
    fn from(info: &ProviderInfo) -> Self {
        Self { provider_id: info.id, display_name: info.name, provider: info.name }
    }
}

/// Which providers are set up.
#[derive(Serialize, ToSchema)]
pub struct ProviderStatus {
    pub enabled_providers: Vec<&'static str>,
    #[schema(value_type = HashMap<String, bool>)]
    pub provider_status: IndexMap<&'static str, bool>,
}

/// Whether a provider takes values, and why not.
#[derive(Serialize, ToSchema)]
pub struct Validation {
    pub valid: bool,
    pub error: Option<String>,
}

/// Whether models are on, by name.
pub type ModelStates = IndexMap<String, bool>;

/// Which models are on.
#[derive(Default, Serialize, ToSchema)]
pub struct EnabledModels {
    /// By provider and model.
    #[schema(value_type = HashMap<String, HashMap<String, bool>>)]
    pub enabled_models: IndexMap<&'static str, ModelStates>,
    /// By provider, kind (`llm`, `embeddings`) and model.
    #[schema(value_type = HashMap<String, HashMap<String, HashMap<String, bool>>>)]
    pub enabled_models_by_type: IndexMap<&'static str, IndexMap<&'static str, ModelStates>>,
}

/// What differs from the defaults; names as `provider::model`.
#[derive(Serialize, ToSchema)]
pub struct ChosenModels {
    pub disabled_models: Vec<String>,
    pub enabled_models: Vec<String>,
}

/// The preferred model.
#[derive(Serialize, ToSchema)]
pub struct DefaultModelRead {
    /// `{model_name, provider, model_type}`
    #[schema(value_type = Option<Object>)]
    pub default_model: Option<langflow_app::models::DefaultModel>,
}
