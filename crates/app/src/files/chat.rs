//! Attachments of chats: files by flow, named `<time>_<name>`.

use super::area::{self, FileArea};
use super::{Incoming, disk, names};
use crate::ctx::App;
use crate::error::{AppError, AppResult};
use crate::principal::Principal;
use langflow_store::flows::{self, FlowKey};
use std::path::{Path, PathBuf};
use tokio::fs;
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
    place(app, &FileArea::of(app).chat(flow), name, upload).await
}

/// Gives an upload a name of its own in a folder.
pub(super) async fn place(app: &App, folder: &Path, name: &str, upload: Incoming) -> AppResult<String> {
    let stamp = app.clock.now().format("%Y-%m-%d_%H-%M-%S");
    let name = names::clean(name);
    let (stem, extension) = names::split(&name);
    let extension = if extension.is_empty() { String::new() } else { format!(".{extension}") };
    for twin in 0..MAX_TWINS {
        let twin = if twin == 0 { String::new() } else { format!(" ({twin})") };
        let name = format!("{stamp}_{stem}{twin}{extension}");
        let target = folder.join(&name);
        if !fs::try_exists(&target).await.map_err(disk)? {
            upload.place(&target).await?;
            return Ok(name);
        }
    }
    Err(AppError::conflict("Too many files of this name"))
}

/// Names of the files of a flow, sorted.
pub async fn list(app: &App, who: &Principal, flow: Uuid) -> AppResult<Vec<String>> {
    check_flow(app, who, flow).await?;
    let mut names = Vec::new();
    let mut folder = match fs::read_dir(FileArea::of(app).chat(flow)).await {
        Ok(folder) => folder,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
        Err(error) => return Err(disk(error)),
    };
    while let Some(entry) = folder.next_entry().await.map_err(disk)? {
        names.extend(entry.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Where a file of the caller's flow lies.
pub async fn find(app: &App, who: &Principal, flow: Uuid, name: &str) -> AppResult<PathBuf> {
    check_flow(app, who, flow).await?;
    let missing = || AppError::not_found(format!("File {name} not found in flow {flow}"));
    let path = area::child(&FileArea::of(app).chat(flow), name).ok_or_else(missing)?;
    let is_file = fs::symlink_metadata(&path).await.is_ok_and(|data| data.is_file());
    if is_file { Ok(path) } else { Err(missing()) }
}

/// Deletes a file; one that is not there is no failure.
pub async fn delete(app: &App, who: &Principal, flow: Uuid, name: &str) -> AppResult<()> {
    match find(app, who, flow, name).await {
        Ok(path) => fs::remove_file(path).await.map_err(disk),
        Err(error) if error.to_string().starts_with("File ") => Ok(()),
        Err(error) => Err(error),
    }
}

/// Deletes the files of a flow that is gone.
pub(crate) async fn forget_flow(app: &App, flow: Uuid) {
    let folder = FileArea::of(app).chat(flow);
    if let Err(error) = fs::remove_dir_all(&folder).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%flow, %error, "the files of a deleted flow could not be removed: {error}");
    }
}
