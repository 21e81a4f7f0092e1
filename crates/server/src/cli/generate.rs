//! Files of the repository that are made from code; called by `cargo xtask gen`.

use crate::config::document;
use crate::output::say;
use anyhow::{Context as _, Result};
use clap::Args;
use langflow_components::reference;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// Folder to write into.
    folder: PathBuf,
}

pub fn generate(args: &GenerateArgs) -> Result<()> {
    for (path, text) in files()? {
        let path = args.folder.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        say(path.display());
    }
    Ok(())
}

fn files() -> Result<Vec<(String, String)>> {
    let mut openapi = serde_json::to_string_pretty(&langflow_api::routes::all().openapi())?;
    openapi.push('\n');
    let mut files = vec![
        (".env.example".to_owned(), document::env_example()),
        ("docs/reference/settings.md".to_owned(), document::reference()),
        ("docs/reference/openapi.json".to_owned(), openapi),
    ];
    let pages = reference::pages(&langflow_components::catalogue());
    files.extend(
        pages.into_iter().map(|page| (format!("docs/reference/components/{}", page.file_name), page.text)),
    );
    Ok(files)
}
