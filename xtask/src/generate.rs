//! Files made from code: written by `gen`, compared by `gen --check`.

use crate::shell::{has, root, run, run_command, say, step, target_dir};
use crate::web;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Folders that hold nothing but generated files.
const FOLDERS: &[&str] = &["docs/reference", CLIENT];

/// The types by which the editor calls the API.
const CLIENT: &str = "web/src/api/__generated__";

pub fn generate() -> Result<()> {
    let made = made()?;
    for stale in committed()?.into_keys().filter(|path| !made.contains_key(path)) {
        std::fs::remove_file(root().join(&stale))?;
        say(&format!("removed {}", stale.display()));
    }
    for (path, text) in &made {
        let path = root().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(root()))?;
        std::fs::write(path, text)?;
    }
    say(&format!("wrote {} files", made.len()));
    Ok(())
}

/// Fails if a committed file is not what the code makes.
pub fn check() -> Result<()> {
    let made = made()?;
    let mut stale: Vec<String> = made
        .iter()
        .filter(|(path, text)| std::fs::read_to_string(root().join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path.display().to_string())
        .collect();
    let left = committed()?.into_keys().filter(|path| !made.contains_key(path));
    stale.extend(left.map(|path| path.display().to_string()));
    if stale.is_empty() {
        say("generated files are up to date");
        return Ok(());
    }
    bail!("stale: {}\nrun `cargo xtask gen` and commit what it writes", stale.join(", "))
}

/// What the code makes: paths within the repository and texts.
fn made() -> Result<BTreeMap<PathBuf, String>> {
    step("generated files");
    run("cargo", &["build", "--quiet", "--locked", "--package", "langflow-server"])?;
    let folder = target_dir().join("xtask-generated");
    let _ = std::fs::remove_dir_all(&folder);
    let program = target_dir().join("debug/langflow");
    run_command(Command::new(program).arg("generate").arg(&folder).stdout(Stdio::null()))?;
    write_client(&folder)?;
    files_below(&folder, &folder)
}

/// Writes the editor's types from the OpenAPI document. Where there is no Node, what is committed stands.
fn write_client(folder: &Path) -> Result<()> {
    let client = folder.join(CLIENT);
    std::fs::create_dir_all(&client)?;
    let Some(web) = web::folder().filter(|_| has("node") && has("npm")) else {
        say("the editor's types are left as they are: Node is missing");
        for (path, text) in files_below(root(), &root().join(CLIENT))? {
            std::fs::write(folder.join(path), text)?;
        }
        return Ok(());
    };
    web::prepare(&web)?;
    let mut command = Command::new("node");
    command
        .arg(web.join("node_modules/openapi-typescript/bin/cli.js"))
        .arg(folder.join("docs/reference/openapi.json"))
        .args(["--alphabetize", "--output"])
        .arg(client.join("schema.ts"));
    run_command(command.current_dir(&web).stdout(Stdio::null()).stderr(Stdio::null()))
}

/// What stands in the folders of generated files now.
fn committed() -> Result<BTreeMap<PathBuf, String>> {
    let mut all = BTreeMap::new();
    for folder in FOLDERS {
        all.append(&mut files_below(root(), &root().join(folder))?);
    }
    Ok(all)
}

/// Every file below `folder`, by its path relative to `base`.
fn files_below(base: &Path, folder: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut all = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(all) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            all.append(&mut files_below(base, &path)?);
        } else {
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            all.insert(path.strip_prefix(base)?.to_owned(), text);
        }
    }
    Ok(all)
}
