//! What a launch is to set up. It travels as an argument, so it holds no secrets.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A layer of protection, by the name an operator turns it off with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The worker is another user than a server that runs as root.
    User,
    /// Own mount, process, network, IPC and host name namespaces (and a user namespace where the server is not
    /// root): a file system of its own, no network, no other process in sight.
    Namespaces,
    /// Landlock: only the interpreter's files can be read, only the work folder written.
    Landlock,
    /// Only the system calls that Python needs.
    Seccomp,
    /// Bounds of memory, processor time, open files, threads. Always on.
    Limits,
}

impl Layer {
    /// Those an operator may turn off.
    pub const OPTIONAL: [Self; 4] = [Self::User, Self::Namespaces, Self::Landlock, Self::Seccomp];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Namespaces => "namespaces",
            Self::Landlock => "landlock",
            Self::Seccomp => "seccomp",
            Self::Limits => "limits",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::OPTIONAL.into_iter().find(|layer| layer.as_str() == name)
    }
}

/// Which layers are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    pub user: bool,
    pub namespaces: bool,
    pub landlock: bool,
    pub seccomp: bool,
}

impl Default for Layers {
    fn default() -> Self {
        Self { user: true, namespaces: true, landlock: true, seccomp: true }
    }
}

impl Layers {
    pub fn without(mut self, layer: Layer) -> Self {
        match layer {
            Layer::User => self.user = false,
            Layer::Namespaces => self.namespaces = false,
            Layer::Landlock => self.landlock = false,
            Layer::Seccomp => self.seccomp = false,
            Layer::Limits => {}
        }
        self
    }
}

/// One launch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchPlan {
    /// The interpreter.
    pub python: PathBuf,
    pub arguments: Vec<String>,
    /// The whole environment of the worker.
    pub environment: Vec<(String, String)>,
    /// Files and folders that are readable.
    pub readable: Vec<PathBuf>,
    pub layers: Layers,
    /// Address space, bytes.
    pub memory_bytes: u64,
    /// Processor time of the process, seconds.
    pub cpu_seconds: u64,
    /// Size of the work folder.
    pub work_bytes: u64,
    pub max_files: u64,
    pub max_threads: u64,
}

impl LaunchPlan {
    /// The same once the user has been given up already.
    pub(super) fn without_user(&self) -> String {
        let plan = Self { layers: self.layers.without(Layer::User), ..self.clone() };
        serde_json::to_string(&plan).unwrap_or_default()
    }
}
