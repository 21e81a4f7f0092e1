//! What the operator decides about workers.

use std::path::PathBuf;
use std::time::Duration;

/// How long a worker stays with whom it served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pooling {
    /// A worker serves one user and stays warm for them.
    #[default]
    Tenant,
    /// A worker serves one node of one run and ends.
    Run,
}

/// Settings of the workers.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// The interpreter; `None` looks for `python3`.
    pub python: Option<PathBuf>,
    /// Our own program, whose hidden command starts workers.
    pub launcher: PathBuf,
    /// Layers of the sandbox that are turned off, by name.
    pub without: Vec<String>,
    pub pooling: Pooling,
    /// Workers that are started before somebody asks.
    pub warm: usize,
    /// Workers at the same time.
    pub max_workers: usize,
    /// Time of one call.
    pub timeout: Duration,
    /// A worker nobody asked for so long ends.
    pub idle: Duration,
    /// Calls after which a worker is replaced.
    pub max_calls: u32,
    /// Address space of a worker, bytes.
    pub memory_bytes: u64,
    /// Processor time of a worker, seconds.
    pub cpu_seconds: u64,
    /// Size of the work folder, bytes.
    pub work_bytes: u64,
    /// Largest frame in either direction, bytes.
    pub max_frame_bytes: usize,
    /// Hosts that components may reach through the server's outbound gate; `*` is every host the gate lets
    /// through, none is no network.
    pub hosts: Vec<String>,
    /// Folders whose files the interpreter may read besides its own.
    pub readable: Vec<PathBuf>,
}

impl WorkerConfig {
    /// The defaults, with `launcher` as the program that starts workers.
    pub fn new(launcher: PathBuf) -> Self {
        Self {
            python: None,
            launcher,
            without: Vec::new(),
            pooling: Pooling::Tenant,
            warm: 1,
            max_workers: 8,
            timeout: Duration::from_mins(2),
            idle: Duration::from_mins(5),
            max_calls: 10_000,
            memory_bytes: 2 << 30,
            cpu_seconds: 600,
            work_bytes: 64 << 20,
            max_frame_bytes: 16 << 20,
            hosts: Vec::new(),
            readable: Vec::new(),
        }
    }
}
