//! Settings of the server of a project: which flows are tools, under which names, and who may call them.

use super::names;
use crate::client::Client;
use crate::crypto::KeyRing;
use crate::crypto::keyring::is_token;
use crate::projects::{Project, door, not_found};
use crate::{App, AppResult, Principal};
use langflow_core::clock::Clock;
use langflow_core::{JsonMap, Secret};
use langflow_store::flows::{self, FlowFilter};
use langflow_store::{RawJson, projects};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What stands in place of a secret in answers, and in a change leaves it as it is.
const MASK: &str = "*******";
/// Members of the settings that are stored encrypted and never shown.
const SECRETS: [&str; 2] = ["oauth_client_secret", "api_key"];

/// How clients of a project's server identify themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthType {
    None,
    Apikey,
    /// Kept for flows that come from or go to an installation with an OAuth composer; here a key is asked for.
    Oauth,
}

/// Settings of authentication, secrets masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthSettings {
    pub auth_type: AuthType,
    #[serde(default)]
    pub oauth_host: Option<String>,
    #[serde(default)]
    pub oauth_port: Option<String>,
    #[serde(default)]
    pub oauth_server_url: Option<String>,
    #[serde(default)]
    pub oauth_callback_path: Option<String>,
    #[serde(default)]
    pub oauth_callback_url: Option<String>,
    #[serde(default)]
    pub oauth_client_id: Option<String>,
    #[serde(default)]
    pub oauth_client_secret: Option<String>,
    #[serde(default)]
    pub oauth_auth_url: Option<String>,
    #[serde(default)]
    pub oauth_token_url: Option<String>,
    #[serde(default)]
    pub oauth_mcp_scope: Option<String>,
    #[serde(default)]
    pub oauth_provider_scope: Option<String>,
}

/// A flow in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToolSettings {
    pub id: Uuid,
    pub mcp_enabled: Option<bool>,
    pub action_name: String,
    pub action_description: String,
    pub name: String,
    pub description: Option<String>,
}

/// All settings of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProjectMcp {
    pub tools: Vec<ToolSettings>,
    pub auth_settings: Option<AuthSettings>,
    pub server_name: String,
}

/// New settings of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolSettingsChange {
    pub id: Uuid,
    pub mcp_enabled: bool,
    pub action_name: Option<String>,
    pub action_description: Option<String>,
}

/// New settings of a project; `None` leaves authentication as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectMcpChange {
    pub tools: Vec<ToolSettingsChange>,
    pub auth_settings: Option<AuthSettings>,
}

/// The settings of a project of the caller; all flows, or those that are tools.
pub async fn read_settings(
    app: &App,
    who: &Principal,
    project: Uuid,
    enabled_only: bool,
) -> AppResult<ProjectMcp> {
    let found = projects::find(&app.store, who.user_id, project).await?.ok_or_else(not_found)?;
    let filter = FlowFilter {
        project_id: Some(project),
        is_component: Some(false),
        mcp_enabled: enabled_only.then_some(true),
        ..FlowFilter::default()
    };
    let full = |text: &String| !text.is_empty();
    let tool = |flow: flows::FlowHeader| {
        let clean = names::clean(&flow.name);
        ToolSettings {
            id: flow.id,
            mcp_enabled: flow.mcp_enabled,
            action_description: flow
                .action_description
                .filter(full)
                .or_else(|| flow.description.clone().filter(full))
                .unwrap_or_else(|| format!("Tool generated from flow: {clean}")),
            action_name: flow.action_name.filter(full).map_or(clean, |name| names::clean(&name)),
            name: flow.name,
            description: flow.description,
        }
    };
    let flows = flows::list_headers(&app.store, who.user_id, &filter).await?.items;
    Ok(ProjectMcp {
        tools: flows.into_iter().map(tool).collect(),
        auth_settings: stored(&found).map(masked_settings),
        server_name: names::server_name(&found.name),
    })
}

