//! Files as resources.

use super::McpServer;
use crate::files::area::StoredFile;
use crate::files::{chat, user};
use crate::{App, AppError, AppResult, Principal};
use langflow_store::flows::{self, FlowFilter, FlowKey};
use uuid::Uuid;

/// Resources of one answer.
const MOST: usize = 1000;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The flow or the user it belongs to.
    pub owner: Uuid,
    pub name: String,
    pub description: String,
}

/// Files of the server's flows; of the global server also those of the user. At most 1000.
pub async fn list_resources(app: &App, who: &Principal, server: McpServer) -> AppResult<Vec<Resource>> {
    let filter = FlowFilter { project_id: project(server), ..FlowFilter::default() };
    let mut found = Vec::new();
    for flow in flows::list_headers(&app.store, who.user_id, &filter).await?.items {
        for name in chat::list(app, who, flow.id).await? {
            found.push(Resource {
                owner: flow.id,
                name,
                description: format!("File in flow: {}", flow.name),
            });
        }
        if found.len() >= MOST {
            break;
        }
    }
    if server == McpServer::Global {
        for file in user::list(app, who).await? {
            let name = stored_name(&file.path).to_owned();
            found.push(Resource { owner: who.user_id, name, description: "File of the user".into() });
        }
    }
    found.truncate(MOST);
    Ok(found)
}

/// The bytes of a resource.
///
/// # Errors
/// 404 for files that are not there, not the caller's, or not the project's.
pub async fn find_resource(
    app: &App,
    who: &Principal,
    server: McpServer,
    owner: Uuid,
    name: &str,
) -> AppResult<StoredFile> {
    let missing = || AppError::not_found("Resource not found or access denied");
    if server == McpServer::Global && owner == who.user_id {
        let files = user::list(app, who).await?;
        let file = files.iter().find(|file| stored_name(&file.path) == name).ok_or_else(missing)?;
        return user::open(app, file).await;
    }
    let flow = flows::find_ref(&app.store, who.user_id, FlowKey::Id(owner)).await?.ok_or_else(missing)?;
    if project(server).is_some_and(|id| flow.project_id != Some(id)) {
        return Err(missing());
    }
    chat::find(app, who, flow.id, name).await.map_err(|_| missing())
}

fn project(server: McpServer) -> Option<Uuid> {
    match server {
        McpServer::Global => None,
        McpServer::Project(id) => Some(id),
    }
}

fn stored_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
