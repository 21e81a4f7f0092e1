//! The binary under test.

use crate::http::{self, Answer};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program with an environment of its own: nothing of the tester's settings reaches it.
pub fn program(folder: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_langflow"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command.env("HOME", folder).env("LANGFLOW_CONFIG_DIR", folder.join("data"));
    command.envs(environment.iter().copied());
    command
}

/// Runs a command to its end.
pub fn perform(folder: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> Output {
    program(folder, environment).args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A running server. It is killed when this is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    banner: String,
    errors: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts one on a free port and waits until it says where it listens.
    pub fn start(folder: &Path, environment: &[(&str, &str)], flags: &[&str]) -> Self {
        let port = free_port().to_string();
        let flags: Vec<&str> = ["--port", &port].into_iter().chain(flags.iter().copied()).collect();
        Self::start_as_told(folder, environment, &flags)
    }

    /// As [`Server::start`], on the port that the environment or the flags say.
    pub fn start_as_told(folder: &Path, environment: &[(&str, &str)], flags: &[&str]) -> Self {
        let mut command = program(folder, environment);
        command.arg("run").args(flags);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let errors = Arc::new(Mutex::new(String::new()));
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let kept = Arc::clone(&errors);
        let reader = std::thread::spawn(move || {
            let mut line = String::new();
            while stderr.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                kept.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (says, said) = std::sync::mpsc::channel();
        let drain = std::thread::spawn(move || {
            let mut banner = String::new();
            while !banner.contains("Next:") && stdout.read_line(&mut banner).is_ok_and(|bytes| bytes > 0) {}
            let _ = says.send(banner);
            // The pipe stays open and empty until the end.
            let mut rest = String::new();
            let _ = stdout.read_to_string(&mut rest);
        });
        let banner = said.recv_timeout(PATIENCE).unwrap_or_default();
        if !banner.contains("Next:") {
            let _ = child.kill();
            let _ = child.wait();
            reader.join().unwrap();
            panic!("the server did not start: {banner}\n{}", errors.lock().unwrap());
        }
        let address = address(&banner);
        Self { child, address, banner, errors, readers: vec![reader, drain] }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn banner(&self) -> &str {
        &self.banner
    }

    /// Standard error up to now.
    pub fn log(&self) -> String {
        self.errors.lock().unwrap().clone()
    }

    /// Memory of the process that is in RAM.
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() * 1024
    }

    pub fn get(&self, path: &str) -> Answer {
        http::send(self.address, "GET", path, &[], None).unwrap()
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        http::send(self.address, method, path, headers, body).unwrap()
    }

    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Waits for the end.
    pub fn wait(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                for reader in self.readers.drain(..) {
                    reader.join().unwrap();
                }
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it as a power cut would: without a word.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop and waits for the end.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.wait()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `Address:   http://localhost:8700` of the banner, by its number.
fn address(banner: &str) -> SocketAddr {
    let line = banner.lines().find(|line| line.contains("Address:")).unwrap();
    let port = line.rsplit(':').next().unwrap().trim().parse().unwrap();
    SocketAddr::from(([127, 0, 0, 1], port))
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/data").join(name)
}