/// Changes them; how many flows were changed. Flows that are not of the project are passed over.
pub async fn change_settings(
    app: &App,
    who: &Principal,
    client: &Client,
    project: Uuid,
    change: ProjectMcpChange,
) -> AppResult<usize> {
    let (owner, now) = (who.user_id, app.clock.now());
    let (who, client) = (who.clone(), client.clone());
    let (ring, clock) = (app.secrets.clone(), app.clock.clone());
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut found = projects::lock(tx, owner, project).await?.ok_or_else(not_found)?;
                if let Some(auth) = change.auth_settings {
                    let new = serde_json::to_value(auth).map_err(crate::AppError::internal)?;
                    let sealed = seal(&ring, &*clock, new, found.auth_settings.as_ref())?;
                    let before = found.auth_settings.replace(sealed);
                    found.updated_at = now;
                    door::record(tx, &who, &client, before.as_ref(), &found, now).await?;
                    projects::save(tx, &found).await?;
                }
                let mut changed = 0;
                for tool in change.tools {
                    let Some(mut flow) = flows::lock(tx, owner, tool.id).await? else { continue };
                    if flow.project_id != Some(project) {
                        continue;
                    }
                    flow.mcp_enabled = Some(tool.mcp_enabled);
                    flow.action_name = tool.action_name;
                    flow.action_description = tool.action_description;
                    flow.updated_at = now;
                    changed += usize::from(flows::save(tx, &flow).await?);
                }
                Ok(changed)
            })
        })
        .await
}

/// The settings of a project as stored: secrets are tokens.
pub(super) fn stored(project: &Project) -> Option<AuthSettings> {
    project.auth_settings.as_ref()?.read().ok()
}

/// Encrypts the secrets of new settings; a masked one stays what it was.
pub(crate) fn seal(
    ring: &KeyRing,
    clock: &dyn Clock,
    new: Value,
    old: Option<&RawJson>,
) -> AppResult<RawJson> {
    let Value::Object(mut new) = new else { return Ok(RawJson::from(new)) };
    let old: JsonMap = old.and_then(|old| old.read().ok()).unwrap_or_default();
    for key in SECRETS {
        let Some(text) = new.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()) else {
            continue;
        };
        let kept = if is_mask(text) { old.get(key).cloned().unwrap_or_default() } else { Value::Null };
        let sealed = match kept {
            Value::Null if is_mask(text) => Value::Null,
            Value::Null if is_token(text) && ring.decrypt(text).is_some() => Value::from(text),
            Value::Null => Value::from(ring.encrypt(&Secret::new(text), clock)?),
            kept => kept,
        };
        new.insert(key.to_owned(), sealed);
    }
    Ok(RawJson::from(Value::Object(new)))
}

fn is_mask(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'*')
}

/// Stored settings as they may be shown.
pub fn masked(stored: &RawJson) -> Value {
    let mut value: Value = stored.read().unwrap_or_default();
    for key in SECRETS {
        if let Some(secret) =
            value.get_mut(key).filter(|secret| secret.as_str().is_some_and(|s| !s.is_empty()))
        {
            *secret = Value::from(MASK);
        }
    }
    value
}

fn masked_settings(mut settings: AuthSettings) -> AuthSettings {
    if let Some(secret) = settings.oauth_client_secret.as_mut().filter(|secret| !secret.is_empty()) {
        MASK.clone_into(secret);
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::clock::SystemClock;
    use serde_json::json;

    #[test]
    fn secrets_are_sealed_masked_and_kept() {
        let ring = KeyRing::new(&Secret::new("a secret"), &[]).unwrap();
        let clock = SystemClock;
        let sealed =
            seal(&ring, &clock, json!({"auth_type": "oauth", "oauth_client_secret": "hush"}), None).unwrap();
        assert!(!sealed.get().contains("hush"));
        assert_eq!(masked(&sealed)["oauth_client_secret"], MASK);
        let again = json!({"auth_type": "apikey", "oauth_client_secret": MASK});
        let kept = seal(&ring, &clock, again, Some(&sealed)).unwrap();
        let token: JsonMap = kept.read().unwrap();
        let token = token["oauth_client_secret"].as_str().unwrap().to_owned();
        assert_eq!(ring.decrypt(&token).unwrap().expose(), "hush");
    }
}
