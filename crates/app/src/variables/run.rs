//! Variables as a running flow sees them.

use super::environment::{fallback, names_a_secret};
use super::{Overrides, VariableKind};
use crate::App;
use crate::crypto::KeyRing;
use crate::settings::VariableSettings;
use langflow_core::run::Variables;
use langflow_core::run::ports::Variable;
use langflow_core::{Fault, FaultKind, async_trait};
use langflow_store::{Store, variables as rows};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The variables of one run: of the user it runs as, with what its request gave.
///
/// Make one per run: `RunVariables::new(&app, user_id, overrides)`, where `user_id` is who the flow runs as and
/// `overrides` come from [`Overrides::from_headers`] and the body. The order of a look-up is the reference's:
/// override, the user's variable, the environment where the operator allows it. A value is read once per run,
/// so all nodes see the same.
pub struct RunVariables {
    store: Store,
    secrets: Arc<KeyRing>,
    settings: VariableSettings,
    user_id: Uuid,
    overrides: Overrides,
    seen: Mutex<HashMap<String, Option<Variable>>>,
}

impl RunVariables {
    pub fn new(app: &App, user_id: Uuid, overrides: Overrides) -> Self {
        Self {
            store: app.store.clone(),
            secrets: Arc::clone(&app.secrets),
            settings: app.settings.variables.clone(),
            user_id,
            overrides,
            seen: Mutex::default(),
        }
    }

    async fn look_up(&self, name: &str) -> Result<Option<Variable>, Fault> {
        if let Some(value) = self.overrides.get(name) {
            return Ok(Some(Variable { value: value.clone(), is_credential: false }));
        }
        let stored = rows::find_by_name(&self.store, self.user_id, name).await.map_err(|error| {
            let kind = if error.is_temporary() { FaultKind::Unavailable } else { FaultKind::Bug };
            Fault::new(kind, format!("the variable {name} could not be read")).with_source(error)
        })?;
        if let Some(row) = stored {
            let value = self.secrets.reveal(&row.value).map_err(|error| {
                Fault::new(FaultKind::Unavailable, format!("the variable {name} cannot be decrypted"))
                    .with_source(error)
            })?;
            return Ok(Some(Variable { value, is_credential: row.kind == VariableKind::Credential }));
        }
        if !self.settings.fallback_to_env_var {
            return Err(Fault::missing(format!("{name} variable not found.")));
        }
        let is_credential = names_a_secret(name);
        Ok(fallback(&self.settings, name).map(|value| Variable { value, is_credential }))
    }
}

#[async_trait]
impl Variables for RunVariables {
    async fn get(&self, name: &str) -> Result<Option<Variable>, Fault> {
        if let Some(seen) = self.seen.lock().get(name) {
            return Ok(seen.clone());
        }
        let found = self.look_up(name).await?;
        self.seen.lock().entry(name.to_owned()).or_insert_with(|| found.clone());
        Ok(found)
    }
}
