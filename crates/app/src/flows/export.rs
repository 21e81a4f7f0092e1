//! Flows as files.

use super::{Flow, archive, graph, names};
use crate::ctx::App;
use crate::error::{AppError, AppResult};
use crate::principal::Principal;
use langflow_store::{RawJson, flows};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

/// A flow as it stands in an exported file: without owner, project, times and secrets, code as lines.
#[derive(Serialize)]
struct FlowFile {
    flow_type: &'static str,
    tags: Option<RawJson>,
    workspace_id: Option<Uuid>,
    last_modified_by: Option<Uuid>,
    action_name: Option<String>,
    is_component: bool,
    action_description: Option<String>,
    a2a_enabled: bool,
    a2a_card_overrides: Option<RawJson>,
    webhook: bool,
    id: Uuid,
    icon: Option<String>,
    endpoint_name: Option<String>,
    mcp_enabled: Option<bool>,
    name: String,
    icon_bg_color: Option<String>,
    data: Option<Box<RawValue>>,
    locked: Option<bool>,
    fs_path: Option<String>,
    description: Option<String>,
    version_token: Option<Uuid>,
}

/// What a download holds.
#[derive(Debug)]
pub enum Download {
    /// One flow.
    Json(Box<RawValue>),
    /// Several, as a zip with this file name.
    Zip { name: String, bytes: Vec<u8> },
}

/// Flows of the caller as a file: one as JSON, several as a zip.
pub async fn download_flows(app: &App, who: &Principal, ids: Vec<Uuid>) -> AppResult<Download> {
    let mut found = flows::find_many(&app.store, who.user_id, &ids).await?;
    found.sort_by_key(|flow| ids.iter().position(|id| *id == flow.id));
    match found.len() {
        0 => Err(AppError::not_found("No flows found.")),
        1 => Ok(Download::Json(
            found.pop().map(file).transpose()?.unwrap_or_else(|| RawValue::NULL.to_owned()),
        )),
        _ => {
            let stamp = app.clock.now().format("%Y%m%d_%H%M%S");
            Ok(Download::Zip { name: format!("{stamp}_langflow_flows.zip"), bytes: zip(found).await? })
        }
    }
}

/// One flow as the text of a file, indented and with sorted keys.
pub fn export_file(flow: Flow) -> AppResult<String> {
    Ok(graph::pretty(&file(flow)?))
}

/// Flows as a zip of files named after them.
pub(crate) async fn zip(flows: Vec<Flow>) -> AppResult<Vec<u8>> {
    let work = move || {
        let mut files = Vec::with_capacity(flows.len());
        for flow in flows {
            let name = format!("{}.json", names::file_stem(&flow.name));
            files.push((name, export_file(flow)?.into_bytes()));
        }
        archive::write(&files)
    };
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?
}

fn file(flow: Flow) -> AppResult<Box<RawValue>> {
    let data = flow.data.map(|data| {
        let mut raw: Box<RawValue> = data.into_inner();
        for edit in [graph::drop_view_state, graph::blank_secrets, graph::split_code] {
            raw = edit(&raw).unwrap_or(raw);
        }
        raw
    });
    let file = FlowFile {
        flow_type: super::read_flow_type(flow.flow_type),
        tags: flow.tags,
        workspace_id: None,
        last_modified_by: flow.last_modified_by,
        action_name: flow.action_name,
        is_component: flow.is_component,
        action_description: flow.action_description,
        a2a_enabled: flow.a2a_enabled,
        a2a_card_overrides: flow.a2a_card_overrides,
        webhook: flow.webhook,
        id: flow.id,
        icon: flow.icon,
        endpoint_name: flow.endpoint_name,
        mcp_enabled: flow.mcp_enabled,
        name: flow.name,
        icon_bg_color: flow.icon_bg_color,
        data,
        locked: flow.locked,
        fs_path: flow.fs_path,
        description: flow.description,
        version_token: flow.version_token,
    };
    to_raw_value(&file).map_err(AppError::internal)
}
