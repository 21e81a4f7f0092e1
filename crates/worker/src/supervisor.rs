//! The pool of workers.

use crate::backoff::Backoff;
use crate::config::{Pooling, WorkerConfig};
use crate::process::{Answers, Asked, CallError, Host, NoHost, Process};
use crate::side::Side;
use crate::{LAUNCH_COMMAND, python};
use langflow_core::{Fault, FaultKind, Json};
use parking_lot::Mutex;
use serde::Deserialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use uuid::Uuid;

/// Prints what a launch must show of the file system.
const PROBE: &str = "import json,sys,sysconfig,os;print(json.dumps({'executable':sys.executable,\
'version':'%d.%d.%d'%sys.version_info[:3],'old':sys.version_info<(3,10),\
'prefixes':sorted({sys.prefix,sys.base_prefix,sys.exec_prefix,sys.base_exec_prefix,\
sysconfig.get_path('stdlib'),sysconfig.get_path('purelib'),sysconfig.get_path('platlib')})}))";
/// Time for that.
const PROBE_TIME: Duration = Duration::from_secs(30);
/// Libraries and data that interpreters outside `/usr` need too.
const SYSTEM: [&str; 8] = [
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
];
/// Starts that wait for their turn.
const MAX_STARTS: usize = 64;

/// What is known of the interpreter.
#[derive(Clone, Debug, Deserialize)]
struct Probed {
    executable: PathBuf,
    version: String,
    old: bool,
    prefixes: Vec<PathBuf>,
}

/// Starts, keeps and ends workers.
pub struct Supervisor {
    config: Arc<WorkerConfig>,
    side: Side,
    slots: Arc<Semaphore>,
    idle: Mutex<VecDeque<Idle>>,
    probed: OnceCell<Probed>,
    backoff: Backoff,
    starter: mpsc::Sender<Start>,
}

/// A worker that waits, and for whom.
struct Idle {
    tenant: Option<Uuid>,
    process: Process,
}

struct Start {
    command: Command,
    answer: oneshot::Sender<Result<Child, Fault>>,
}

impl Supervisor {
    /// A pool; the first worker starts when one is needed, or by [`Supervisor::warm_up`].
    ///
    /// # Errors
    /// The threads it needs cannot be had.
    pub fn new(config: WorkerConfig) -> io::Result<Arc<Self>> {
        let side = Side::new()?;
        let (starter, waiting) = mpsc::channel(MAX_STARTS);
        spawn_starter(waiting, side.handle().clone())?;
        Ok(Arc::new(Self {
            slots: Arc::new(Semaphore::new(config.max_workers.max(1))),
            config: Arc::new(config),
            side,
            idle: Mutex::default(),
            probed: OnceCell::new(),
            backoff: Backoff::default(),
            starter,
        }))
    }

    pub fn config(&self) -> &WorkerConfig {
        &self.config
    }

    /// Starts the workers that wait ahead, and tells whether one can start at all.
    ///
    /// # Errors
    /// No interpreter, or a layer of the sandbox that cannot be set up.
    pub async fn warm_up(self: &Arc<Self>) -> Result<Json, Fault> {
        let process = self.start().await?;
        let hello = process.hello.clone();
        self.put_idle(None, process);
        self.refill();
        Ok(hello)
    }

    /// A worker for `tenant`. Waits while all are busy, at most the time of one call, and where the calls of this
    /// tenant keep failing.
    ///
    /// # Errors
    /// None can be had: the fault says why.
    pub async fn lease(self: &Arc<Self>, tenant: Option<Uuid>) -> Result<Lease, Fault> {
        self.backoff.turn(tenant).await?;
        let permit = tokio::time::timeout(self.config.timeout, Arc::clone(&self.slots).acquire_owned())
            .await
            .map_err(|_| {
                Fault::new(FaultKind::Timeout, "all Python workers are busy (LANGFLOW_PYTHON_MAX_WORKERS)")
            })?
            .map_err(|_| Fault::new(FaultKind::Unavailable, "the Python workers are shut down"))?;
        let process = match self.take_idle(tenant) {
            Some(process) => process,
            None => self.start().await?,
        };
        self.refill();
        Ok(Lease { supervisor: Arc::clone(self), tenant, process: Some(process), _permit: permit })
    }

    /// A waiting worker of the tenant, else one that served nobody yet.
    fn take_idle(&self, tenant: Option<Uuid>) -> Option<Process> {
        let mut idle = self.idle.lock();
        idle.retain(|i| i.tenant.is_none() || i.process.last_used.elapsed() < self.config.idle);
        let own = idle.iter().rposition(|i| i.tenant.is_some() && i.tenant == tenant);
        let at = own.or_else(|| idle.iter().position(|i| i.tenant.is_none()))?;
        idle.remove(at).map(|i| i.process)
    }

