//! Deleting flows with all that belongs to them.

use super::not_found;
use crate::ctx::App;
use crate::error::AppResult;
use crate::principal::Principal;
use langflow_store::flows::{self, FlowKey};
use uuid::Uuid;

/// Deletes a flow of the caller.
pub async fn delete_flow(app: &App, who: &Principal, id: Uuid) -> AppResult<()> {
    if delete_flows(app, who, vec![id]).await? == 0 { Err(not_found()) } else { Ok(()) }
}

/// Deletes those of `ids` that the caller has, and says how many.
pub async fn delete_flows(app: &App, who: &Principal, ids: Vec<Uuid>) -> AppResult<u64> {
    let owner = who.user_id;
    let mut mine = Vec::with_capacity(ids.len());
    for id in ids {
        if flows::find_ref(&app.store, owner, FlowKey::Id(id)).await?.is_some() {
            mine.push(id);
        }
    }
    let doomed = mine.clone();
    let count =
        app.store.write(move |tx| Box::pin(async move { flows::delete(tx, owner, &doomed).await })).await?;
    for id in mine {
        crate::files::chat::forget_flow(app, id).await;
    }
    Ok(count)
}
