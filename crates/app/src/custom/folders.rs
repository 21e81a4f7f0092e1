//! Components of the operator's folders (`LANGFLOW_COMPONENTS_PATH`): one folder per category, one file per
//! component. Their code counts as approved.

use super::policy::code_id;
use crate::App;
use langflow_core::Json;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Files that are read at most, and how large each may be.
const MAX_FILES: usize = 2000;
const MAX_BYTES: u64 = 1 << 20;

/// What the folders held.
#[derive(Debug, Default)]
pub struct FolderComponents {
    /// Category, type key, entry of the catalogue.
    pub entries: Vec<(String, String, Json)>,
    /// Ids of their code.
    pub(crate) code: HashSet<String>,
}

/// Reads the folders once, at the start. A file that is no component is told in the log and left out.
///
/// Gives the number of components.
pub async fn load_folders(app: &App, folders: &[String]) -> usize {
    let Some(custom) = app.catalogue.custom().filter(|_| !folders.is_empty()) else { return 0 };
    let folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    let files =
        tokio::task::spawn_blocking(move || folders.iter().flat_map(|f| sources(f)).collect::<Vec<_>>());
    let mut found = FolderComponents::default();
    for (category, path, code) in files.await.unwrap_or_default().into_iter().take(MAX_FILES) {
        match custom.describe(Uuid::nil(), &code).await {
            Ok(described) => {
                let key =
                    described.node.get("name").and_then(Json::as_str).unwrap_or(&described.kind).to_owned();
                found.code.insert(code_id(&code));
                found.entries.push((category, key, described.node));
            }
            Err(fault) => {
                tracing::warn!(file = %path.display(), error = %fault, "a file of LANGFLOW_COMPONENTS_PATH is no component");
            }
        }
    }
    let count = found.entries.len();
    // Set once: the server loads its folders before it serves.
    let _ = app.folder_components.set(found);
    count
}

/// Category, path and text of every Python file, in the order of their names.
fn sources(folder: &Path) -> Vec<(String, PathBuf, String)> {
    let mut all = Vec::new();
    for path in listed(folder) {
        if path.is_dir() {
            let category =
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            all.extend(listed(&path).into_iter().filter_map(|file| source(&category, file)));
        } else {
            all.extend(source("custom_components", path));
        }
    }
    all
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn source(category: &str, path: PathBuf) -> Option<(String, PathBuf, String)> {
    let name = path.file_name()?.to_str()?;
    if !name.ends_with(".py") || name.starts_with('_') || path.metadata().ok()?.len() > MAX_BYTES {
        return None;
    }
    let code = std::fs::read_to_string(&path).ok()?;
    Some((category.to_owned(), path, code))
}
