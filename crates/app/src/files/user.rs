//! Files of a user: rows for what clients see, blobs named by id for the bytes.

use super::area::{Key, StoredFile};
use super::{FileArea, Incoming, disk, names, not_found};
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::principal::Principal;
use langflow_store::{StoreError, Unique, files};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::fs;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

pub use langflow_store::files::File;

/// Names that the server keeps for itself.
const HIDDEN: &str = "_mcp_servers";
const COPY_BYTES: usize = 64 * 1024;

/// All files of the caller, but those the server keeps for itself.
pub async fn list(app: &App, who: &Principal) -> AppResult<Vec<File>> {
    let all = files::list(&app.store, who.user_id).await?;
    Ok(all.into_iter().filter(|file| !file.name.starts_with(HIDDEN)).collect())
}

pub async fn find(app: &App, who: &Principal, id: Uuid) -> AppResult<File> {
    files::find(&app.store, who.user_id, id).await?.ok_or_else(not_found)
}

/// The bytes of a file.
///
/// # Errors
/// 404 if they are gone.
pub async fn open(app: &App, file: &File) -> AppResult<StoredFile> {
    FileArea::of(app).open(&key(file)).await?.ok_or_else(not_found)
}

fn key(file: &File) -> Key {
    Key::blob(file.user_id, file.id)
}

/// The name a download gets: the row's name with the extension of the upload.
pub fn download_name(file: &File) -> String {
    let last = file.path.rsplit('/').next().unwrap_or_default();
    match names::split(last) {
        (_, "") => file.name.clone(),
        (_, extension) => format!("{}.{extension}", file.name),
    }
}

/// Does the work to its end, also when the request that wants it goes meanwhile: bytes on disk and the row that
/// names them belong together.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = AppResult<T>> + Send + 'static,
) -> AppResult<T> {
    tokio::spawn(work).await.map_err(AppError::internal)?
}

/// Keeps an upload as a new file; a taken name gets a number.
pub async fn store(app: &Arc<App>, who: &Principal, name: &str, upload: Incoming) -> AppResult<File> {
    let (app, owner, name) = (Arc::clone(app), who.user_id, names::clean(name));
    to_its_end(async move { place(&app, owner, name, upload).await }).await
}

/// The bytes first, then the row; without a row the bytes go again.
async fn place(app: &App, owner: Uuid, name: String, upload: Incoming) -> AppResult<File> {
    let (id, now) = (app.ids.random(), app.clock.now());
    let (area, target) = (FileArea::of(app), Key::blob(owner, id));
    let size_bytes = i64::try_from(upload.size_bytes()).unwrap_or(i64::MAX);
    area.place(upload, &target).await?;
    let stored = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (stem, extension) = names::split(&name);
                let used = files::names_starting_with(tx, owner, stem).await?;
                let stem = crate::flows::names::free_name(stem, &used);
                let extension = if extension.is_empty() { String::new() } else { format!(".{extension}") };
                let file = File {
                    id,
                    user_id: owner,
                    path: format!("{owner}/{stem}{extension}"),
                    name: stem,
                    size_bytes,
                    provider: None,
                    created_at: now,
                    updated_at: now,
                };
                files::insert(tx, &file).await?;
                Ok(file)
            })
        })
        .await;
    if stored.is_err() {
        let _ = area.remove(&target).await;
    }
    stored.map_err(taken)
}

/// Adds an upload to the end of the file of that name, or makes it.
pub async fn append(app: &Arc<App>, who: &Principal, name: &str, upload: Incoming) -> AppResult<File> {
    let (app, owner, name) = (Arc::clone(app), who.user_id, names::clean(name));
    to_its_end(async move { add(&app, owner, name, upload).await }).await
}

