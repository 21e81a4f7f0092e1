//! An upload on its way to disk: written as it comes, counted, hashed, gone if it is not finished.

use super::area::FileArea;
use super::disk;
use crate::error::{AppError, AppResult, ErrorKind};
use langflow_core::ids::Ids;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;

/// Writes to a file that only [`Incoming::place`] gives a lasting name.
pub struct Incoming {
    path: PathBuf,
    file: Option<File>,
    hash: Sha256,
    size_bytes: u64,
    limit_bytes: u64,
}

impl Incoming {
    pub async fn begin(area: &FileArea, ids: &dyn Ids, limit_bytes: u64) -> AppResult<Self> {
        let folder = area.incoming();
        fs::create_dir_all(&folder).await.map_err(disk)?;
        let path = folder.join(ids.random().to_string());
        let file = OpenOptions::new().write(true).create_new(true).open(&path).await.map_err(disk)?;
        Ok(Self { path, file: Some(file), hash: Sha256::new(), size_bytes: 0, limit_bytes })
    }

    pub async fn write(&mut self, piece: &[u8]) -> AppResult<()> {
        self.size_bytes += piece.len() as u64;
        if self.size_bytes > self.limit_bytes {
            let megabytes = self.limit_bytes / (1024 * 1024);
            let text = format!("File size is larger than the maximum file size {megabytes}MB.");
            return Err(AppError::new(ErrorKind::TooLarge, text));
        }
        self.hash.update(piece);
        match &mut self.file {
            Some(file) => file.write_all(piece).await.map_err(disk),
            None => Err(AppError::bug("an upload was written after its end")),
        }
    }

    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// All that came, read back. Nothing can be written after.
    pub async fn bytes(&mut self) -> AppResult<Vec<u8>> {
        fs::read(self.settled().await?).await.map_err(disk)
    }

    /// Where the bytes lie while this lives, all of them written. Nothing can be written after.
    pub(super) async fn settled(&mut self) -> AppResult<&Path> {
        if let Some(mut file) = self.file.take() {
            file.flush().await.map_err(disk)?;
        }
        Ok(&self.path)
    }

    /// SHA-256 of what came, as lower-case hex.
    pub fn sha256(&self) -> String {
        let digest = self.hash.clone().finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Makes the bytes durable and gives them this name, replacing what lies there.
    pub async fn place(mut self, target: &Path) -> AppResult<()> {
        if let Some(mut file) = self.file.take() {
            file.flush().await.map_err(disk)?;
            file.sync_all().await.map_err(disk)?;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).await.map_err(disk)?;
        }
        fs::rename(&self.path, target).await.map_err(disk)?;
        self.path = PathBuf::new();
        Ok(())
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // An unlink of a file nobody else knows; there is no runtime to wait on in a drop.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
