//! The model a user prefers, one of each kind.

use crate::{App, AppError, AppResult, Principal, variables};
use langflow_core::capability::ModelKind;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A preferred model, in the form it is stored and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultModel {
    pub model_name: String,
    pub provider: String,
    /// `language` or `embedding`.
    pub model_type: String,
}

fn variable(kind: ModelKind) -> &'static str {
    match kind {
        ModelKind::Language => "__default_language_model__",
        ModelKind::Embedding => "__default_embedding_model__",
    }
}

/// The preferred model of this kind, if there is one and its provider is known.
pub async fn find_default(
    app: &App,
    principal: &Principal,
    kind: ModelKind,
) -> AppResult<Option<DefaultModel>> {
    let text = variables::find_internal(app, principal.user_id, variable(kind)).await?;
    let model: Option<DefaultModel> = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(model.filter(|model| app.providers.find(&model.provider).is_some()))
}

/// # Errors
/// 404: there is no such provider.
pub async fn set_default(
    app: &App,
    principal: &Principal,
    kind: ModelKind,
    model: &DefaultModel,
) -> AppResult<()> {
    if app.providers.find(&model.provider).is_none() {
        return Err(AppError::not_found("Model provider not found"));
    }
    let text = json!(model).to_string();
    variables::put_internal(app, principal.user_id, variable(kind), Some(text)).await
}

pub async fn clear_default(app: &App, principal: &Principal, kind: ModelKind) -> AppResult<()> {
    variables::put_internal(app, principal.user_id, variable(kind), None).await
}
