//! Where files lie on disk.

use crate::ctx::App;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The folder of the server's files. All paths below it are made of ids and cleaned names.
#[derive(Clone, Debug)]
pub struct FileArea {
    root: PathBuf,
}

impl FileArea {
    pub fn of(app: &App) -> Self {
        Self { root: app.settings.paths.config_dir.join("files") }
    }

    /// Attachments of a flow.
    pub fn chat(&self, flow: Uuid) -> PathBuf {
        self.root.join("chat").join(flow.to_string())
    }

    /// Files of visitors, by visitor and flow.
    pub fn visitors(&self) -> PathBuf {
        self.root.join("visitors")
    }

    /// Files of one visitor of one flow, by the id that the two have together.
    pub fn visitor(&self, id: Uuid) -> PathBuf {
        self.visitors().join(id.to_string())
    }

    /// The bytes of a user's file.
    pub fn blob(&self, user: Uuid, file: Uuid) -> PathBuf {
        self.root.join("user").join(user.to_string()).join(file.to_string())
    }

    /// Folders of the bytes of users' files, by user.
    pub fn users(&self) -> PathBuf {
        self.root.join("user")
    }

    /// Uploads under way. What a crash leaves here is no file of anybody.
    pub fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }
}

/// `folder/name`, if `name` is one plain part of a path.
pub(super) fn child(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut parts = Path::new(name).components();
    let plain = matches!((parts.next(), parts.next()), (Some(std::path::Component::Normal(_)), None));
    (plain && !name.contains(['/', '\\', '\0'])).then(|| folder.join(name))
}
