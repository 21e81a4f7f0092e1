//! Variables from the environment of the server: imported at sign-in, or read when a flow asks.

use super::{Variable, VariableKind, rows, seal};
use crate::audit::Entry;
use crate::settings::VariableSettings;
use crate::{App, AppResult, Client, Principal};
use langflow_core::Secret;
use langflow_store::RawJson;
use serde_json::json;
use std::collections::BTreeMap;

/// Names that are imported without being asked for: the keys of well-known services.
const IMPORTED: [&str; 38] = [
    "ANTHROPIC_API_KEY",
    "ASTRA_DB_API_ENDPOINT",
    "ASTRA_DB_APPLICATION_TOKEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AZURE_AI_FOUNDRY_API_KEY",
    "AZURE_AI_FOUNDRY_API_VERSION",
    "AZURE_AI_FOUNDRY_ENDPOINT",
    "AZURE_OPENAI_API_DEPLOYMENT_NAME",
    "AZURE_OPENAI_API_EMBEDDINGS_DEPLOYMENT_NAME",
    "AZURE_OPENAI_API_INSTANCE_NAME",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_API_VERSION",
    "COHERE_API_KEY",
    "COMETAPI_KEY",
    "COMPOSIO_API_KEY",
    "EMPIRIOLABS_API_KEY",
    "GOOGLE_API_KEY",
    "GROQ_API_KEY",
    "HUGGINGFACEHUB_API_TOKEN",
    "NOVITA_API_KEY",
    "OPENAI_API_KEY",
    "OPENROUTER_API_KEY",
    "OPENROUTER_APP_NAME",
    "OPENROUTER_SITE_URL",
    "PINECONE_API_KEY",
    "SAMBANOVA_API_KEY",
    "SEARCHAPI_API_KEY",
    "SERPAPI_API_KEY",
    "TAVILY_API_KEY",
    "UPSTASH_VECTOR_REST_TOKEN",
    "UPSTASH_VECTOR_REST_URL",
    "VECTARA_API_KEY",
    "VECTARA_CORPUS_ID",
    "VECTARA_CUSTOMER_ID",
    "WATSONX_APIKEY",
    "WATSONX_PROJECT_ID",
    "WATSONX_URL",
];

/// Names that no flow may read from the environment: they are the server's own secrets.
const DENIED: [&str; 36] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AZURE_CLIENT_SECRET",
    "CLIENT_SECRET",
    "DATABASE_URL",
    "DATABASE_PASSWORD",
    "DB_PASSWORD",
    "EMAIL_HOST_PASSWORD",
    "ENCRYPTION_KEY",
    "GCP_SA_KEY",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GITLAB_TOKEN",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "JWT_SECRET",
    "JWT_SECRET_KEY",
    "MONGODB_URI",
    "MONGO_URL",
    "MYSQL_PWD",
    "MYSQL_PASSWORD",
    "MYSQL_ROOT_PASSWORD",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGVECTOR_CONNECTION_STRING",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "REDIS_URL",
    "SECRET_KEY",
    "SESSION_SECRET",
    "SIGNING_KEY",
    "SMTP_PASSWORD",
    "SSH_PRIVATE_KEY",
    "PRIVATE_KEY",
    "VAULT_TOKEN",
];
const DENIED_PREFIXES: [&str; 3] = ["LANGFLOW_", "LFX_", "SMTP_"];
/// How names of secrets end, as those of [`IMPORTED`] do.
const SECRET_ENDINGS: [&str; 7] = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "CREDENTIALS"];
const DENIED_SUFFIX: &str = "CLIENT_SECRET";

/// What a flow reads under a name that its user has no variable for, where the operator allows it.
pub(crate) fn fallback(settings: &VariableSettings, name: &str) -> Option<Secret> {
    if !settings.fallback_to_env_var || is_denied(name) {
        return None;
    }
    settings.environment.get(name).filter(|value| !value.is_empty()).cloned()
}

fn is_denied(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    DENIED.contains(&name.as_str())
        || DENIED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name.ends_with(DENIED_SUFFIX)
}

/// Whether the environment holds a secret under this name, going by the name: flows may use it and not show it.
pub(crate) fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Values of the environment that become variables, by name.
fn importable(settings: &VariableSettings) -> BTreeMap<&str, Secret> {
    let asked = settings.variables_to_get_from_environment.iter().map(|name| name.trim());
    IMPORTED
        .into_iter()
        .chain(asked)
        // The server's own secrets are no variables, whoever lists them.
        .filter(|name| !name.is_empty() && !DENIED_PREFIXES.iter().any(|own| name.starts_with(own)))
        .filter_map(|name| {
            let value = settings.environment.get(name)?.expose().trim();
            (!value.is_empty()).then(|| (name, Secret::new(value)))
        })
        .collect()
}

