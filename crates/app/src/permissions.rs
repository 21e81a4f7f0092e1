//! Whose objects are whose, for interfaces that ask before they show a button.

use crate::ctx::App;
use crate::error::AppResult;
use crate::principal::Principal;
use langflow_store::flows::{self, FlowKey};
use langflow_store::{files, projects, variables};
use std::collections::HashSet;
use uuid::Uuid;

/// What one may do with one's own.
pub const ACTIONS: [&str; 5] = ["read", "write", "execute", "delete", "create"];

/// Those of `ids` that the caller owns. Kinds that are not kept apart by owner are nobody's.
pub async fn own_objects(app: &App, who: &Principal, kind: &str, ids: &[Uuid]) -> AppResult<HashSet<Uuid>> {
    let (store, owner) = (&app.store, who.user_id);
    let mut mine = HashSet::new();
    for id in ids {
        let is_mine = match kind {
            "flow" => flows::find_ref(store, owner, FlowKey::Id(*id)).await?.is_some(),
            "project" => projects::find(store, owner, *id).await?.is_some(),
            "variable" => variables::find(store, owner, *id).await?.is_some(),
            "file" => files::find(store, owner, *id).await?.is_some(),
            _ => false,
        };
        if is_mine {
            mine.insert(*id);
        }
    }
    Ok(mine)
}
