//! Files of users and attachments of chats, with their bytes.

use super::{BATCH, Import};
use crate::AppResult;
use crate::files::area::Key;
use crate::files::{FileArea, Incoming, names, user};
use crate::flows::names::free_name;
use langflow_core::Json;
use langflow_store::files::{self, File};
use langflow_store::langflow::ForeignRow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use tokio::fs;
use uuid::Uuid;

/// Langflow keeps lists of MCP servers as files of this name.
const HIDDEN: &str = "_mcp_servers";

impl Import<'_> {
    pub(super) async fn files(&mut self) -> AppResult<()> {
        self.report.files.found = self.source.database.count("file").await?;
        if self.source.folder.is_none() {
            self.report.files.left_out = self.report.files.found;
            if self.report.files.found > 0 {
                self.report.note("Files are left out: name the data folder of Langflow with --folder.");
            }
            return Ok(());
        }
        let mut after = None;
        let mut taken: HashMap<Uuid, Vec<String>> = HashMap::new();
        loop {
            let rows = self.page("file", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                self.take_file(&row, &mut taken).await?;
            }
        }
    }

    async fn take_file(&mut self, row: &ForeignRow, taken: &mut HashMap<Uuid, Vec<String>>) -> AppResult<()> {
        let path = row.string("path");
        let owner = row.uuid("user_id").and_then(|id| self.users.get(&id).copied());
        let (Some(id), Some(owner)) = (row.uuid("id"), owner) else {
            self.report.files.left_out += 1;
            return Ok(());
        };
        if files::find(&self.app.store, owner, id).await?.is_some() {
            self.report.files.present += 1;
            return Ok(());
        }
        let bytes = self.source.folder.as_deref().and_then(|folder| below(folder, &path));
        let size = match &bytes {
            Some(bytes) => plain_file(bytes).await,
            None => None,
        };
        let (Some(bytes), Some(size)) = (bytes, size) else {
            if !row.string("name").starts_with(HIDDEN) {
                self.report.note(format!("The file {path:?} is left out: it is not in the folder."));
            }
            self.report.files.left_out += 1;
            return Ok(());
        };
        if row.string("name").starts_with(HIDDEN) {
            self.report.files.left_out += 1;
            return self.list_servers(owner, &bytes).await;
        }
        let used = match taken.entry(owner) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                entry.insert(files::names_starting_with(&self.app.store, owner, "").await?)
            }
        };
        let wanted = row.string("name");
        let name = free_name(&wanted, used);
        used.push(name.clone());
        let last = path.rsplit('/').next().unwrap_or_default();
        let is_same = name == wanted && row.uuid("user_id") == Some(owner);
        let now = self.app.clock.now();
        let file = File {
            id,
            user_id: owner,
            path: if is_same {
                path.clone()
            } else {
                let extension = Some(names::split(last).1).filter(|text| !text.is_empty());
                format!("{owner}/{name}{}", extension.map(|text| format!(".{text}")).unwrap_or_default())
            },
            name,
            size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
            provider: row.text("provider").map(str::to_owned),
            created_at: row.time("created_at").unwrap_or(now),
            updated_at: row.time("updated_at").unwrap_or(now),
        };
        if !is_same {
            self.report.note(format!(
                "The file {path:?} is now {:?}: flows that name it must be changed.",
                file.path
            ));
        }
        self.report.files.taken += 1;
        if self.applies {
            self.keep(&bytes, &Key::blob(owner, id)).await?;
            self.app.store.write(move |tx| Box::pin(async move { files::insert(tx, &file).await })).await?;
        }
        Ok(())
    }

    /// Takes a copy of a file under this key.
    async fn keep(&self, from: &Path, key: &Key) -> AppResult<()> {
        let area = FileArea::of(self.app);
        let mut upload = Incoming::begin(&area, &*self.app.ids, u64::MAX).await?;
        user::copy(from, &mut upload).await?;
        area.place(upload, key).await
    }

    /// Remembers the MCP servers that a file of an old release lists.
    async fn list_servers(&mut self, owner: Uuid, path: &Path) -> AppResult<()> {
        let listed = fs::read(path).await.ok().and_then(|bytes| serde_json::from_slice::<Json>(&bytes).ok());
        let servers = listed.as_ref().and_then(|file| file.get("mcpServers")).and_then(Json::as_object);
        match servers {
            Some(servers) => self.listed_servers.push((owner, servers.clone())),
            None => self.report.note(format!("The list of MCP servers {} cannot be read.", path.display())),
        }
        Ok(())
    }

    /// What lies in `<folder>/<flow id>` was sent with chat messages of the flow.
    pub(super) async fn attachments(&mut self) -> AppResult<()> {
        let Some(folder) = self.source.folder.clone() else { return Ok(()) };
        let flows: Vec<Uuid> = self.flows.keys().copied().collect();
        for flow in flows {
            let Ok(mut entries) = fs::read_dir(folder.join(flow.to_string())).await else { continue };
            while let Ok(Some(entry)) = entries.next_entry().await {
                let Ok(name) = entry.file_name().into_string() else { continue };
                if plain_file(&entry.path()).await.is_none() {
                    continue;
                }
                self.report.attachments.found += 1;
                let area = FileArea::of(self.app);
                let Some(target) = area.chat(flow).child(&name) else { continue };
                if area.exists(&target).await? {
                    self.report.attachments.present += 1;
                    continue;
                }
                self.report.attachments.taken += 1;
                if self.applies {
                    self.keep(&entry.path(), &target).await?;
                }
            }
        }
        Ok(())
    }
}

/// `<folder>/<user>/<name>`, if the stored path is made so.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let (user, name) = path.split_once('/')?;
    Uuid::try_parse(user).ok()?;
    let is_plain = !name.is_empty() && !name.contains(['/', '\\', '\0']) && name != "." && name != "..";
    is_plain.then(|| folder.join(user).join(name))
}

/// The size of a file that is no link.
async fn plain_file(path: &Path) -> Option<u64> {
    fs::symlink_metadata(path).await.ok().filter(std::fs::Metadata::is_file).map(|data| data.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_paths_stay_in_the_folder() {
        let user = "f07c74f0-0e49-430d-9327-d43325efc59b";
        let folder = Path::new("/data");
        assert_eq!(below(folder, &format!("{user}/a.txt")), Some(folder.join(user).join("a.txt")));
        for path in [
            "",
            "a.txt",
            "../a.txt",
            "x/a.txt",
            &format!("{user}/../x"),
            &format!("{user}/.."),
            "/etc/passwd",
        ] {
            assert_eq!(below(folder, path), None, "{path}");
        }
    }
}
