//! Running other programs, and saying what is going on.

use anyhow::{Context as _, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The repository's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where cargo puts what it builds.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A heading between steps.
pub fn step(text: &str) {
    say(&format!("\n=== {text}"));
}

/// Runs a program in the repository's folder and fails if it does.
pub fn run(program: &str, arguments: &[&str]) -> Result<()> {
    run_in(root(), program, arguments)
}

pub fn run_in(folder: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    run_command(Command::new(program).args(arguments).current_dir(folder))
}

/// Runs a prepared command and fails, naming it, if it does.
pub fn run_command(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    say(&format!("$ {shown}"));
    let status = command.status().with_context(|| format!("cannot run `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Runs a prepared command, passing on what it prints, and gives the lines that `keep` wants.
pub fn run_and_keep(command: &mut Command, keep: fn(&str) -> bool) -> Result<Vec<String>> {
    let shown = shown(command);
    say(&format!("$ {shown}"));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run `{shown}`"))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (mut kept, also_kept) = std::thread::scope(|scope| {
        let errors = scope.spawn(move || err.map(|pipe| pass_on(pipe, keep)).unwrap_or_default());
        (out.map(|pipe| pass_on(pipe, keep)).unwrap_or_default(), errors.join().unwrap_or_default())
    });
    kept.extend(also_kept);
    let status = child.wait()?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(kept)
}

fn pass_on(pipe: impl Read, keep: fn(&str) -> bool) -> Vec<String> {
    let mut kept = Vec::new();
    for line in BufReader::new(pipe).lines().map_while(std::io::Result::ok) {
        say(&line);
        if keep(&line) {
            kept.push(line);
        }
    }
    kept
}

/// What a program prints, if it succeeds.
pub fn read(program: &str, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stderr(Stdio::inherit());
    let output = command.output().with_context(|| format!("cannot run `{}`", shown(&command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", shown(&command), output.status);
    }
    String::from_utf8(output.stdout).context("the output is not text")
}

/// Whether a program is there.
pub fn has(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// Whether we may install Debian packages.
fn may_install() -> bool {
    let is_root = read("id", &["-u"]).is_ok_and(|id| id.trim() == "0");
    is_root && has("apt-get")
}

/// Installs Debian packages if it can; says so and gives `false` if not.
pub fn install(packages: &[&str]) -> bool {
    if !may_install() {
        say(&format!("not installed and may not be installed here: {}", packages.join(" ")));
        return false;
    }
    let apt = |arguments: &[&str]| {
        run_command(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    let installed = apt(&["update", "-qq"]).and_then(|()| apt(&arguments));
    if let Err(error) = &installed {
        complain(&format!("{error:#}"));
    }
    installed.is_ok()
}

fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
