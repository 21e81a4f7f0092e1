//! Answers to a changed model field: the list of models, and the fields of the chosen provider.

use super::pick::ModelPick;
use langflow_core::capability::{ModelKind, ProviderValues};
use langflow_core::component::{FromInput as _, InputSpec, RefreshCx, RefreshRequest, SpecPatch};
use langflow_core::{Fault, Json, JsonMap, Secret, Value};
use langflow_providers::chat::profile;
use serde_json::json;

/// The patch for a node with a model picker.
pub async fn model_fields(
    request: &RefreshRequest,
    cx: &RefreshCx,
    kind: ModelKind,
) -> Result<SpecPatch, Fault> {
    let mut patch = SpecPatch::default();
    let options = cx.models.options(kind).await?;
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

/// Fields of a vendor's component that its list of models depends on.
#[derive(Clone, Copy, Debug)]
pub struct VendorFields {
    /// Name of the profile.
    pub vendor: &'static str,
    pub kind: ModelKind,
    pub model: &'static str,
    pub key: &'static str,
    /// Empty where the address cannot be changed.
    pub base_url: &'static str,
    /// Put behind a base URL that names the host alone.
    pub below_host: &'static str,
}

impl VendorFields {
    /// Of a vendor of chat models, under the usual names of fields.
    pub fn of(vendor: &'static str) -> Self {
        Self {
            vendor,
            kind: ModelKind::Language,
            model: "model_name",
            key: "api_key",
            base_url: "",
            below_host: "",
        }
    }
}

/// The patch for a vendor's component: the models that the vendor offers now, asked with the key in the node.
/// A vendor that cannot be asked leaves the list as it is.
pub async fn vendor_models(
    request: &RefreshRequest,
    cx: &RefreshCx,
    fields: VendorFields,
) -> Result<SpecPatch, Fault> {
    let mut patch = SpecPatch::default();
    if ![fields.model, fields.key, fields.base_url].contains(&request.field.as_str()) {
        return Ok(patch);
    }
    let Some(profile) = profile(fields.vendor) else { return Ok(patch) };
    let mut values = ProviderValues::new();
    let key = value_of(&request.template, fields.key, cx).await?;
    values.insert(profile.key_variable.to_owned(), key);
    let address = value_of(&request.template, fields.base_url, cx).await?;
    let mut address = address.expose().trim().trim_end_matches('/').to_owned();
    if !address.is_empty() && !address.ends_with(fields.below_host) && !address.ends_with("/v1") {
        address.push_str(fields.below_host);
    }
    let moved = profile.base_url_variable.unwrap_or(langflow_providers::models::BASE_URL);
    values.insert(moved.to_owned(), Secret::new(address));
    let offered = cx.models.offered(fields.vendor, fields.kind, values).await;
    match offered {
        Ok(names) if !names.is_empty() => {
            patch.template.insert(fields.model.into(), json!({ "options": names }));
        }
        // The button was pressed: say why nothing happens.
        Err(fault) if request.field == fields.model && has_key(&request.template, fields.key) => {
            return Err(fault);
        }
        _ => {}
    }
    Ok(patch)
}

fn has_key(template: &JsonMap, field: &str) -> bool {
    text_of(template, field).is_some_and(|text| !text.is_empty())
}

fn text_of<'t>(template: &'t JsonMap, field: &str) -> Option<&'t str> {
    template.get(field)?.get("value").and_then(Json::as_str)
}

/// The text of a field, or the value of the variable it names.
async fn value_of(template: &JsonMap, field: &str, cx: &RefreshCx) -> Result<Secret, Fault> {
    let Some(text) = text_of(template, field).filter(|text| !text.is_empty()) else {
        return Ok(Secret::default());
    };
    let names_variable = template.get(field).and_then(|field| field.get("load_from_db"));
    if names_variable.and_then(Json::as_bool).unwrap_or_default() {
        return Ok(cx.variables.get(text).await?.map(|variable| variable.value).unwrap_or_default());
    }
    Ok(Secret::new(text))
}
