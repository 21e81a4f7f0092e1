//! Writing a flow under a known id: made when it is not there, changed when it is.

use super::change::Save;
use super::draft::{FlowChange, FlowDraft};
use super::{Flow, create, names, not_found, taken};
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::principal::Principal;
use crate::projects::Maker;
use langflow_store::{Tx, flows, projects};
use uuid::Uuid;

/// Makes the flow from `draft` or changes it by `change`; `true`: it was made.
pub async fn put_flow(
    app: &App,
    who: &Principal,
    client: &Client,
    id: Uuid,
    draft: FlowDraft,
    mut change: FlowChange,
) -> AppResult<(Flow, bool)> {
    let (save, maker) = (Save::of(app, who, client, ErrorKind::Conflict), Maker::of(app, who, client));
    let draft = create::clean(app, FlowDraft { id: Some(id), ..draft });
    change.data = change.data.map(|data| create::without_secrets(app, data));
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let owner = save.owner;
                if let Some(project) = draft.project_id
                    && projects::find(tx, owner, project).await?.is_none()
                {
                    return Err(AppError::bad_request("Folder not found"));
                }
                if let Some(flow) = flows::lock(tx, owner, id).await? {
                    return Ok((save.change(tx, flow, change, None).await?, false));
                }
                if !flows::taken_ids(tx, &[id]).await?.is_empty() {
                    return Err(not_found());
                }
                Ok((make(tx, &maker, draft).await?, true))
            })
        })
        .await
}

/// As creation, but an endpoint name that is taken is refused: the caller of PUT means exactly this one.
async fn make(tx: &Tx, maker: &Maker, draft: FlowDraft) -> AppResult<Flow> {
    if let Some(wanted) = &draft.endpoint_name {
        let used = flows::endpoints_starting_with(tx, maker.owner, wanted).await?;
        if names::free_endpoint(wanted, &used) != *wanted {
            return Err(taken_endpoint());
        }
    }
    create::insert(tx, maker, draft).await
}

fn taken_endpoint() -> AppError {
    taken(langflow_store::StoreError::Taken(langflow_store::Unique::FlowEndpoint), ErrorKind::Conflict)
}
