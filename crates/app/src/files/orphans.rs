//! Bytes that belong to nobody: a server that was killed between placing an upload and writing its row leaves them.

use super::FileArea;
use crate::{App, AppResult};
use langflow_store::files;
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;
use tokio::fs;
use uuid::Uuid;

/// Younger ones may be uploads whose row is about to be written.
const OLD_ENOUGH: Duration = Duration::from_hours(1);
/// Ids that are looked up at once.
const BATCH: usize = 500;

/// Deletes blobs without a row and uploads that were never finished; says how many.
pub async fn delete_orphans(app: &App) -> AppResult<u64> {
    let area = FileArea::of(app);
    let mut deleted = 0;
    for (_, path) in old_entries(&area.incoming()).await {
        deleted += u64::from(fs::remove_file(&path).await.is_ok());
    }
    let Ok(mut users) = fs::read_dir(area.users()).await else { return Ok(deleted) };
    while let Ok(Some(folder)) = users.next_entry().await {
        let Some(owner) = id_of(&folder.path()) else { continue };
        let blobs: Vec<_> = old_entries(&folder.path())
            .await
            .into_iter()
            .filter_map(|(name, path)| Some((Uuid::try_parse(&name).ok()?, path)))
            .collect();
        for batch in blobs.chunks(BATCH) {
            let ids: Vec<Uuid> = batch.iter().map(|(id, _)| *id).collect();
            let rows = files::find_many(&app.store, owner, &ids).await?;
            let known: HashSet<Uuid> = rows.into_iter().map(|row| row.id).collect();
            for (_, path) in batch.iter().filter(|(id, _)| !known.contains(id)) {
                deleted += u64::from(fs::remove_file(path).await.is_ok());
            }
        }
    }
    Ok(deleted)
}

fn id_of(path: &Path) -> Option<Uuid> {
    Uuid::try_parse(path.file_name()?.to_str()?).ok()
}

/// Files of a folder that were last written long enough ago, with their names.
async fn old_entries(folder: &Path) -> Vec<(String, std::path::PathBuf)> {
    let mut found = Vec::new();
    let Ok(mut entries) = fs::read_dir(folder).await else { return found };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let Ok(data) = entry.metadata().await else { continue };
        let age = data.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
        if data.is_file()
            && age >= OLD_ENOUGH
            && let Ok(name) = entry.file_name().into_string()
        {
            found.push((name, entry.path()));
        }
    }
    found
}
