//! Files as a run sees them: the owner's own, and those of the flow that runs.

use super::area::StoredFile;
use super::{FileArea, Incoming, user};
use crate::ctx::App;
use crate::error::{AppError, ErrorKind};
use crate::principal::Principal;
use bytes::Bytes;
use langflow_core::run::Files;
use langflow_core::{Fault, FaultKind, async_trait};
use langflow_store::files;
use std::sync::Arc;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

/// The files one run may touch.
pub struct RunFiles {
    pub app: Arc<App>,
    /// Whose flow it is.
    pub who: Principal,
    pub flow_id: Uuid,
}

impl RunFiles {
    /// The file of a storage path (`<user id>/<file>` or `<flow id>/<file>`).
    async fn open(&self, path: &str) -> Result<StoredFile, Fault> {
        let missing = || Fault::missing(format!("file `{path}` is not there"));
        let (folder, name) = path.split_once('/').ok_or_else(missing)?;
        let folder = Uuid::parse_str(folder).map_err(|_| {
            Fault::refused(format!("`{path}` is not an uploaded file; files of the machine are out of reach"))
        })?;
        if folder == self.flow_id {
            let area = FileArea::of(&self.app);
            // A visitor's run has an id made of visitor and flow (version 5), which no stored flow can have.
            let is_visitor = folder.get_version() == Some(uuid::Version::Sha1);
            let place = if is_visitor { area.visitor(folder) } else { area.chat(folder) };
            let key = place.child(name).ok_or_else(missing)?;
            return area.open(&key).await.map_err(unreachable)?.ok_or_else(missing);
        }
        let found = files::find_by_path(&self.app.store, self.who.user_id, path).await;
        let file = found.map_err(|error| unavailable(error.to_string()))?.ok_or_else(missing)?;
        match user::open(&self.app, &file).await {
            Err(error) if error.kind == ErrorKind::NotFound => Err(missing()),
            opened => opened.map_err(unreachable),
        }
    }
}

#[async_trait]
impl Files for RunFiles {
    async fn read(&self, path: &str, limit: usize) -> Result<Bytes, Fault> {
        let stored = self.open(path).await?;
        let file = tokio::fs::File::open(stored.path())
            .await
            .map_err(|_| Fault::missing(format!("file `{path}` is not there")))?;
        let mut content = Vec::new();
        let read = file.take(limit as u64 + 1).read_to_end(&mut content).await;
        read.map_err(|error| unavailable(format!("file `{path}` cannot be read: {error}")))?;
        if content.len() > limit {
            return Err(Fault::invalid(format!("file `{path}` is larger than {limit} bytes")));
        }
        Ok(content.into())
    }

    async fn list(&self) -> Result<Vec<String>, Fault> {
        let files = files::list(&self.app.store, self.who.user_id).await;
        let mut files = files.map_err(|error| unavailable(error.to_string()))?;
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(files.into_iter().map(|file| file.path).collect())
    }

    async fn write(&self, name: &str, content: Bytes) -> Result<String, Fault> {
        let failed = |error: crate::AppError| unavailable(format!("file `{name}` cannot be stored: {error}"));
        let area = FileArea::of(&self.app);
        let mut upload =
            Incoming::begin(&area, &*self.app.ids, content.len() as u64).await.map_err(failed)?;
        upload.write(&content).await.map_err(failed)?;
        Ok(user::store(&self.app, &self.who, name, upload).await.map_err(failed)?.path)
    }
}

fn unreachable(error: AppError) -> Fault {
    unavailable(error.to_string()).with_source(error)
}

fn unavailable(why: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Unavailable, why)
}
