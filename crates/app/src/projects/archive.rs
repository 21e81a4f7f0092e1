//! Projects as files.

use super::change::{ProjectDraft, insert};
use super::default::Maker;
use super::find_project;
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::flows::{self, Flow, FlowDraft, names};
use crate::principal::Principal;
use langflow_store::RawJson;
use langflow_store::flows::{self as rows, FlowFilter};
use serde_json::json;
use uuid::Uuid;

/// All flows of a project as a zip: `(file name, bytes)`.
pub async fn download_project(app: &App, who: &Principal, id: Uuid) -> AppResult<(String, Vec<u8>)> {
    let project = find_project(app, who, id).await?;
    let filter = FlowFilter { project_id: Some(id), ..FlowFilter::default() };
    let inside = rows::list(&app.store, who.user_id, &filter).await?.items;
    if inside.is_empty() {
        return Err(AppError::not_found("No flows found in project"));
    }
    let stamp = app.clock.now().format("%Y%m%d_%H%M%S");
    let name = format!("{stamp}_{}_flows.zip", names::file_stem(&project.name));
    Ok((name, flows::zip(inside).await?))
}

/// Makes a project with these flows. Ids that exist already are refused, all of them named.
pub async fn upload_project(
    app: &App,
    who: &Principal,
    client: &Client,
    name: String,
    description: Option<String>,
    drafts: Vec<FlowDraft>,
) -> AppResult<Vec<Flow>> {
    let maker = Maker::of(app, who, client);
    let auth = (!app.settings.auth.auto_login).then(|| RawJson::from(json!({"auth_type": "apikey"})));
    let drafts: Vec<FlowDraft> = drafts.into_iter().map(|draft| flows::clean(app, draft)).collect();
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let ids: Vec<Uuid> = drafts.iter().filter_map(|draft| draft.id).collect();
                let taken = rows::taken_ids(tx, &ids).await?;
                if !taken.is_empty() {
                    let list: Vec<String> =
                        ids.iter().filter(|id| taken.contains(id)).map(Uuid::to_string).collect();
                    let text = format!("Flow(s) with the following IDs already exist: {}", list.join(", "));
                    return Err(AppError::new(ErrorKind::Unprocessable, text));
                }
                let draft =
                    ProjectDraft { name, description, auth_settings: auth, ..ProjectDraft::default() };
                let project = insert(tx, &maker, draft).await?;
                let mut made = Vec::with_capacity(drafts.len());
                for draft in drafts {
                    let draft = FlowDraft { project_id: Some(project.id), ..draft };
                    made.push(flows::insert_draft(tx, &maker, draft).await?);
                }
                Ok(made)
            })
        })
        .await
}