    /// Keeps a worker; the one that waited longest makes room.
    fn put_idle(&self, tenant: Option<Uuid>, process: Process) {
        let mut idle = self.idle.lock();
        idle.push_back(Idle { tenant, process });
        while idle.len() > self.config.max_workers.max(self.config.warm).max(1) {
            idle.pop_front();
        }
    }

    /// Starts unused workers ahead, in the background.
    fn refill(self: &Arc<Self>) {
        let unused = self.idle.lock().iter().filter(|i| i.tenant.is_none()).count();
        if unused >= self.config.warm {
            return;
        }
        let this = Arc::clone(self);
        tokio::spawn(async move {
            match this.start().await {
                Ok(process) => this.put_idle(None, process),
                Err(fault) => tracing::warn!(error = %fault, "no Python worker could be started ahead"),
            }
        });
    }

    async fn start(&self) -> Result<Process, Fault> {
        let probed = self.probed.get_or_try_init(|| probe(self.config.python.as_deref())).await?;
        let command = self.command(probed)?;
        let (answer, started) = oneshot::channel();
        let gone = || Fault::new(FaultKind::Unavailable, "the Python workers are shut down");
        self.starter.send(Start { command, answer }).await.map_err(|_| gone())?;
        let child = started.await.map_err(|_| gone())??;
        let config = Arc::clone(&self.config);
        self.side.run(async move { Process::greet(child, &config).await }).await?
    }

