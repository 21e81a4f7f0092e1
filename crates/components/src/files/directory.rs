//! Directory.

use super::document::{self, MAX_FILE};
use crate::heavy;
use langflow_core::prelude::*;
use serde_json::json;

/// Most files of one node.
const MAX_FILES: usize = 500;
/// Most bytes of all files of one node.
const MAX_TOTAL: usize = 256 * 1024 * 1024;
const TYPES: [&str; 18] = [
    "csv", "json", "pdf", "txt", "md", "mdx", "yaml", "yml", "xml", "html", "htm", "docx", "py", "sh", "sql",
    "js", "ts", "tsx",
];

/// Reads all files that the user has uploaded.
///
/// Folders of the machine are out of reach; the files of a user have no folders in them, so that depth and recursion
/// change nothing.
#[derive(Component)]
#[component(
    id = "Directory",
    class = "DirectoryComponent",
    title = "Directory",
    icon = "folder",
    category = "files_and_knowledge",
    module = "lfx.components.files_and_knowledge.directory.DirectoryComponent",
    documentation = "https://docs.langflow.org/directory",
    legacy,
    replacement = ["files_and_knowledge.File"],
    examples = EXAMPLES
)]
pub struct DirectoryComponent {
    /// The folder: `.` for the files of the user.
    #[input(title = "Path", tool_mode, default = ".")]
    path: String,
    /// Kinds of files to read. None: all that can be read.
    #[input(title = "File Types", kind = Multiselect, list, options = TYPES, default = json!([]))]
    types: Many<String>,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Depth")]
    #[expect(dead_code, reason = "stored flows carry it")]
    depth: i64,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Max Concurrency", advanced, default = 2)]
    #[expect(dead_code, reason = "stored flows carry it")]
    max_concurrency: i64,
    /// Reads files too whose names begin with a dot.
    #[input(title = "Load Hidden", advanced)]
    load_hidden: bool,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Recursive", advanced)]
    #[expect(dead_code, reason = "stored flows carry it")]
    recursive: bool,
    /// Leaves out files that cannot be read.
    #[input(title = "Silent Errors", advanced)]
    silent_errors: bool,
    /// Kept for stored flows; it changes nothing.
    #[input(title = "Use Multithreading", advanced)]
    #[expect(dead_code, reason = "stored flows carry it")]
    use_multithreading: bool,
}

#[outputs]
impl DirectoryComponent {
    /// One row for each file: its path and its text.
    #[output(name = "dataframe", title = "Loaded Files")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        let mut rows = Vec::new();
        let mut total = 0;
        for path in self.paths(cx).await? {
            match read(&path, &mut total, cx).await {
                Ok(text) => {
                    let row = [("file_path".to_owned(), json!(path)), ("text".to_owned(), json!(text))];
                    rows.push(JsonMap::from_iter(row));
                }
                Err(fault) if self.silent_errors => cx.log("Error", fault.message()),
                Err(fault) => return Err(fault.at_field("path")),
            }
        }
        Ok(Table::from_rows(rows))
    }
}

impl DirectoryComponent {
    async fn paths(&self, cx: &Cx) -> Result<Vec<String>, Fault> {
        let folder = self.path.trim().trim_end_matches('/');
        let own = cx.scope().user_id.map(|id| id.to_string()).unwrap_or_default();
        if !["", ".", own.as_str()].contains(&folder) {
            return Err(Fault::refused(format!(
                "'{folder}' is a folder of the machine, which is out of reach: upload the files and write '.'"
            ))
            .at_field("path"));
        }
        if let Some(other) = self.types.0.iter().find(|kind| !TYPES.contains(&kind.as_str())) {
            return Err(Fault::invalid(format!("'{other}' is not one of the kinds: {}", TYPES.join(", ")))
                .at_field("types"));
        }
        let mut paths = cx.files().list().await?;
        paths.retain(|path| {
            let extension = document::extension(path);
            let is_hidden = path.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
            let is_wanted = match self.types.0.as_slice() {
                [] => TYPES.contains(&extension.as_str()),
                types => types.contains(&extension),
            };
            is_wanted && (self.load_hidden || !is_hidden)
        });
        if paths.len() > MAX_FILES {
            let why = format!("there are more than {MAX_FILES} files; choose their kinds");
            return Err(Fault::invalid(why).at_field("types"));
        }
        Ok(paths)
    }
}

async fn read(path: &str, total: &mut usize, cx: &Cx) -> Result<String, Fault> {
    let bytes = cx.files().read(path, MAX_FILE).await?;
    *total += bytes.len();
    if *total > MAX_TOTAL {
        return Err(Fault::invalid(format!("the files are together larger than {MAX_TOTAL} bytes")));
    }
    let (extension, name) = (document::extension(path), path.to_owned());
    heavy::run(move || {
        let content = document::read(&bytes, &extension, "");
        content.map(|content| content.text).map_err(|why| Fault::invalid(format!("'{name}': {why}")))
    })
    .await
}

examples! {
    "No files": {} => dataframe: [];
    "A folder of the machine": {"path": "/etc"} => fails "out of reach";
    "No such kind": {"types": ["exe"]} => fails "not one of the kinds";
}
