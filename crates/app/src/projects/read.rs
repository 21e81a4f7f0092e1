//! Looking projects up.

use super::{Project, default_project, not_found};
use crate::ctx::App;
use crate::error::AppResult;
use crate::principal::Principal;
use langflow_store::projects;
use uuid::Uuid;

/// All of the caller, the default one first.
pub async fn list_projects(app: &App, who: &Principal) -> AppResult<Vec<Project>> {
    default_project(app, who).await?;
    Ok(projects::list(&app.store, who.user_id).await?)
}

pub async fn find_project(app: &App, who: &Principal, id: Uuid) -> AppResult<Project> {
    projects::find(&app.store, who.user_id, id).await?.ok_or_else(not_found)
}
