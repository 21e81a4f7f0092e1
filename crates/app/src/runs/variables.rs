//! Global variables of a run (engine.md 2.9).

use crate::App;
use langflow_core::run::Variables;
use langflow_core::run::ports::Variable;
use langflow_core::{Fault, FaultKind, Secret, async_trait};
use langflow_store::variables::{self, VariableKind};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Request overrides, then the user's variables, then the environment where the operator allows it.
pub struct RunVariables {
    pub app: Arc<App>,
    pub owner: Uuid,
    /// From headers of the request, by upper-case name.
    pub overrides: HashMap<String, Secret>,
}

/// Names of the environment that flows never see, whatever their case.
const DENIED: [&str; 36] = [
    "DATABASE_URL",
    "SECRET_KEY",
    "POSTGRES_PASSWORD",
    "PGPASSWORD",
    "MYSQL_PWD",
    "MYSQL_ROOT_PASSWORD",
    "REDIS_URL",
    "REDIS_PASSWORD",
    "MONGODB_URI",
    "MONGO_URL",
    "PGVECTOR_CONNECTION_STRING",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GCP_SA_KEY",
    "AZURE_CLIENT_SECRET",
    "JWT_SECRET",
    "JWT_SECRET_KEY",
    "SESSION_SECRET",
    "SIGNING_KEY",
    "ENCRYPTION_KEY",
    "CLIENT_SECRET",
    "OAUTH_CLIENT_SECRET",
    "GOOGLE_CLIENT_SECRET",
    "GITHUB_CLIENT_SECRET",
    "SMTP_HOST",
    "SMTP_USER",
    "SMTP_USERNAME",
    "SMTP_PASSWORD",
    "SMTP_PORT",
    "SMTP_URL",
    "EMAIL_HOST_PASSWORD",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GITLAB_TOKEN",
];

/// Whether a flow may read this name from the environment.
pub fn may_read_environment(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    !name.starts_with("LANGFLOW_")
        && !name.starts_with("LFX_")
        && !name.ends_with("CLIENT_SECRET")
        && !DENIED.contains(&name.as_str())
}

#[async_trait]
impl Variables for RunVariables {
    async fn get(&self, name: &str) -> Result<Option<Variable>, Fault> {
        if let Some(value) = self.overrides.get(&name.to_ascii_uppercase()) {
            return Ok(Some(Variable { value: value.clone(), is_credential: false }));
        }
        let stored = variables::find_by_name(&self.app.store, self.owner, name)
            .await
            .map_err(|error| Fault::new(FaultKind::Unavailable, error.to_string()))?;
        if let Some(stored) = stored {
            let value = self.app.secrets.reveal(&stored.value).map_err(|_| {
                Fault::invalid(format!("The variable '{name}' cannot be decrypted; save its value again"))
            })?;
            let is_credential = stored.kind == VariableKind::Credential;
            return Ok(Some(Variable { value, is_credential }));
        }
        let settings = &self.app.settings.variables;
        if !settings.fallback_to_env_var {
            return Err(Fault::missing(format!("{name} variable not found.")));
        }
        if !may_read_environment(name) {
            return Ok(None);
        }
        Ok(settings
            .environment
            .get(name)
            .map(|value| Variable { value: value.clone(), is_credential: false }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_servers_own_secrets_are_out_of_reach() {
        for name in ["LANGFLOW_SECRET_KEY", "lfx_key", "database_url", "MY_CLIENT_SECRET", "GH_TOKEN"] {
            assert!(!may_read_environment(name), "{name}");
        }
        for name in ["HOME", "OPENAI_API_KEY", "MYVAR"] {
            assert!(may_read_environment(name), "{name}");
        }
    }
}
