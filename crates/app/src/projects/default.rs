//! The default project and the choice of one.

use super::{Project, taken};
use crate::client::Client;
use crate::ctx::App;
use crate::error::AppResult;
use crate::principal::Principal;
use chrono::{DateTime, Utc};
use langflow_core::ids::Ids;
use langflow_store::{Tx, projects};
use std::sync::Arc;
use uuid::Uuid;

const DESCRIPTION: &str = "Manage your own flows. Download and upload projects.";

/// Who makes something, when, and where ids and names come from: all that a transaction needs of the outside.
#[derive(Clone)]
pub(crate) struct Maker {
    pub owner: Uuid,
    pub who: Principal,
    pub client: Client,
    pub now: DateTime<Utc>,
    pub ids: Arc<dyn Ids>,
    pub default_name: String,
}

impl Maker {
    /// `client` is where the request comes from, for the audit log.
    pub fn of(app: &App, who: &Principal, client: &Client) -> Self {
        Self {
            owner: who.user_id,
            who: who.clone(),
            client: client.clone(),
            now: app.clock.now(),
            ids: app.ids.clone(),
            default_name: app.settings.flows.default_folder_name.clone(),
        }
    }
}

/// The default project of the caller, made if there is none.
pub async fn default_project(app: &App, who: &Principal) -> AppResult<Project> {
    if let Some(project) = projects::find_default(&app.store, who.user_id).await? {
        return Ok(project);
    }
    let maker = Maker::of(app, who, &Client::local());
    app.store.write_or(move |tx| Box::pin(async move { find_or_make(tx, &maker).await })).await
}

/// `wanted` if it is the caller's, else their default project.
pub(crate) async fn choose_project(tx: &Tx, maker: &Maker, wanted: Option<Uuid>) -> AppResult<Uuid> {
    if let Some(id) = wanted
        && projects::find(tx, maker.owner, id).await?.is_some()
    {
        return Ok(id);
    }
    Ok(find_or_make(tx, maker).await?.id)
}

async fn find_or_make(tx: &Tx, maker: &Maker) -> AppResult<Project> {
    if let Some(project) = projects::find_default(tx, maker.owner).await? {
        return Ok(project);
    }
    // One of that name made by hand takes the place rather than stand in its way.
    if let Some(mut project) = projects::find_by_name(tx, maker.owner, &maker.default_name).await? {
        project.is_default = true;
        projects::save(tx, &project).await?;
        return Ok(project);
    }
    let project = Project {
        id: maker.ids.random(),
        user_id: Some(maker.owner),
        parent_id: None,
        name: maker.default_name.clone(),
        description: Some(DESCRIPTION.into()),
        auth_settings: None,
        is_default: true,
        created_at: maker.now,
        updated_at: maker.now,
    };
    projects::insert(tx, &project).await.map_err(taken)?;
    Ok(project)
}
