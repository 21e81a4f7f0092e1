//! Opens the editor in a browser.

use std::process::{Command, Stdio};

/// Asks the desktop to open the address; without a desktop nothing happens.
pub fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        // The opener ends by itself; a thread takes its exit code so that no dead process stays.
        Ok(mut child) => drop(std::thread::spawn(move || child.wait())),
        Err(error) => tracing::info!(%error, "no browser was opened"),
    }
}
