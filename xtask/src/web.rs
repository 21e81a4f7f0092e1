//! The editor in `web/`: dependencies, build, tests.

use crate::shell::{has, install, root, run_and_keep, run_in, say, step, target_dir};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The editor's folder, if the checkout has one.
pub fn folder() -> Option<PathBuf> {
    let folder = root().join("web");
    folder.join("package.json").is_file().then_some(folder)
}

/// Installs what the lock file names, without running anybody's scripts, unless it is there already.
pub fn prepare(folder: &Path) -> Result<()> {
    for program in ["node", "npm"] {
        if !has(program) {
            bail!("{program} is missing: install Node.js 20 or newer (Debian: apt-get install nodejs npm)");
        }
    }
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&folder.join("package-lock.json")) {
        run_in(folder, "npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    }
    Ok(())
}

/// Builds the editor into `web/dist`, from where it goes into the program.
pub fn build() -> Result<()> {
    let Some(folder) = folder() else {
        say("web/ is not there: the server comes without an editor");
        return Ok(());
    };
    step("editor");
    prepare(&folder)?;
    if is_built(&folder) {
        say("web/dist is up to date");
        return Ok(());
    }
    run_in(&folder, "npm", &["run", "build"])
}

/// Lints, unit tests and, where a browser is to be had, browser tests against the real server. Gives the
/// lines with counts.
pub fn test() -> Result<Vec<String>> {
    let Some(folder) = folder() else { return Ok(Vec::new()) };
    step("editor: lint and unit tests");
    prepare(&folder)?;
    let script = |name: &str| {
        let mut command = Command::new("npm");
        command.args(["run", "--if-present", name]).current_dir(&folder);
        // The browser tests start the program that was built before.
        command.env("LANGFLOW_BIN", target_dir().join("debug/langflow"));
        run_and_keep(&mut command, is_count)
    };
    script("lint")?;
    let mut counts = script("test")?;
    step("editor: browser tests");
    if has("chromium") || install(&["chromium"]) {
        counts.extend(script("e2e")?);
    } else {
        say("skipped: there is no chromium");
    }
    Ok(counts)
}

/// `Tests  12 passed (12)` of the unit tests, `12 of 12 steps passed` of the browser tests.
fn is_count(line: &str) -> bool {
    (line.contains(" passed") && line.contains('(')) || line.ends_with(" steps passed")
}

/// Whether the build is newer than everything it is made from.
fn is_built(folder: &Path) -> bool {
    let Some(built) = modified(&folder.join("dist/index.html")) else { return false };
    let sources = ["src", "public", "index.html", "package-lock.json", "vite.config.ts"];
    sources.iter().all(|source| newest(&folder.join(source)) <= Some(built))
}

fn newest(path: &Path) -> Option<std::time::SystemTime> {
    let own = modified(path);
    let Ok(entries) = std::fs::read_dir(path) else { return own };
    entries.filter_map(Result::ok).map(|entry| newest(&entry.path())).fold(own, Option::max)
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}
