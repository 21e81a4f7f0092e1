//! Flows from a folder, at start: `LANGFLOW_LOAD_FLOWS_PATH`.

use super::draft::FlowDraft;
use super::{AccessType, Flow, FlowType, import, names, read_file};
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::identify;
use crate::principal::Principal;
use langflow_store::RawJson;
use langflow_store::flows::{self as rows, FlowFilter, FlowKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use tokio::fs;
use uuid::Uuid;

/// Larger files are not flows.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
const MAX_FILES: usize = 10_000;

/// What became of the files of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Flows that were made or changed.
    pub stored: usize,
    /// Flows that were here as the files say.
    pub unchanged: usize,
    /// Files that are no flows, and why.
    pub problems: Vec<String>,
}

/// A flow as a file says it; what is left out has its default.
#[derive(Deserialize)]
struct FlowFile {
    id: Option<Uuid>,
    name: String,
    description: Option<String>,
    icon: Option<String>,
    icon_bg_color: Option<String>,
    gradient: Option<String>,
    data: Option<Box<RawValue>>,
    is_component: Option<bool>,
    webhook: Option<bool>,
    endpoint_name: Option<String>,
    tags: Option<Box<RawValue>>,
    locked: Option<bool>,
    mcp_enabled: Option<bool>,
    action_name: Option<String>,
    action_description: Option<String>,
    access_type: Option<String>,
    flow_type: Option<String>,
}

/// Stores every `*.json` of the folder as a flow of the superuser. One that is known by its id or endpoint name (or,
/// where the settings say so, by its name) is changed, any other is made in the default project.
///
/// # Errors
/// The folder cannot be read, or the database fails. A file that is no flow stops nothing.
pub async fn load_folder(app: &App) -> AppResult<Loaded> {
    let mut loaded = Loaded::default();
    let Some(folder) = &app.settings.flows.load_path else { return Ok(loaded) };
    let who = identify::superuser(app).await?.ok_or_else(|| AppError::bug("there is no superuser"))?;
    for path in json_files(folder).await? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match load_file(app, &who, &path, &mut loaded).await {
            Ok(()) => {}
            Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::Unavailable) => {
                return Err(error);
            }
            Err(error) => loaded.problems.push(format!("{name}: {error}")),
        }
    }
    Ok(loaded)
}

async fn json_files(folder: &Path) -> AppResult<Vec<PathBuf>> {
    let unreadable = |error: std::io::Error| {
        AppError::bad_request(format!(
            "LANGFLOW_LOAD_FLOWS_PATH: {} cannot be read: {error}",
            folder.display()
        ))
    };
    let mut entries = fs::read_dir(folder).await.map_err(unreadable)?;
    let mut found = Vec::new();
    while let Some(entry) = entries.next_entry().await.map_err(unreadable)? {
        let path = entry.path();
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if is_json && found.len() < MAX_FILES {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

async fn load_file(app: &App, who: &Principal, path: &Path, loaded: &mut Loaded) -> AppResult<()> {
    let unreadable = |error: std::io::Error| AppError::bad_request(format!("it cannot be read: {error}"));
    let size = fs::metadata(path).await.map_err(unreadable)?.len();
    if size > MAX_BYTES {
        return Err(AppError::bad_request("it is too large for a flow"));
    }
    let flows = read_file(fs::read(path).await.map_err(unreadable)?).await?;
    let is_single = flows.len() == 1;
    for flow in flows {
        let mut draft = read(&flow)?;
        if is_single && draft.id.is_none() {
            // Langflow takes the name of the file for the id where it is one.
            draft.id = path.file_stem().and_then(|stem| Uuid::try_parse(stem.to_str()?).ok());
        }
        let known = find_known(app, who, &draft).await?;
        if let Some(known) = &known {
            if is_same(known, &draft) {
                loaded.unchanged += 1;
                continue;
            }
            draft.id = Some(known.id);
        }
        import::import_flows(app, who, &Client::local(), vec![draft], None).await?;
        loaded.stored += 1;
    }
    Ok(())
}

fn read(flow: &RawValue) -> AppResult<FlowDraft> {
    let file: FlowFile = serde_json::from_str(flow.get())
        .map_err(|error| AppError::bad_request(format!("it is not a flow: {error}")))?;
    let is_public = file.access_type.is_some_and(|text| text.eq_ignore_ascii_case("public"));
    let is_agent = file.flow_type.is_some_and(|text| text.eq_ignore_ascii_case("agent"));
    if file.endpoint_name.as_deref().is_some_and(|name| !names::is_endpoint_name(name)) {
        return Err(AppError::bad_request(
            "the endpoint name has letters, digits, hyphens and underscores only",
        ));
    }
    Ok(FlowDraft {
        id: file.id,
        name: file.name,
        description: file.description,
        icon: file.icon,
        icon_bg_color: file.icon_bg_color,
        gradient: file.gradient,
        data: file.data.map(RawJson::from),
        is_component: file.is_component.unwrap_or(false),
        webhook: file.webhook.unwrap_or(false),
        endpoint_name: file.endpoint_name,
        tags: file.tags.map(RawJson::from),
        locked: file.locked.or(Some(false)),
        mcp_enabled: file.mcp_enabled.or(Some(false)),
        action_name: file.action_name,
        action_description: file.action_description,
        access_type: if is_public { AccessType::Public } else { AccessType::Private },
        flow_type: if is_agent { FlowType::Agent } else { FlowType::Workflow },
        ..FlowDraft::default()
    })
}

/// The flow of the superuser that the file means.
async fn find_known(app: &App, who: &Principal, draft: &FlowDraft) -> AppResult<Option<Flow>> {
    let (store, owner) = (&app.store, who.user_id);
    if let Some(id) = draft.id
        && let Some(flow) = rows::find(store, owner, id).await?
    {
        return Ok(Some(flow));
    }
    if let Some(name) = &draft.endpoint_name
        && let Some(flow) = rows::find_ref(store, owner, FlowKey::Endpoint(name)).await?
    {
        return Ok(rows::find(store, owner, flow.id).await?);
    }
    if !app.settings.flows.load_overwrites_by_name {
        return Ok(None);
    }
    let all = rows::list_headers(store, owner, &FlowFilter::default()).await?.items;
    match all.into_iter().find(|flow| flow.name == draft.name) {
        Some(flow) => Ok(rows::find(store, owner, flow.id).await?),
        None => Ok(None),
    }
}

/// A start that finds everything as it was writes nothing.
fn is_same(known: &Flow, draft: &FlowDraft) -> bool {
    let is_same_graph = match (&known.data, &draft.data) {
        (Some(old), Some(new)) => super::draft::same(old, new),
        (_, None) => true,
        (None, Some(_)) => false,
    };
    is_same_graph
        && known.name == draft.name
        && (draft.description.is_none() || known.description == draft.description)
        && (draft.endpoint_name.is_none() || known.endpoint_name == draft.endpoint_name)
}
