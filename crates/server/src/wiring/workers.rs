//! Settings of the workers that run people's own Python.

use crate::config::{Config, CustomCode, Pool};
use anyhow::{Context as _, Result};
use langflow_worker::{Pooling, Supervisor, WorkerConfig};
use std::sync::Arc;
use std::time::Duration;

/// The pool of workers; none where custom components are off.
///
/// # Errors
/// Our own program cannot be found: workers are started with it.
pub fn pool(config: &Config) -> Result<Option<Arc<Supervisor>>> {
    let python = &config.python;
    if python.custom_components == CustomCode::Off || !config.flows.allow_custom_components {
        return Ok(None);
    }
    let launcher = std::env::current_exe().context("the program's own file is needed to start workers")?;
    let supervisor = Supervisor::new(WorkerConfig {
        python: python.python.clone(),
        without: python.sandbox_without.clone(),
        pooling: match python.pool {
            Pool::Tenant => Pooling::Tenant,
            Pool::Run => Pooling::Run,
        },
        warm: python.warm_workers as usize,
        max_workers: (python.max_workers as usize).max(1),
        timeout: Duration::from_secs(python.timeout_seconds.max(1)),
        idle: Duration::from_secs(python.idle_seconds),
        max_calls: python.max_calls.max(1),
        memory_bytes: python.memory_mb.saturating_mul(1 << 20),
        cpu_seconds: python.cpu_seconds.max(1),
        work_bytes: python.work_mb.saturating_mul(1 << 20),
        max_frame_bytes: (python.max_frame_mb.clamp(1, 1024) as usize) << 20,
        hosts: python.allowed_hosts.clone(),
        readable: python.readable.iter().map(Into::into).collect(),
        ..WorkerConfig::new(launcher)
    });
    Ok(Some(supervisor.context("the thread that talks with Python workers")?))
}
