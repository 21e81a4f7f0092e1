//! Published client libraries against the built program: `tests/clients`.

use crate::shell::{has, root, run, run_and_keep, run_in, say, step, target_dir};
use anyhow::{Context as _, Result};
use std::path::Path;
use std::process::Command;

/// Installs what the lock files name below the target folder, and runs the tests. Gives the lines with counts.
pub fn test(only: &[String]) -> Result<Vec<String>> {
    step("client libraries");
    for program in ["python3", "node", "npm"] {
        if !has(program) {
            say(&format!("skipped: there is no {program}"));
            return Ok(Vec::new());
        }
    }
    let tests = root().join("tests/clients");
    let folder = target_dir().join("clients");
    let python = install_python(&tests, &folder)?;
    let modules = install_node(&tests, &folder)?;
    run(
        "cargo",
        &["build", "--quiet", "--locked", "--package", "langflow-server", "--package", "langflow-testkit"],
    )?;
    let programs = target_dir().join("debug");
    let mut command = Command::new(python);
    command.arg(tests.join("harness.py")).arg(modules).args(only);
    command.env("LANGFLOW_BIN", programs.join("langflow")).env("FAKE_MODEL_BIN", programs.join("fake-model"));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    run_and_keep(&mut command, |line| line.ends_with("client tests passed"))
}

/// A virtual environment of its own; made again when the list has changed.
fn install_python(tests: &Path, folder: &Path) -> Result<std::path::PathBuf> {
    let (venv, list) = (folder.join("python"), tests.join("requirements.txt"));
    let python = venv.join("bin/python");
    if !is_current(&list, &venv.join("installed.txt"))? {
        run("python3", &["-m", "venv", "--clear", &venv.to_string_lossy()])?;
        let list = list.to_string_lossy();
        run(
            &python.to_string_lossy(),
            &["-m", "pip", "install", "--quiet", "--no-deps", "--requirement", &list],
        )?;
        std::fs::copy(tests.join("requirements.txt"), venv.join("installed.txt"))?;
    }
    Ok(python)
}

fn install_node(tests: &Path, folder: &Path) -> Result<std::path::PathBuf> {
    let modules = folder.join("node");
    let lock = tests.join("package-lock.json");
    if !is_current(&lock, &modules.join("installed.json"))? {
        std::fs::create_dir_all(&modules)?;
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(tests.join(name), modules.join(name))?;
        }
        run_in(&modules, "npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
        std::fs::copy(&lock, modules.join("installed.json"))?;
    }
    Ok(modules)
}

/// Whether what is installed is what the list names.
fn is_current(list: &Path, installed: &Path) -> Result<bool> {
    let wanted = std::fs::read(list).with_context(|| format!("cannot read {}", list.display()))?;
    Ok(std::fs::read(installed).is_ok_and(|known| known == wanted))
}
