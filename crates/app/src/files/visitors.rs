//! Files that visitors attach in public playgrounds.
//!
//! Strangers send them, so they are few, small and gone after a while: off unless the operator gives them a size
//! (`LANGFLOW_PUBLIC_FLOW_UPLOAD_MB`), so many for a visitor of a flow, so many bytes for all together.

use super::area::{Entry, FileArea, Folder, StoredFile};
use super::{Incoming, chat};
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::runs::{Visitor, virtual_flow_id};
use langflow_store::flows;
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
    let own = kept(&area, &area.visitor(id)).await?;
    let all = kept(&area, &area.visitors()).await?;
    let bytes: u64 = all.iter().map(|file| file.size_bytes).sum();
    if own.len() >= MOST_OF_ONE || all.len() >= MOST_OF_ALL || bytes >= MOST_BYTES {
        let text = "No more files can be attached here at the moment.";
        return Err(AppError::new(ErrorKind::TooManyRequests, text));
    }
    Ok(id)
}

/// Keeps an upload; answers its name among the visitor's files.
pub async fn store(app: &App, id: Uuid, name: &str, upload: Incoming) -> AppResult<String> {
    let area = FileArea::of(app);
    chat::place(app, &area, &area.visitor(id), name, upload).await
}

/// A visitor's own file.
pub async fn find(app: &App, visitor: &Visitor, flow: Uuid, name: &str) -> AppResult<StoredFile> {
    let missing = || AppError::not_found(format!("File {name} not found"));
    let area = FileArea::of(app);
    let key = area.visitor(virtual_flow_id(visitor, flow)).child(name).ok_or_else(missing)?;
    area.open(&key).await?.ok_or_else(missing)
}

/// Deletes files that are older than sessions of public playgrounds are kept; says how many.
pub async fn delete_old(app: &App) -> AppResult<u64> {
    let area = FileArea::of(app);
    let mut deleted = 0;
    for file in kept(&area, &area.visitors()).await? {
        if file.age < app.settings.runs.public_file_age {
            continue;
        }
        area.remove(&file.key).await?;
        deleted += 1;
    }
    Ok(deleted)
}

/// Files of a folder, not many more than there may be.
async fn kept(area: &FileArea, folder: &Folder) -> AppResult<Vec<Entry>> {
    let mut found = Vec::new();
    let mut listing = area.list(folder);
    while found.len() < MOST_OF_ALL
        && let Some(entries) = listing.next().await?
    {
        found.extend(entries);
    }
    Ok(found)
}
