//! Who may run code of their own.

use crate::settings::CustomComponents;
use crate::{App, AppError, AppResult, Principal};
use langflow_core::run::CodePolicy;
use langflow_core::{Fault, FaultKind, async_trait};
use langflow_store::approved_code;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// The id of a source: SHA-256 of its text without white space around it, hexadecimal.
pub fn code_id(code: &str) -> String {
    Sha256::digest(code.trim().as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether a person may run this code outside a run: for a description, or the change of a field.
///
/// # Errors
/// 403 with what would let them.
pub async fn allow_code(app: &App, who: &Principal, code: &str) -> AppResult<()> {
    allow(app, who.is_superuser, false, code)
        .await
        .map_err(|fault| AppError::forbidden(fault.message()).with_code("custom_code_denied"))
}

async fn allow(app: &App, is_superuser: bool, is_public: bool, code: &str) -> Result<(), Fault> {
    let refuse = |why: &str| Err(Fault::refused(why.to_owned()));
    let mode = app.settings.flows.custom_components;
    if mode == CustomComponents::Off {
        return refuse(
            "Custom Python code does not run in this server: the operator has not turned it on \
             (LANGFLOW_CUSTOM_COMPONENTS)",
        );
    }
    let id = code_id(code);
    if app.folder_components.get().is_some_and(|folders| folders.code.contains(&id)) {
        return Ok(());
    }
    let is_free = !is_public && (mode == CustomComponents::Users || is_superuser);
    if is_free {
        return Ok(());
    }
    let approved = approved_code::is_approved(&app.store, &id).await.map_err(|error| {
        Fault::new(FaultKind::Unavailable, "the list of approved code could not be read").with_source(error)
    })?;
    match (approved, is_public) {
        (true, _) => Ok(()),
        (false, true) => refuse("A public flow runs no custom code that an administrator has not approved"),
        (false, false) => refuse(
            "Custom Python code runs for administrators only here (LANGFLOW_CUSTOM_COMPONENTS), unless an \
             administrator approves it",
        ),
    }
}

/// Whether an administrator let this code run for everybody.
pub(crate) async fn is_approved(app: &App, code: &str) -> AppResult<bool> {
    let id = code_id(code);
    let is_ours = app.folder_components.get().is_some_and(|folders| folders.code.contains(&id));
    Ok(is_ours || approved_code::is_approved(&app.store, &id).await?)
}

/// What a run may execute.
pub(crate) struct RunCode {
    pub app: Arc<App>,
    pub is_superuser: bool,
    /// Somebody without an account started it.
    pub is_public: bool,
}

#[async_trait]
impl CodePolicy for RunCode {
    async fn allow(&self, code: &str) -> Result<(), Fault> {
        allow(&self.app, self.is_superuser, self.is_public, code).await
    }
}
