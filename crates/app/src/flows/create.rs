//! Making flows.

use super::draft::{Birth, FlowDraft};
use super::publish;
use super::{Flow, graph, names, taken};
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::principal::Principal;
use crate::projects::{Maker, choose_project};
use langflow_store::flows;
use langflow_store::{RawJson, Tx};
use serde_json::value::RawValue;

/// Makes a flow. A taken name or endpoint name gets a number.
pub async fn create_flow(app: &App, who: &Principal, client: &Client, draft: FlowDraft) -> AppResult<Flow> {
    let maker = Maker::of(app, who, client);
    let draft = clean(app, draft);
    app.store.write_or(move |tx| Box::pin(async move { insert(tx, &maker, draft).await })).await
}

/// Makes several flows, all or none. A taken name is refused.
pub async fn create_flows(
    app: &App,
    who: &Principal,
    client: &Client,
    drafts: Vec<FlowDraft>,
) -> AppResult<Vec<Flow>> {
    let maker = Maker::of(app, who, client);
    let drafts: Vec<FlowDraft> = drafts.into_iter().map(|draft| clean(app, draft)).collect();
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut made = Vec::with_capacity(drafts.len());
                for draft in drafts {
                    check_id(tx, &draft, ErrorKind::Unprocessable).await?;
                    let flow = place(tx, &maker, draft).await?;
                    flows::insert(tx, &flow).await.map_err(|e| taken(e, ErrorKind::Conflict))?;
                    publish::record(tx, &maker.who, &maker.client, None, &flow, maker.now).await?;
                    made.push(flow);
                }
                Ok(made)
            })
        })
        .await
}

/// Finds free names and inserts.
pub(crate) async fn insert(tx: &Tx, maker: &Maker, mut draft: FlowDraft) -> AppResult<Flow> {
    check_id(tx, &draft, ErrorKind::BadRequest).await?;
    let owner = maker.owner;
    draft.name = names::free_name(&draft.name, &flows::names_starting_with(tx, owner, &draft.name).await?);
    if let Some(wanted) = draft.endpoint_name.take() {
        let used = flows::endpoints_starting_with(tx, owner, &wanted).await?;
        draft.endpoint_name = Some(names::free_endpoint(&wanted, &used));
    }
    let flow = place(tx, maker, draft).await?;
    flows::insert(tx, &flow).await.map_err(|e| taken(e, ErrorKind::Conflict))?;
    publish::record(tx, &maker.who, &maker.client, None, &flow, maker.now).await?;
    Ok(flow)
}

async fn place(tx: &Tx, maker: &Maker, draft: FlowDraft) -> AppResult<Flow> {
    let project_id = choose_project(tx, maker, draft.project_id).await?;
    Ok(draft.clone().into_flow(Birth {
        id: draft.id.unwrap_or_else(|| maker.ids.random()),
        owner: maker.owner,
        project_id,
        version_token: maker.ids.random(),
        now: maker.now,
    }))
}

async fn check_id(tx: &Tx, draft: &FlowDraft, kind: ErrorKind) -> AppResult<()> {
    let Some(id) = draft.id else { return Ok(()) };
    if id.get_version_num() == 5 {
        return Err(AppError::bad_request("UUID5 flow IDs are reserved for public execution histories."));
    }
    if flows::taken_ids(tx, &[id]).await?.is_empty() {
        Ok(())
    } else {
        Err(AppError::new(kind, "Id must be unique"))
    }
}

/// Applies what the settings say about stored graphs.
pub(crate) fn clean(app: &App, mut draft: FlowDraft) -> FlowDraft {
    draft.data = draft.data.map(|data| without_secrets(app, data));
    draft
}

/// Under `LANGFLOW_REMOVE_API_KEYS` secret fields are stored empty.
pub(crate) fn without_secrets(app: &App, data: RawJson) -> RawJson {
    if !app.settings.flows.remove_api_keys {
        return data;
    }
    let raw: Box<RawValue> = data.into_inner();
    graph::blank_secrets(&raw).unwrap_or(raw).into()
}
