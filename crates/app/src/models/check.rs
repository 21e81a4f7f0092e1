//! Asking a provider whether it accepts what a user enters.

use super::values::provider_values;
use crate::{App, AppError, AppResult, ErrorKind};
use langflow_core::capability::{ProviderInfo, ProviderValues};
use langflow_core::{Fault, FaultKind, Secret};
use uuid::Uuid;

/// Whether the provider accepts these values: `None`, or the sentence that says why not.
///
/// A provider that cannot be reached says nothing about a key, so the key passes; an address that does not
/// answer does not.
///
/// # Errors
/// 404: there is no such provider.
pub async fn check_provider(app: &App, provider: &str, values: &ProviderValues) -> AppResult<Option<String>> {
    let info = app
        .providers
        .find(provider)
        .ok_or_else(|| AppError::new(ErrorKind::NotFound, "Model provider not found"))?;
    Ok(check(app, info, values).await)
}

pub(super) async fn check(app: &App, info: &ProviderInfo, values: &ProviderValues) -> Option<String> {
    let fault = app.providers.check(info.name, values).await.err()?;
    tracing::info!(provider = info.name, %fault, "{} did not accept its settings", info.name);
    refusal(info, &fault)
}

fn refusal(info: &ProviderInfo, fault: &Fault) -> Option<String> {
    let name = info.name;
    let needs_address = info.variables.iter().any(|variable| variable.required && !variable.is_secret);
    match (fault.kind(), fault.reply().map(|reply| reply.status)) {
        (FaultKind::Unauthorised, Some(401)) | (FaultKind::Invalid, Some(400)) => {
            Some(format!("Invalid API key for {name}"))
        }
        (FaultKind::Refused, _) => Some(fault.message().to_owned()),
        _ if needs_address => Some(format!("Invalid {name} settings: {}", fault.message())),
        _ => None,
    }
}

/// Checks a variable about to be stored, where it is the main one of a provider.
///
/// # Errors
/// 400: the provider refuses it.
pub async fn check_variable(app: &App, owner: Uuid, name: &str, value: &Secret) -> AppResult<()> {
    let is_main = |info: &&ProviderInfo| info.main_variable().is_some_and(|variable| variable.key == name);
    let Some(info) = app.providers.list().iter().find(is_main) else { return Ok(()) };
    let mut values = provider_values(app, owner, info).await?;
    values.insert(name.to_owned(), value.clone());
    // A provider that needs more than this variable can be asked only when all of it is there.
    if !info.is_configured(&values) {
        return Ok(());
    }
    match check(app, info, &values).await {
        Some(why) => Err(AppError::bad_request(why)),
        None => Ok(()),
    }
}
