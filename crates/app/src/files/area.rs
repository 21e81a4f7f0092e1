//! Where files lie: in a folder of the server, or in a store that servers share.

use super::{Incoming, disk};
use crate::ctx::App;
use crate::error::{AppError, AppResult};
use chrono::{DateTime, Utc};
use langflow_core::Fault;
use langflow_core::ids::Ids;
use langflow_core::shared_files::SharedFiles;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::fs;
use uuid::Uuid;

/// The files of the server. All keys are made of ids and cleaned names.
#[derive(Clone)]
pub struct FileArea {
    root: PathBuf,
    shared: Option<Arc<dyn SharedFiles>>,
    /// For the names of copies.
    ids: Arc<dyn Ids>,
    now: DateTime<Utc>,
}

impl FileArea {
    pub fn of(app: &App) -> Self {
        Self {
            root: app.settings.paths.config_dir.join("files"),
            shared: app.shared_files.clone(),
            ids: Arc::clone(&app.ids),
            now: app.clock.now(),
        }
    }

    /// Attachments of a flow.
    pub fn chat(&self, flow: Uuid) -> Folder {
        Folder(format!("chat/{flow}"))
    }

    /// Files of visitors, by visitor and flow.
    pub fn visitors(&self) -> Folder {
        Folder("visitors".into())
    }

    /// Files of one visitor of one flow, by the id that the two have together.
    pub fn visitor(&self, id: Uuid) -> Folder {
        Folder(format!("visitors/{id}"))
    }

    /// The bytes of users' files, by user.
    pub fn users(&self) -> Folder {
        Folder("user".into())
    }

    /// Uploads under way, always on this machine. What a crash leaves here is no file of anybody.
    pub fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    /// Where a file lies if no store is shared.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.root.join(&key.0)
    }

    /// Makes the bytes of an upload durable under this key, replacing what is there.
    pub async fn place(&self, upload: Incoming, key: &Key) -> AppResult<()> {
        match &self.shared {
            Some(shared) => {
                let mut upload = upload;
                shared.put(&key.0, upload.settled().await?).await.map_err(unreachable)
            }
            None => upload.place(&self.path(key)).await,
        }
    }

    /// A file to read, if it is there.
    pub async fn open(&self, key: &Key) -> AppResult<Option<StoredFile>> {
        let Some(shared) = &self.shared else {
            let path = self.path(key);
            let is_file = fs::symlink_metadata(&path).await.is_ok_and(|data| data.is_file());
            return Ok(is_file.then_some(StoredFile { path, is_copy: false }));
        };
        let folder = self.incoming();
        fs::create_dir_all(&folder).await.map_err(disk)?;
        // Made before it is filled: a reader that leaves takes what there is along.
        let copy = StoredFile { path: folder.join(self.ids.random().to_string()), is_copy: true };
        let is_there = shared.fetch(&key.0, &copy.path).await.map_err(unreachable)?;
        Ok(is_there.then_some(copy))
    }

    pub async fn exists(&self, key: &Key) -> AppResult<bool> {
        match &self.shared {
            Some(shared) => shared.exists(&key.0).await.map_err(unreachable),
            None => fs::try_exists(self.path(key)).await.map_err(disk),
        }
    }

    /// Deletes a file; one that is not there is no failure.
    pub async fn remove(&self, key: &Key) -> AppResult<()> {
        match &self.shared {
            Some(shared) => shared.delete(&key.0).await.map_err(unreachable),
            None => match fs::remove_file(self.path(key)).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(disk(error)),
                _ => Ok(()),
            },
        }
    }

    /// Deletes a folder with all that is in it.
    pub async fn remove_all(&self, folder: &Folder) -> AppResult<()> {
        if self.shared.is_some() {
            let mut listing = self.list(folder);
            while let Some(entries) = listing.next().await? {
                for entry in entries {
                    self.remove(&entry.key).await?;
                }
            }
            return Ok(());
        }
        match fs::remove_dir_all(self.root.join(&folder.0)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(disk(error)),
            _ => Ok(()),
        }
    }

    /// The files of a folder and of the folders in it, some at a time.
    pub fn list(&self, folder: &Folder) -> Listing<'_> {
        Listing { area: self, folders: vec![folder.0.clone()], after: String::new() }
    }
}

fn unreachable(fault: Fault) -> AppError {
    AppError::internal(fault)
}

/// A folder of files.
#[derive(Clone, Debug)]
pub struct Folder(String);

impl Folder {
    /// `folder/name`, if `name` is one plain part of a path.
    pub fn child(&self, name: &str) -> Option<Key> {
        let mut parts = Path::new(name).components();
        let plain = matches!((parts.next(), parts.next()), (Some(std::path::Component::Normal(_)), None));
        (plain && !name.contains(['/', '\\', '\0'])).then(|| Key(format!("{}/{name}", self.0)))
    }
}

/// The key of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The bytes of a user's file.
    pub fn blob(user: Uuid, file: Uuid) -> Self {
        Self(format!("user/{user}/{file}"))
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The part before the last.
    pub fn folder_name(&self) -> &str {
        self.0.rsplit('/').nth(1).unwrap_or_default()
    }
}

/// A file to read: where it lies, or a copy that goes with this.
#[derive(Debug)]
pub struct StoredFile {
    path: PathBuf,
    is_copy: bool,
}

impl StoredFile {
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for StoredFile {
    fn drop(&mut self) {
        if self.is_copy {
            // An unlink of a file nobody else knows; whoever has opened it reads on.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A file of a listing.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Key,
    pub size_bytes: u64,
    /// Since it was last written.
    pub age: Duration,
}

/// Walks over files.
pub struct Listing<'a> {
    area: &'a FileArea,
    /// Still to be read.
    folders: Vec<String>,
    /// The last key of a shared store that was given.
    after: String,
}

impl Listing<'_> {
    /// Some more files; `None` when that were all.
    pub async fn next(&mut self) -> AppResult<Option<Vec<Entry>>> {
        match &self.area.shared {
            Some(shared) => self.next_shared(&**shared).await,
            None => self.next_folder().await,
        }
    }

    async fn next_shared(&mut self, shared: &dyn SharedFiles) -> AppResult<Option<Vec<Entry>>> {
        let Some(folder) = self.folders.first() else { return Ok(None) };
        let found = shared.list(&format!("{folder}/"), &self.after).await.map_err(unreachable)?;
        let Some(last) = found.last() else { return Ok(None) };
        self.after.clone_from(&last.key);
        let entries = found.into_iter().map(|file| Entry {
            key: Key(file.key),
            size_bytes: file.size_bytes,
            age: (self.area.now - file.changed_at).to_std().unwrap_or_default(),
        });
        Ok(Some(entries.collect()))
    }

    async fn next_folder(&mut self) -> AppResult<Option<Vec<Entry>>> {
        while let Some(folder) = self.folders.pop() {
            let mut found = Vec::new();
            let mut entries = match fs::read_dir(self.area.root.join(&folder)).await {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(disk(error)),
            };
            while let Some(entry) = entries.next_entry().await.map_err(disk)? {
                let (Ok(name), Ok(data)) = (entry.file_name().into_string(), entry.metadata().await) else {
                    continue;
                };
                if data.is_dir() {
                    self.folders.push(format!("{folder}/{name}"));
                } else if data.is_file() {
                    let age = data.modified().ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
                    found.push(Entry { key: Key(format!("{folder}/{name}")), size_bytes: data.len(), age });
                }
            }
            if !found.is_empty() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
