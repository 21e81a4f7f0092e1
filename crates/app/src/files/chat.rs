//! Attachments of chats: files by flow, named `<time>_<name>`.

use super::area::{FileArea, Folder, StoredFile};
use super::{Incoming, names};
use crate::ctx::App;
use crate::error::{AppError, AppResult};
use crate::principal::Principal;
use langflow_store::flows::{self, FlowKey};
use uuid::Uuid;

/// Attempts at a free name within one second.
const MAX_TWINS: usize = 1000;

/// Refuses a flow that is not the caller's: before an upload is read, not after.
pub async fn check_flow(app: &App, who: &Principal, flow: Uuid) -> AppResult<()> {
    match flows::find_ref(&app.store, who.user_id, FlowKey::Id(flow)).await? {
        Some(_) => Ok(()),
        None => Err(AppError::not_found("Flow not found")),
    }
}

/// Keeps an upload, and answers its name among the files of the flow.
pub async fn store(app: &App, flow: Uuid, name: &str, upload: Incoming) -> AppResult<String> {
    let area = FileArea::of(app);
    place(app, &area, &area.chat(flow), name, upload).await
}

/// Gives an upload a name of its own in a folder.
pub(super) async fn place(
    app: &App,
    area: &FileArea,
    folder: &Folder,
    name: &str,
    upload: Incoming,
) -> AppResult<String> {
    let stamp = app.clock.now().format("%Y-%m-%d_%H-%M-%S");
    let name = names::clean(name);
    let (stem, extension) = names::split(&name);
    let extension = if extension.is_empty() { String::new() } else { format!(".{extension}") };
    for twin in 0..MAX_TWINS {
        let twin = if twin == 0 { String::new() } else { format!(" ({twin})") };
        let name = format!("{stamp}_{stem}{twin}{extension}");
        let Some(target) = folder.child(&name) else { break };
        if !area.exists(&target).await? {
            area.place(upload, &target).await?;
            return Ok(name);
        }
    }
    Err(AppError::conflict("Too many files of this name"))
}

/// Names of the files of a flow, sorted.
pub async fn list(app: &App, who: &Principal, flow: Uuid) -> AppResult<Vec<String>> {
    check_flow(app, who, flow).await?;
    let mut names = Vec::new();
    let area = FileArea::of(app);
    let mut listing = area.list(&area.chat(flow));
    while let Some(entries) = listing.next().await? {
        names.extend(entries.iter().map(|entry| entry.key.name().to_owned()));
    }
    names.sort();
    Ok(names)
}

/// A file of the caller's flow.
pub async fn find(app: &App, who: &Principal, flow: Uuid, name: &str) -> AppResult<StoredFile> {
    check_flow(app, who, flow).await?;
    let missing = || AppError::not_found(format!("File {name} not found in flow {flow}"));
    let area = FileArea::of(app);
    let key = area.chat(flow).child(name).ok_or_else(missing)?;
    area.open(&key).await?.ok_or_else(missing)
}

/// Deletes a file; one that is not there is no failure.
pub async fn delete(app: &App, who: &Principal, flow: Uuid, name: &str) -> AppResult<()> {
    check_flow(app, who, flow).await?;
    let area = FileArea::of(app);
    match area.chat(flow).child(name) {
        Some(key) => area.remove(&key).await,
        None => Ok(()),
    }
}

/// Deletes the files of a flow that is gone.
pub(crate) async fn forget_flow(app: &App, flow: Uuid) {
    let area = FileArea::of(app);
    if let Err(error) = area.remove_all(&area.chat(flow)).await {
        tracing::warn!(%flow, %error, "the files of a deleted flow could not be removed: {error}");
    }
}