/// Makes Credentials of the listed variables of the environment, and brings those up to date that were made so
/// and not edited since. A user's own edit is never overwritten.
pub async fn import_from_environment(app: &App, principal: &Principal, client: &Client) -> AppResult<()> {
    let user_id = principal.user_id;
    let settings = &app.settings.variables;
    if !settings.store_environment_variables {
        return Ok(());
    }
    let found = importable(settings);
    if found.is_empty() {
        return Ok(());
    }
    let known: BTreeMap<String, Variable> =
        rows::list(&app.store, user_id).await?.into_iter().map(|row| (row.name.clone(), row)).collect();
    let now = app.clock.now();
    let (mut made, mut changed) = (Vec::new(), Vec::new());
    for (name, value) in found {
        match known.get(name) {
            None => made.push(Variable {
                id: app.ids.random(),
                user_id,
                name: name.to_owned(),
                kind: VariableKind::Credential,
                value: seal(app, VariableKind::Credential, &value)?,
                default_fields: RawJson::from(json!([])),
                category: None,
                is_environment_managed: true,
                created_at: now,
                updated_at: now,
            }),
            Some(row) if row.is_environment_managed && !is_same(app, row, &value) => {
                let value = seal(app, VariableKind::Credential, &value)?;
                changed.push(Variable { value, updated_at: now, ..row.clone() });
            }
            Some(_) => {}
        }
    }
    if made.is_empty() && changed.is_empty() {
        return Ok(());
    }
    let names: Vec<&String> = made.iter().chain(&changed).map(|row| &row.name).collect();
    let entry = Entry::new(now, "import.variables", "user", user_id)
        .by(principal, client)
        .with(json!({ "names": names }));
    app.store
        .write(move |tx| {
            Box::pin(async move {
                for row in &made {
                    // Another request may have been first.
                    if rows::find_by_name(tx, user_id, &row.name).await?.is_none() {
                        rows::insert(tx, row).await?;
                    }
                }
                for row in &changed {
                    rows::save(tx, row).await?;
                }
                entry.append(tx).await
            })
        })
        .await?;
    Ok(())
}

fn is_same(app: &App, row: &Variable, value: &Secret) -> bool {
    app.secrets.reveal(&row.value).is_ok_and(|stored| &stored == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn settings(pairs: &[(&str, &str)]) -> VariableSettings {
        let environment = pairs.iter().map(|(k, v)| ((*k).to_owned(), Secret::new(*v))).collect();
        VariableSettings { environment: Arc::new(environment), ..VariableSettings::default() }
    }

    #[test]
    fn the_servers_own_secrets_are_never_read() {
        let names =
            ["HOME", "LANGFLOW_CONFIG_DIR", "langflow_secret_key", "DATABASE_URL", "database_url", "EMPTY"];
        let pairs: Vec<(&str, &str)> =
            names.iter().map(|name| (*name, if *name == "EMPTY" { "" } else { "x" })).collect();
        let mut settings = settings(&pairs);
        let readable: Vec<&str> =
            names.into_iter().filter(|name| fallback(&settings, name).is_some()).collect();
        assert_eq!(readable, ["HOME"]);
        settings.fallback_to_env_var = false;
        assert_eq!(fallback(&settings, "HOME"), None);
    }

    #[test]
    fn listed_names_are_added_to_the_built_in_ones() {
        let mut settings = settings(&[
            ("OPENAI_API_KEY", " sk-1 "),
            ("GROQ_API_KEY", "  "),
            ("FOO_VAR", "f"),
            ("OTHER", "o"),
            ("LANGFLOW_SECRET_KEY", "s"),
        ]);
        settings.variables_to_get_from_environment = vec!["FOO_VAR".into(), "LANGFLOW_SECRET_KEY".into()];
        let names: Vec<(&str, String)> = importable(&settings)
            .into_iter()
            .map(|(name, value)| (name, value.expose().to_owned()))
            .collect();
        assert_eq!(names, [("FOO_VAR", "f".into()), ("OPENAI_API_KEY", "sk-1".into())]);
    }
}