    #[cfg(target_os = "linux")]
    fn command(&self, probed: &Probed) -> Result<Command, Fault> {
        use crate::launch::{LaunchPlan, Layer, Layers};
        let mut layers = Layers::default();
        for name in &self.config.without {
            let layer = Layer::parse(name).ok_or_else(|| {
                Fault::invalid(format!("LANGFLOW_PYTHON_SANDBOX_WITHOUT: there is no layer '{name}'"))
            })?;
            layers = layers.without(layer);
        }
        let plan = LaunchPlan {
            python: probed.executable.clone(),
            arguments: vec!["-I".into(), "-B".into(), "-c".into(), python::BOOT.into()],
            environment: [
                ("HOME", "/tmp"),
                ("TMPDIR", "/tmp"),
                ("LANG", "C.UTF-8"),
                ("PYTHONUTF8", "1"),
                ("OPENBLAS_NUM_THREADS", "1"),
                ("OMP_NUM_THREADS", "1"),
                ("MALLOC_ARENA_MAX", "2"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            readable: readable(probed, &self.config.readable),
            layers,
            memory_bytes: self.config.memory_bytes,
            cpu_seconds: self.config.cpu_seconds,
            work_bytes: self.config.work_bytes,
            max_files: 64,
            max_threads: 64,
        };
        let json = serde_json::to_string(&plan).map_err(|error| Fault::bug(error.to_string()))?;
        let mut command = Command::new(&self.config.launcher);
        command.args([LAUNCH_COMMAND, &json]).env_clear().current_dir("/");
        Ok(command)
    }

    #[cfg(not(target_os = "linux"))]
    fn command(&self, _probed: &Probed) -> Result<Command, Fault> {
        Err(Fault::unsupported(
            "custom Python components run on Linux only: the sandbox is made of its parts",
        ))
    }
}

/// What the worker sees of the file system: paths without those inside others.
#[cfg(target_os = "linux")]
fn readable(probed: &Probed, more: &[PathBuf]) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
    paths.extend(probed.prefixes.iter().filter(|path| *path != Path::new("/usr")).cloned());
    paths.extend(more.iter().cloned());
    paths.push(probed.executable.clone());
    // A virtual environment's interpreter is a chain of links.
    let mut link = probed.executable.clone();
    for _ in 0..8 {
        let Ok(to) = std::fs::read_link(&link) else { break };
        link = link.parent().map_or(to.clone(), |parent| parent.join(&to));
        paths.push(link.clone());
    }
    paths.retain(|path| path.exists());
    paths.sort();
    paths.dedup();
    let all = paths.clone();
    paths.retain(|path| {
        !all.iter().any(|other| other != path && path.starts_with(other) && !other.is_symlink())
    });
    paths
}

/// Finds the interpreter and asks where its files are. No code of people runs here.
async fn probe(python: Option<&Path>) -> Result<Probed, Fault> {
    let given = python.map(Path::to_owned);
    let candidates =
        given.map_or_else(|| vec!["/usr/bin/python3".into(), "python3".into()], |path| vec![path]);
    let mut last = String::new();
    for candidate in candidates {
        let run = Command::new(&candidate)
            .args(["-I", "-B", "-c", PROBE])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .output();
        match tokio::time::timeout(PROBE_TIME, run).await {
            Ok(Ok(output)) if output.status.success() => {
                let probed: Probed = serde_json::from_slice(&output.stdout).map_err(|error| {
                    Fault::new(FaultKind::Unavailable, "the Python interpreter cannot be asked")
                        .with_source(error)
                })?;
                if probed.old {
                    return Err(Fault::unsupported(format!(
                        "Python {} is too old for custom components: 3.10 or later is needed (LANGFLOW_PYTHON)",
                        probed.version
                    )));
                }
                return Ok(probed);
            }
            Ok(Ok(output)) => last = output.status.to_string(),
            Ok(Err(error)) => last = error.to_string(),
            Err(_) => last = "no answer in time".into(),
        }
    }
    tracing::warn!(error = %last, "no Python interpreter");
    Err(Fault::new(
        FaultKind::Unavailable,
        "no Python interpreter can be started for custom components (LANGFLOW_PYTHON names one)",
    ))
}

/// Workers are children of one thread that lives as long as the pool: the kernel ends them with it.
///
/// Their pipes belong to `side`: what they say wakes the thread there.
fn spawn_starter(mut waiting: mpsc::Receiver<Start>, side: Handle) -> io::Result<()> {
    std::thread::Builder::new().name("python-workers".into()).spawn(move || {
        let _inside = side.enter();
        while let Some(Start { command, answer }) = waiting.blocking_recv() {
            // Where nobody waits any more, dropping ends the worker.
            let _ = answer.send(Process::spawn(command));
        }
    })?;
    Ok(())
}

/// A worker that belongs to one caller until this is dropped.
///
/// Dropped in the middle of a call (the run was cancelled), the worker is killed.
pub struct Lease {
    supervisor: Arc<Supervisor>,
    tenant: Option<Uuid>,
    /// None during a call and after one that went wrong.
    process: Option<Process>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    /// Calls a method of the worker. A worker that failed is gone: lease another.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call(
        &mut self,
        method: &'static str,
        params: Json,
        host: Arc<dyn Host>,
    ) -> Result<Json, CallError> {
        // A call that is dropped takes the process with it.
        let Some(mut process) = self.process.take() else {
            return Err(CallError::Lost(Fault::new(FaultKind::Unavailable, "the Python worker has ended")));
        };
        let (asked, asks) = mpsc::channel(1);
        let (answers, timeout) = (Answers { host: Arc::clone(&host), asked }, self.supervisor.config.timeout);
        let talk = self.supervisor.side.run(async move {
            let done = process.call(method, params, &answers, timeout).await;
            (process, done)
        });
        let (process, done) = tokio::select! {
            ended = talk => ended.map_err(CallError::Lost)?,
            never = answer(asks, host.as_ref()) => match never {},
        };
        if !matches!(done, Err(CallError::Lost(_))) {
            self.process = Some(process);
        }
        self.supervisor.backoff.ended(self.tenant, done.is_ok());
        done
    }

    /// A call that needs nothing of the server.
    ///
    /// # Errors
    /// As [`Lease::call`].
    pub async fn ask(&mut self, method: &'static str, params: Json) -> Result<Json, CallError> {
        self.call(method, params, Arc::new(NoHost)).await
    }

    /// Versions of the interpreter and of `lfx`, as the worker told them.
    pub fn hello(&self) -> Json {
        self.process.as_ref().map(|p| p.hello.clone()).unwrap_or_default()
    }

    /// How long the worker took from start to the first call it could take.
    pub fn started_in(&self) -> Duration {
        self.process.as_ref().map_or(Duration::ZERO, |p| p.started_in)
    }
}

/// Answers what a call asks of whoever waits for it, until that is dropped.
async fn answer(mut asks: mpsc::Receiver<Asked>, host: &dyn Host) -> Infallible {
    while let Some(Asked { what, params, answer }) = asks.recv().await {
        // A call that ended meanwhile needs no answer.
        let _ = answer.send(host.answer(&what, params).await);
    }
    std::future::pending().await
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let config = &self.supervisor.config;
        let is_spent = process.calls >= config.max_calls || process.cpu > config.cpu_seconds as f64 / 2.0;
        // A user without a name shares a worker with nobody.
        if is_spent || config.pooling == Pooling::Run || self.tenant.is_none() {
            return;
        }
        process.last_used = Instant::now();
        self.supervisor.put_idle(self.tenant, process);
    }
}
