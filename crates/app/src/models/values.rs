//! Values of the variables that providers read.

use crate::variables::environment;
use crate::{App, AppResult};
use langflow_core::capability::{ProviderInfo, ProviderValues};
use langflow_store::variables as rows;
use uuid::Uuid;

/// Values of one provider: of the user, else of the environment where the operator allows it.
pub async fn provider_values(app: &App, owner: Uuid, info: &ProviderInfo) -> AppResult<ProviderValues> {
    let names = info.variables.iter().map(|variable| variable.key.to_owned()).collect();
    read(app, owner, names).await
}

/// Values of all providers.
pub(super) async fn all_values(app: &App, owner: Uuid) -> AppResult<ProviderValues> {
    let variables = app.providers.list().iter().flat_map(|info| &info.variables);
    read(app, owner, variables.map(|variable| variable.key.to_owned()).collect()).await
}

/// Those that one provider reads: no provider sees the key of another.
pub(super) fn values_for(info: &ProviderInfo, all: &ProviderValues) -> ProviderValues {
    let own = |name: &str| info.variables.iter().any(|variable| variable.key == name);
    all.iter().filter(|(name, _)| own(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

async fn read(app: &App, owner: Uuid, names: Vec<String>) -> AppResult<ProviderValues> {
    let mut values = ProviderValues::new();
    for row in rows::find_by_names(&app.store, owner, &names).await? {
        // A value of another secret key counts as not there.
        if let Ok(value) = app.secrets.reveal(&row.value) {
            values.insert(row.name, value);
        }
    }
    for name in names {
        if !values.contains_key(&name)
            && let Some(value) = environment::fallback(&app.settings.variables, &name)
        {
            values.insert(name, value);
        }
    }
    Ok(values)
}
