//! Bytes that belong to nobody: a server that was killed between placing an upload and writing its row leaves them.

use super::FileArea;
use super::area::Key;
use crate::{App, AppResult};
use langflow_store::files;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
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
    for path in unfinished(&area.incoming()).await {
        deleted += u64::from(fs::remove_file(&path).await.is_ok());
    }
    let mut listing = area.list(&area.users());
    while let Some(entries) = listing.next().await? {
        let mut by_owner: BTreeMap<Uuid, Vec<(Uuid, Key)>> = BTreeMap::new();
        for entry in entries.into_iter().filter(|entry| entry.age >= OLD_ENOUGH) {
            let ids = [entry.key.folder_name(), entry.key.name()].map(Uuid::try_parse);
            if let [Ok(owner), Ok(id)] = ids {
                by_owner.entry(owner).or_default().push((id, entry.key));
            }
        }
        for (owner, blobs) in by_owner {
            for batch in blobs.chunks(BATCH) {
                let ids: Vec<Uuid> = batch.iter().map(|(id, _)| *id).collect();
                let rows = files::find_many(&app.store, owner, &ids).await?;
                let known: HashSet<Uuid> = rows.into_iter().map(|row| row.id).collect();
                for (_, key) in batch.iter().filter(|(id, _)| !known.contains(id)) {
                    deleted += u64::from(area.remove(key).await.is_ok());
                }
            }
        }
    }
    Ok(deleted)
}

/// Uploads that were last written long enough ago.
async fn unfinished(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(mut entries) = fs::read_dir(folder).await else { return found };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let Ok(data) = entry.metadata().await else { continue };
        let age = data.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
        if data.is_file() && age >= OLD_ENOUGH {
            found.push(entry.path());
        }
    }
    found
}
