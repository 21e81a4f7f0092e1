//! Who may speak to the server of a project.

use super::settings::{AuthType, stored};
use crate::principal::Credential;
use crate::{App, AppResult, Principal};
use langflow_store::{projects, users};
use uuid::Uuid;

/// What the server of a project asks of its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectDoor {
    /// Nothing: calls act as the owner.
    Open,
    /// A key of the owner.
    Key,
    /// What the other MCP endpoints ask.
    AsOthers,
}

/// The rule of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectRule {
    pub owner: Uuid,
    pub door: ProjectDoor,
}

/// `None`: there is no such project.
pub async fn project_rule(app: &App, id: Uuid) -> AppResult<Option<ProjectRule>> {
    let Some(project) = projects::find_any(&app.store, id).await? else { return Ok(None) };
    let Some(owner) = project.user_id else { return Ok(None) };
    let door = match stored(&project).map(|settings| settings.auth_type) {
        Some(AuthType::None) if !app.settings.auth.mcp_require_auth => ProjectDoor::Open,
        Some(_) => ProjectDoor::Key,
        None if app.settings.auth.auto_login => ProjectDoor::AsOthers,
        None => ProjectDoor::Key,
    };
    Ok(Some(ProjectRule { owner, door }))
}

/// A caller without credential, who acts as the owner of an open project.
pub async fn owner_of(app: &App, rule: ProjectRule) -> AppResult<Option<Principal>> {
    let user = users::find(&app.store, rule.owner).await?.filter(|user| user.is_active);
    Ok(user.map(|user| Principal {
        user_id: user.id,
        username: user.username,
        is_superuser: false,
        credential: Credential::Anonymous,
    }))
}
