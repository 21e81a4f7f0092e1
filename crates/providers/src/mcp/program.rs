//! A program of this machine as a server: one JSON message per line on its standard input and output.
//!
//! The child gets a search path, a home and what the configuration gives it, nothing else of our environment. It
//! is killed when the session ends. Lines are bounded; what it writes to its standard error is kept up to a
//! few kilobytes, to say why it ended.

use super::MAX_MESSAGE_BYTES;
use super::duplex::Waiting;
use super::wire::{Wire, unavailable};
use langflow_core::{Fault, Json, Secret, async_trait};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// Programs that may be a server: starters of packages and containers, and interpreters.
const ALLOWED: [&str; 9] = ["node", "python", "python3", "npx", "uvx", "docker", "cmd", "sh", "bash"];
/// Variables of ours that a program needs to find its own.
pub const PASSED_ON: [&str; 7] = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "SYSTEMROOT", "APPDATA"];
/// Variables that change what a program loads: no configuration may set them.
const FORBIDDEN: [&str; 6] =
    ["LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "NODE_OPTIONS", "PYTHONSTARTUP"];
/// How much of its standard error is remembered.
const ERROR_BYTES: usize = 4096;

#[derive(Debug)]
pub struct Program {
    input: Arc<Mutex<ChildStdin>>,
    waiting: Waiting,
    tasks: Vec<JoinHandle<()>>,
    /// Killed when dropped.
    _child: Child,
}

impl Drop for Program {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

pub fn start(
    command: &str,
    args: &[String],
    env: &[(String, Secret)],
    surroundings: &[(String, Secret)],
) -> Result<Program, Fault> {
    check(command, env)?;
    let mut child = Command::new(command);
    child.args(args).env_clear().kill_on_drop(true);
    child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, value) in surroundings.iter().chain(env) {
        child.env(name, value.expose());
    }
    let mut child =
        child.spawn().map_err(|error| unavailable(format!("'{command}' could not be started: {error}")))?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(input), Some(output), Some(errors)) = pipes else {
        return Err(unavailable("has no input or output"));
    };
    let input = Arc::new(Mutex::new(input));
    let waiting = Waiting::default();
    let last_words = Arc::new(StdMutex::new(Vec::new()));
    let listener = tokio::spawn(listen(errors, Arc::clone(&last_words)));
    let reader = tokio::spawn(read(BufReader::new(output), waiting.clone(), Arc::clone(&input), last_words));
    Ok(Program { input, waiting, tasks: vec![listener, reader], _child: child })
}

/// The rules that hold even where programs are allowed.
fn check(command: &str, env: &[(String, Secret)]) -> Result<(), Fault> {
    let name = Path::new(command).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name != command || !ALLOWED.contains(&name.trim_end_matches(".exe")) {
        return Err(Fault::refused(format!(
            "'{command}' may not be started; a server is one of {}, without a path",
            ALLOWED.join(", ")
        )));
    }
    let bad = env.iter().map(|(name, _)| name).find(|name| {
        FORBIDDEN.contains(&name.to_ascii_uppercase().as_str())
            || name.is_empty()
            || name.contains(['=', '\0'])
    });
    match bad {
        Some(name) => Err(Fault::refused(format!("the variable '{name}' may not be given to a program"))),
        None => Ok(()),
    }
}

async fn listen(mut errors: impl AsyncRead + Unpin, last_words: Arc<StdMutex<Vec<u8>>>) {
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = errors.read(&mut buffer).await {
        let mut kept = last_words.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let over = kept.len().saturating_sub(ERROR_BYTES);
        kept.drain(..over);
    }
}

async fn read(
    mut output: BufReader<impl AsyncRead + Unpin>,
    waiting: Waiting,
    input: Arc<Mutex<ChildStdin>>,
    last_words: Arc<StdMutex<Vec<u8>>>,
) {
    let why = loop {
        let mut line = Vec::new();
        let limit = u64::try_from(MAX_MESSAGE_BYTES).unwrap_or(u64::MAX);
        match (&mut output).take(limit).read_until(b'\n', &mut line).await {
            Err(error) => break format!("cannot be read: {error}"),
            Ok(0) => break "ended".to_owned(),
            Ok(_) if line.last() != Some(&b'\n') && line.len() >= MAX_MESSAGE_BYTES => {
                break "sent a message that is too large".to_owned();
            }
            Ok(_) => {}
        }
        // Some programs greet in plain words first.
        let Ok(message) = serde_json::from_slice::<Json>(&line) else { continue };
        if let Some(answer) = waiting.take(message)
            && write(&input, &answer).await.is_err()
        {
            break "ended".to_owned();
        }
    };
    let said = last_words.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let said = String::from_utf8_lossy(&said);
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    waiting.end(if last.is_empty() { why } else { format!("{why}: {last}") });
}

async fn write(input: &Mutex<ChildStdin>, message: &Json) -> Result<(), Fault> {
    let mut line = message.to_string();
    line.push('\n');
    let mut input = input.lock().await;
    let written = async {
        input.write_all(line.as_bytes()).await?;
        input.flush().await
    };
    written.await.map_err(|error| unavailable(format!("takes no message: {error}")))
}

#[async_trait]
impl Wire for Program {
    fn name(&self) -> &'static str {
        "stdio"
    }

    async fn ask(&self, id: u64, message: Json) -> Result<Json, Fault> {
        let wait = self.waiting.begin(id)?;
        // A program that has ended says why; that its input is closed says nothing.
        if let Err(fault) = write(&self.input, &message).await {
            let last_words = tokio::time::timeout(std::time::Duration::from_secs(1), wait.answer()).await;
            return last_words.unwrap_or(Err(fault));
        }
        wait.answer().await
    }

    async fn tell(&self, message: Json) -> Result<(), Fault> {
        write(&self.input, &message).await
    }

    fn agreed(&self, _revision: &str) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_variables_are_checked() {
        let env = |name: &str| vec![(name.to_owned(), Secret::new("x"))];
        assert!(check("npx", &env("TOKEN")).is_ok());
        for command in ["rm", "/usr/bin/python", "../npx", "npx;id", ""] {
            assert!(check(command, &[]).is_err(), "{command}");
        }
        for name in ["LD_PRELOAD", "ld_preload", "NODE_OPTIONS", "A=B", ""] {
            assert!(check("npx", &env(name)).is_err(), "{name}");
        }
    }
}
