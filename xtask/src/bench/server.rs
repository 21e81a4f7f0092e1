//! The release program on an empty folder.

use super::http;
use crate::build::release_program;
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; it and its folder go when this is dropped.
pub struct Server {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
    /// From the start of the process to its first answer.
    pub ready_after: Duration,
}

impl Server {
    pub fn start() -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("langflow-bench-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let started = Instant::now();
        let child = Command::new(release_program())
            .args(["run", "--backend-only", "--log-level", "warning", "--port", &port.to_string()])
            .current_dir(&folder)
            .env("LANGFLOW_CONFIG_DIR", &folder)
            .stdout(Stdio::null())
            .spawn()
            .context("the release program does not start")?;
        let mut server = Self { child, folder, address, ready_after: Duration::ZERO };
        while TcpStream::connect(address).is_err() {
            ensure!(started.elapsed() < PATIENCE, "the server does not answer");
            std::thread::sleep(Duration::from_micros(200));
        }
        server.call("GET", "/health", &[], None)?;
        server.ready_after = started.elapsed();
        Ok(server)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The JSON of a request that must succeed.
    pub fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value> {
        let answer = http::send(self.address, method, path, headers, body)?;
        if !(200..300).contains(&answer.status) {
            bail!("{method} {path} answered {}: {}", answer.status, answer.body);
        }
        Ok(answer.json())
    }

    /// Memory of the process that is in RAM.
    pub fn resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
