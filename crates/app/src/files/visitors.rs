//! Files that visitors attach in public playgrounds.
//!
//! Strangers send them, so they are few, small and gone after a while: off unless the operator gives them a size
//! (`LANGFLOW_PUBLIC_FLOW_UPLOAD_MB`), so many for a visitor of a flow, so many bytes for all together.

use super::area::{self, FileArea};
use super::{Incoming, chat, disk};
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::runs::{Visitor, virtual_flow_id};
use langflow_store::flows;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs;
use uuid::Uuid;

/// Files of one visitor of one flow.
const MOST_OF_ONE: usize = 20;
/// Files of all visitors together.
const MOST_OF_ALL: usize = 5000;
/// Bytes of all visitors together.
const MOST_BYTES: u64 = 512 << 20;

/// Whether visitors may attach files at all.
pub fn is_on(app: &App) -> bool {
    app.settings.runs.public_upload_bytes > 0
}

/// The id under which a visitor's files of a flow are kept, if one more may come: asked before an upload is read.
///
/// # Errors
/// 403 where the operator lets visitors send nothing, 404 for a flow that is not public, 429 when there is no room.
pub async fn check_room(app: &App, visitor: &Visitor, flow: Uuid) -> AppResult<Uuid> {
    if !is_on(app) {
        return Err(AppError::forbidden(
            "This server takes no files from visitors (LANGFLOW_PUBLIC_FLOW_UPLOAD_MB is 0).",
        ));
    }
    flows::find_public(&app.store, flow).await?.ok_or_else(|| AppError::not_found("Flow not found"))?;
    let id = virtual_flow_id(visitor, flow);
    let area = FileArea::of(app);
    let own = kept(&area.visitor(id)).await;
    let all = all(&area.visitors()).await;
    let bytes: u64 = all.iter().map(|file| file.size_bytes).sum();
    if own.len() >= MOST_OF_ONE || all.len() >= MOST_OF_ALL || bytes >= MOST_BYTES {
        let text = "No more files can be attached here at the moment.";
        return Err(AppError::new(ErrorKind::TooManyRequests, text));
    }
    Ok(id)
}

/// Keeps an upload; answers its name among the visitor's files.
pub async fn store(app: &App, id: Uuid, name: &str, upload: Incoming) -> AppResult<String> {
    chat::place(app, &FileArea::of(app).visitor(id), name, upload).await
}

/// Where a visitor's own file lies.
pub async fn find(app: &App, visitor: &Visitor, flow: Uuid, name: &str) -> AppResult<PathBuf> {
    let missing = || AppError::not_found(format!("File {name} not found"));
    let folder = FileArea::of(app).visitor(virtual_flow_id(visitor, flow));
    let path = area::child(&folder, name).ok_or_else(missing)?;
    let is_file = fs::symlink_metadata(&path).await.is_ok_and(|data| data.is_file());
    if is_file { Ok(path) } else { Err(missing()) }
}

/// Deletes files that are older than sessions of public playgrounds are kept; says how many.
pub async fn delete_old(app: &App) -> AppResult<u64> {
    let area = FileArea::of(app);
    let mut deleted = 0;
    for file in all(&area.visitors()).await {
        if file.age < app.settings.runs.public_file_age {
            continue;
        }
        fs::remove_file(&file.path).await.map_err(disk)?;
        deleted += 1;
        if let Some(folder) = file.path.parent() {
            // Fails while others are in it.
            let _ = fs::remove_dir(folder).await;
        }
    }
    Ok(deleted)
}

struct Kept {
    path: PathBuf,
    size_bytes: u64,
    age: Duration,
}

async fn all(root: &Path) -> Vec<Kept> {
    let mut found = Vec::new();
    let Ok(mut folders) = fs::read_dir(root).await else { return found };
    while let Ok(Some(folder)) = folders.next_entry().await {
        found.extend(kept(&folder.path()).await);
        if found.len() >= MOST_OF_ALL {
            break;
        }
    }
    found
}

async fn kept(folder: &Path) -> Vec<Kept> {
    let mut found = Vec::new();
    let Ok(mut entries) = fs::read_dir(folder).await else { return found };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let Ok(data) = entry.metadata().await else { continue };
        if data.is_file() {
            let age = data.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
            found.push(Kept { path: entry.path(), size_bytes: data.len(), age });
        }
    }
    found
}
