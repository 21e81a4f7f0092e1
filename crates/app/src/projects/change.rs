//! Making, changing and deleting projects.

use super::default::Maker;
use super::{Project, door, not_found, taken};
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult};
use crate::flows::names;
use crate::mcp;
use crate::principal::Principal;
use langflow_store::flows::{self, FlowFilter};
use langflow_store::{RawJson, Tx, projects};
use serde_json::json;
use uuid::Uuid;

/// A project to be made.
#[derive(Clone, Debug, Default)]
pub struct ProjectDraft {
    pub id: Option<Uuid>,
    pub name: String,
    pub description: Option<String>,
    pub auth_settings: Option<RawJson>,
    pub parent_id: Option<Uuid>,
    /// Flows and components that move into it.
    pub flows: Vec<Uuid>,
}

/// Changes; `None` leaves a value as it is.
#[derive(Clone, Debug, Default)]
pub struct ProjectChange {
    pub name: Option<String>,
    pub description: Option<String>,
    pub auth_settings: Option<RawJson>,
    pub parent_id: Option<Uuid>,
    /// Flows and components that move into it. None leaves it by being left out.
    pub flows: Vec<Uuid>,
}

/// Makes a project. A taken name gets a number.
pub async fn create_project(
    app: &App,
    who: &Principal,
    client: &Client,
    draft: ProjectDraft,
) -> AppResult<Project> {
    let (maker, draft) = (Maker::of(app, who, client), with_auth(app, draft)?);
    app.store.write_or(move |tx| Box::pin(async move { insert(tx, &maker, draft).await })).await
}

pub async fn change_project(
    app: &App,
    who: &Principal,
    client: &Client,
    id: Uuid,
    mut change: ProjectChange,
) -> AppResult<Project> {
    let maker = Maker::of(app, who, client);
    if let Some(given) = change.auth_settings.take() {
        let known = projects::find(&app.store, maker.owner, id).await?.ok_or_else(not_found)?;
        let old = known.auth_settings.as_ref();
        change.auth_settings = Some(mcp::seal(&app.secrets, &*app.clock, given.to_value(), old)?);
    }
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let project = projects::lock(tx, maker.owner, id).await?.ok_or_else(not_found)?;
                apply(tx, &maker, project, change).await
            })
        })
        .await
}

/// Makes the project under this id or changes it; `true`: it was made.
pub async fn put_project(
    app: &App,
    who: &Principal,
    client: &Client,
    id: Uuid,
    draft: ProjectDraft,
) -> AppResult<(Project, bool)> {
    let (maker, draft) =
        (Maker::of(app, who, client), with_auth(app, ProjectDraft { id: Some(id), ..draft })?);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                if let Some(project) = projects::lock(tx, maker.owner, id).await? {
                    let change = ProjectChange {
                        name: Some(draft.name),
                        description: draft.description,
                        auth_settings: None,
                        parent_id: draft.parent_id,
                        flows: draft.flows,
                    };
                    return Ok((apply(tx, &maker, project, change).await?, false));
                }
                if projects::find_any(tx, id).await?.is_some() {
                    return Err(not_found());
                }
                Ok((insert(tx, &maker, draft).await?, true))
            })
        })
        .await
}

/// Deletes a project with its flows.
pub async fn delete_project(app: &App, who: &Principal, id: Uuid) -> AppResult<()> {
    let owner = who.user_id;
    let filter = FlowFilter { project_id: Some(id), ..FlowFilter::default() };
    let inside = flows::list_headers(&app.store, owner, &filter).await?;
    let gone =
        app.store.write(move |tx| Box::pin(async move { projects::delete(tx, owner, id).await })).await?;
    if !gone {
        return Err(not_found());
    }
    for flow in inside.items {
        crate::files::chat::forget_flow(app, flow.id).await;
    }
    Ok(())
}

pub(super) async fn insert(tx: &Tx, maker: &Maker, draft: ProjectDraft) -> AppResult<Project> {
    check_parent(tx, maker, draft.parent_id).await?;
    let used = projects::names_starting_with(tx, maker.owner, &draft.name).await?;
    let project = Project {
        id: draft.id.unwrap_or_else(|| maker.ids.random()),
        user_id: Some(maker.owner),
        parent_id: draft.parent_id,
        name: names::free_name(&draft.name, &used),
        description: draft.description,
        auth_settings: draft.auth_settings,
        is_default: false,
        created_at: maker.now,
        updated_at: maker.now,
    };
    projects::insert(tx, &project).await.map_err(taken)?;
    door::record(tx, &maker.who, &maker.client, None, &project, maker.now).await?;
    flows::move_to_project(tx, maker.owner, &draft.flows, project.id).await?;
    Ok(project)
}

async fn apply(tx: &Tx, maker: &Maker, mut project: Project, change: ProjectChange) -> AppResult<Project> {
    if change.parent_id == Some(project.id) {
        return Err(AppError::bad_request("A project cannot be its own parent"));
    }
    check_parent(tx, maker, change.parent_id).await?;
    if let Some(name) = change.name {
        project.name = name;
    }
    if let Some(description) = change.description {
        project.description = Some(description);
    }
    if let Some(auth) = change.auth_settings {
        let before = project.auth_settings.replace(auth);
        door::record(tx, &maker.who, &maker.client, before.as_ref(), &project, maker.now).await?;
    }
    project.parent_id = change.parent_id.or(project.parent_id);
    project.updated_at = maker.now;
    if !projects::save(tx, &project).await.map_err(taken)? {
        return Err(not_found());
    }
    flows::move_to_project(tx, maker.owner, &change.flows, project.id).await?;
    Ok(project)
}

async fn check_parent(tx: &Tx, maker: &Maker, parent: Option<Uuid>) -> AppResult<()> {
    match parent {
        Some(id) if projects::find(tx, maker.owner, id).await?.is_none() => {
            Err(AppError::not_found("Parent project not found"))
        }
        _ => Ok(()),
    }
}

/// With authentication on, the MCP server of a new project asks for a key. Secrets of given settings are
/// encrypted.
fn with_auth(app: &App, mut draft: ProjectDraft) -> AppResult<ProjectDraft> {
    draft.auth_settings = match draft.auth_settings {
        Some(given) => Some(mcp::seal(&app.secrets, &*app.clock, given.to_value(), None)?),
        None if app.settings.auth.auto_login => None,
        None => Some(RawJson::from(json!({"auth_type": "apikey"}))),
    };
    Ok(draft)
}