async fn add(app: &App, owner: Uuid, name: String, upload: Incoming) -> AppResult<File> {
    let (stem, _) = names::split(&name);
    let _turn = app.file_turns.take(owner, stem).await;
    let Some(file) = files::find_by_name(&app.store, owner, stem).await? else {
        return place(app, owner, name, upload).await;
    };
    let (area, target) = (FileArea::of(app), key(&file));
    let joined = join(app, open(app, &file).await?.path(), upload).await?;
    let now = app.clock.now();
    let size_bytes = i64::try_from(joined.size_bytes()).unwrap_or(i64::MAX);
    area.place(joined, &target).await?;
    let saved: AppResult<File> = app
        .store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut file = files::lock(tx, owner, file.id).await?.ok_or_else(not_found)?;
                file.size_bytes = size_bytes;
                file.updated_at = now;
                files::save(tx, &file).await?;
                Ok(file)
            })
        })
        .await;
    if saved.as_ref().is_err_and(|error| error.kind == ErrorKind::NotFound) {
        // It was deleted meanwhile: its bytes are nobody's.
        let _ = area.remove(&target).await;
    }
    saved
}

/// The bytes at `first`, then those of the upload, as one upload.
async fn join(app: &App, first: &Path, upload: Incoming) -> AppResult<Incoming> {
    let area = FileArea::of(app);
    let limit = app.settings.http.max_file_size_upload_mb.saturating_mul(1024 * 1024);
    let tail = area.incoming().join(app.ids.random().to_string());
    upload.place(&tail).await?;
    let mut joined = Incoming::begin(&area, &*app.ids, limit).await?;
    let mut outcome = Ok(());
    for part in [first, tail.as_path()] {
        outcome = copy(part, &mut joined).await;
        if outcome.is_err() {
            break;
        }
    }
    let _ = fs::remove_file(&tail).await;
    outcome.map(|()| joined)
}

/// Adds the bytes of a file to an upload.
pub(crate) async fn copy(from: &Path, to: &mut Incoming) -> AppResult<()> {
    let mut file = fs::File::open(from).await.map_err(disk)?;
    let mut piece = vec![0; COPY_BYTES];
    loop {
        let count = file.read(&mut piece).await.map_err(disk)?;
        match piece.get(..count) {
            Some(bytes) if count > 0 => to.write(bytes).await?,
            _ => return Ok(()),
        }
    }
}

/// Gives a file another name; its path stays.
pub async fn rename(app: &App, who: &Principal, id: Uuid, name: String) -> AppResult<File> {
    let (owner, now) = (who.user_id, app.clock.now());
    let name = names::clean(&name);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut file = files::lock(tx, owner, id).await?.ok_or_else(not_found)?;
                file.name = name;
                file.updated_at = now;
                files::save(tx, &file).await.map_err(taken)?;
                Ok(file)
            })
        })
        .await
}

/// Deletes files of the caller and answers what they were.
pub async fn delete(app: &App, who: &Principal, ids: Vec<Uuid>) -> AppResult<Vec<File>> {
    let owner = who.user_id;
    let gone =
        app.store.write(move |tx| Box::pin(async move { files::delete(tx, owner, &ids).await })).await?;
    let area = FileArea::of(app);
    for file in &gone {
        if let Err(error) = area.remove(&key(file)).await {
            tracing::warn!(file = %file.id, %error, "the bytes of a deleted file could not be removed: {error}");
        }
    }
    Ok(gone)
}

/// Files of the caller by id; one that is missing refuses all.
pub async fn find_many(app: &App, who: &Principal, ids: &[Uuid]) -> AppResult<Vec<File>> {
    if ids.is_empty() {
        return Err(AppError::bad_request("No file IDs provided"));
    }
    let found = files::find_many(&app.store, who.user_id, ids).await?;
    if found.is_empty() { Err(AppError::not_found("No files found")) } else { Ok(found) }
}

/// A zip of these files in a place of its own, to be streamed and removed.
pub async fn zip(app: &App, chosen: Vec<File>) -> AppResult<PathBuf> {
    let mut sources = Vec::with_capacity(chosen.len());
    for file in &chosen {
        sources.push((download_name(file), open(app, file).await?));
    }
    let folder = FileArea::of(app).incoming();
    fs::create_dir_all(&folder).await.map_err(disk)?;
    let target = folder.join(app.ids.random().to_string());
    let made = target.clone();
    tokio::task::spawn_blocking(move || crate::flows::archive::write_files(&made, &sources))
        .await
        .map_err(AppError::internal)??;
    Ok(target)
}

fn taken(error: StoreError) -> AppError {
    match error.taken() {
        Some(Unique::FileName | Unique::FilePath) => AppError::conflict("A file of this name exists already"),
        _ => error.into(),
    }
}
