//! Custom Python components.

use super::section::section;
use super::value::words;
use std::path::PathBuf;

words! {
    /// Who may run Python code of their own.
    pub enum CustomCode {
        /// Nobody.
        Off = "off",
        /// Superusers; what they approve runs for everybody.
        Admins = "admins",
        /// Every user.
        Users = "users",
    }
}

words! {
    /// How long a worker stays with whom it served.
    pub enum Pool {
        /// With one user, warm for the next call.
        Tenant = "tenant",
        /// For one node of one run.
        Run = "run",
    }
}

section! {
    /// Custom Python components: code that flows bring along, run in processes of their own.
    pub struct Python {
        /// Who may run Python code of their own: off, admins or users. Code that an administrator has approved runs for everybody unless this is off. Not in Langflow.
        custom_components: CustomCode = "LANGFLOW_CUSTOM_COMPONENTS", CustomCode::Off;
        /// The interpreter of custom components, Python 3.10 or later. Where the package lfx is installed in its environment, that is used, and with it any component of Langflow. By default /usr/bin/python3, else python3 on the path. Not in Langflow.
        python: Option<PathBuf> = "LANGFLOW_PYTHON", None;
        /// Folders of components to add to the catalogue, one folder per category, one file per component. Their code counts as approved.
        components_path: Vec<String> = "LANGFLOW_COMPONENTS_PATH", Vec::new();
        /// Whether a worker process stays with one user (tenant) or serves one node of one run (run). Not in Langflow.
        pool: Pool = "LANGFLOW_PYTHON_POOL", Pool::Tenant;
        /// Workers that are started before somebody needs them. Not in Langflow.
        warm_workers: u32 = "LANGFLOW_PYTHON_WARM_WORKERS", 1;
        /// Workers at the same time. Not in Langflow.
        max_workers: u32 = "LANGFLOW_PYTHON_MAX_WORKERS", 8;
        /// Seconds one call of a component may take. Not in Langflow.
        timeout_seconds: u64 = "LANGFLOW_PYTHON_TIMEOUT", 120;
        /// Seconds after which a worker that nobody needs ends. Not in Langflow.
        idle_seconds: u64 = "LANGFLOW_PYTHON_IDLE_TIMEOUT", 300;
        /// Calls after which a worker is replaced. Not in Langflow.
        max_calls: u32 = "LANGFLOW_PYTHON_MAX_CALLS", 10_000;
        /// Megabytes of address space of a worker. Not in Langflow.
        memory_mb: u64 = "LANGFLOW_PYTHON_MEMORY_MB", 2048;
        /// Seconds of processor time of a worker. Not in Langflow.
        cpu_seconds: u64 = "LANGFLOW_PYTHON_CPU_SECONDS", 600;
        /// Megabytes of the folder a worker may write to. It is in memory, and gone with the worker. Not in Langflow.
        work_mb: u64 = "LANGFLOW_PYTHON_WORK_MB", 64;
        /// Megabytes of the largest value that goes to or comes from a worker. Not in Langflow.
        max_frame_mb: u32 = "LANGFLOW_PYTHON_MAX_VALUE_MB", 16;
        /// Hosts that custom components may call over HTTP, through the server's own protection; names such as api.example.com, *.example.com, or * for all. None by default: no network. Not in Langflow.
        allowed_hosts: Vec<String> = "LANGFLOW_PYTHON_ALLOWED_HOSTS", Vec::new();
        /// Folders that custom components may read besides the interpreter's own. Not in Langflow.
        readable: Vec<String> = "LANGFLOW_PYTHON_READABLE", Vec::new();
        /// Layers of the sandbox to do without: user, namespaces, landlock, seccomp. A layer that cannot be set up and is not named here keeps components from running. Not in Langflow.
        sandbox_without: Vec<String> = "LANGFLOW_PYTHON_SANDBOX_WITHOUT", Vec::new();
    }
}
