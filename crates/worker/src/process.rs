//! One worker process and the talk with it.

use crate::config::WorkerConfig;
use crate::pace::{Pace, is_light};
use crate::{protocol, python};
use langflow_core::{Fault, FaultKind, Json, async_trait};
use parking_lot::Mutex;
use serde_json::json;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::{mpsc, oneshot};

/// Time for an interpreter to start. One with large packages that nobody compiled ahead takes minutes.
const START: Duration = Duration::from_mins(5);
/// What is kept of a worker's standard error.
const MAX_STDERR: usize = 8 << 10;
/// Requests of one call to the server: more is a loop gone wild.
const MAX_HOST_CALLS: usize = 200_000;

/// What a worker may ask the server for while a call is under way.
#[async_trait]
pub trait Host: Send + Sync {
    /// Answers a request. Arguments come from people's code: they are checked, never believed.
    async fn answer(&self, what: &str, params: Json) -> Result<Json, Fault>;
}

/// A host that has nothing to give.
pub struct NoHost;

#[async_trait]
impl Host for NoHost {
    async fn answer(&self, what: &str, _params: Json) -> Result<Json, Fault> {
        match what {
            "log" => Ok(Json::Null),
            _ => Err(Fault::refused(format!("{what} is not there outside a run"))),
        }
    }
}

/// A request that takes longer: it is for whoever waits for the call, on a thread and in the context of theirs.
pub struct Asked {
    pub what: String,
    pub params: Json,
    pub answer: oneshot::Sender<Result<Json, Fault>>,
}

/// Who answers during a call.
pub struct Answers {
    /// What is answered at once.
    pub host: Arc<dyn Host>,
    /// The rest.
    pub asked: mpsc::Sender<Asked>,
}

impl Answers {
    async fn answer(&self, what: String, params: Json) -> Result<Json, Fault> {
        if is_light(&what) {
            return self.host.answer(&what, params).await;
        }
        let gone = || Fault::new(FaultKind::Cancelled, "nobody waits for this call any more");
        let (answer, answered) = oneshot::channel();
        self.asked.send(Asked { what, params, answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

/// What people's code raised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raised {
    /// Name of the exception's class.
    pub kind: String,
    pub message: String,
    pub traceback: String,
}

/// How a call ended without a result.
#[derive(Debug)]
pub enum CallError {
    /// The code raised; the worker goes on.
    Raised(Raised),
    /// The worker is of no more use.
    Lost(Fault),
}

/// A running worker.
pub struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    errors: Arc<Mutex<Vec<u8>>>,
    max_frame: usize,
    pace: Pace,
    /// Python and `lfx` versions, as the worker told.
    pub hello: Json,
    pub calls: u32,
    /// Processor seconds it has used, as it says.
    pub cpu: f64,
    pub last_used: Instant,
    /// From start to the first call it can take.
    pub started_in: Duration,
}

impl Process {
    /// The process of a worker, not yet spoken to.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn spawn(mut command: Command) -> Result<Child, Fault> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| unavailable(format!("the Python worker does not start: {error}")))
    }

    /// Gives a new worker its code and waits until it can take calls.
    ///
    /// # Errors
    /// It does not start; the fault says why, the layer of the sandbox that could not be set up included.
    pub async fn greet(mut child: Child, config: &WorkerConfig) -> Result<Self, Fault> {
        let began = Instant::now();
        let missing = || Fault::bug("a worker has no standard streams");
        let (stdin, stdout, stderr) = (
            child.stdin.take().ok_or_else(missing)?,
            child.stdout.take().ok_or_else(missing)?,
            child.stderr.take().ok_or_else(missing)?,
        );
        let errors = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(drain(stderr, Arc::clone(&errors)));
        let mut process = Self {
            child,
            stdin,
            stdout,
            errors,
            max_frame: config.max_frame_bytes,
            pace: Pace::new(),
            hello: Json::Null,
            calls: 0,
            cpu: 0.0,
            last_used: began,
            started_in: Duration::ZERO,
        };
        let first = json!({
            "protocol": protocol::VERSION,
            "main": "langflow_worker.boot",
            "modules": python::modules(),
            "max_frame": config.max_frame_bytes,
            "network": !config.hosts.is_empty(),
        });
        let hello = tokio::time::timeout(START, async {
            protocol::write(&mut process.stdin, &first, process.max_frame).await?;
            protocol::read(&mut process.stdout, process.max_frame, &mut process.pace).await
        })
        .await;
        let hello = match hello {
            Ok(Ok((frame, _))) => frame,
            Ok(Err(_)) => return Err(process.failure("the Python worker does not start").await),
            Err(_) => return Err(unavailable("the Python worker took longer than five minutes to start")),
        };
        let version = hello.pointer("/hello/protocol").and_then(Json::as_u64);
        if version != Some(protocol::VERSION) {
            return Err(unavailable("the Python worker speaks another version of the protocol"));
        }
        process.hello = hello.get("hello").cloned().unwrap_or_default();
        process.started_in = began.elapsed();
        Ok(process)
    }

    /// Calls a method of the worker, answering what it asks on the way.
    ///
    /// # Errors
    /// [`CallError::Raised`] for an exception of people's code, [`CallError::Lost`] when the worker died,
    /// overstayed or misbehaved: end it then.
    pub async fn call(
        &mut self,
        method: &str,
        params: Json,
        answers: &Answers,
        timeout: Duration,
    ) -> Result<Json, CallError> {
        self.calls += 1;
        let talk = self.talk(method, params, answers);
        let Ok(done) = tokio::time::timeout(timeout, talk).await else {
            return Err(CallError::Lost(Fault::new(
                FaultKind::Timeout,
                format!(
                    "the component ran longer than {} s and was ended (LANGFLOW_PYTHON_TIMEOUT)",
                    timeout.as_secs_f64()
                ),
            )));
        };
        self.last_used = Instant::now();
        match done {
            Ok(frame) => self.outcome(frame),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => Err(CallError::Lost(
                Fault::invalid(format!("what the component is given is too large for the worker: {error}")),
            )),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(CallError::Lost(
                unavailable(format!("the Python worker sent what is not a frame ({error}) and was ended")),
            )),
            Err(_) => Err(CallError::Lost(self.failure("the Python worker died during the call").await)),
        }
    }

    async fn talk(&mut self, method: &str, params: Json, answers: &Answers) -> std::io::Result<Json> {
        let limit = self.max_frame;
        protocol::write(&mut self.stdin, &json!({"call": method, "params": params}), limit).await?;
        for _ in 0..MAX_HOST_CALLS {
            let (mut frame, bytes) = protocol::read(&mut self.stdout, limit, &mut self.pace).await?;
            let Some(what) = frame.get("host").and_then(Json::as_str).map(str::to_owned) else {
                return Ok(frame);
            };
            let wants = frame.get("wants").and_then(Json::as_bool) == Some(true);
            let params = frame.get_mut("params").map(Json::take).unwrap_or_default();
            self.pace.request(&what, bytes).await;
            let answer = match answers.answer(what, params).await {
                Ok(value) => json!({ "value": value }),
                Err(fault) => json!({"error": fault.message()}),
            };
            if wants {
                match protocol::write(&mut self.stdin, &answer, limit).await {
                    Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => {
                        let answer = json!({"error": "the answer is too large for the worker"});
                        protocol::write(&mut self.stdin, &answer, limit).await?;
                    }
                    other => other?,
                }
            }
        }
        Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "endless requests"))
    }

    fn outcome(&mut self, mut frame: Json) -> Result<Json, CallError> {
        if let Some(cpu) = frame.get("cpu").and_then(Json::as_f64) {
            self.cpu = cpu;
        }
        if let Some(error) = frame.get("error").filter(|e| e.is_object()) {
            let text = |key: &str| error.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            return Err(CallError::Raised(Raised {
                kind: text("kind"),
                message: text("message"),
                traceback: text("traceback"),
            }));
        }
        match frame.get_mut("result") {
            Some(result) => Ok(result.take()),
            None => Err(CallError::Lost(unavailable("the Python worker sent a frame without meaning"))),
        }
    }

    /// Why the worker is gone, from its exit and its last words.
    async fn failure(&mut self, what: &str) -> Fault {
        let status = tokio::time::timeout(Duration::from_secs(2), self.child.wait()).await;
        let ended = match status {
            Ok(Ok(status)) => format!("{status}"),
            _ => "no exit status".to_owned(),
        };
        // The reader of standard error may lag behind the exit.
        tokio::task::yield_now().await;
        let words = String::from_utf8_lossy(&self.errors.lock()).into_owned();
        if let Some(layer) = words.lines().find_map(|line| line.strip_prefix("langflow-worker-layer ")) {
            return Fault::refused(format!(
                "{what}: the sandbox layer {layer}. Components do not run with less protection unless the \
                 operator turns the layer off by name (LANGFLOW_PYTHON_SANDBOX_WITHOUT)"
            ));
        }
        tracing::warn!(exit = %ended, stderr = %words, "a Python worker ended");
        unavailable(format!("{what} ({ended})"))
    }
}

fn unavailable(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Unavailable, message)
}

/// Keeps the last words, so that a chatty worker does not block; one that floods the server waits.
async fn drain(mut stderr: ChildStderr, into: Arc<Mutex<Vec<u8>>>) {
    let (mut buffer, mut pace) = (vec![0; 4096], Pace::new());
    while let Ok(count) = stderr.read(&mut buffer).await {
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { return };
        {
            let mut kept = into.lock();
            kept.extend_from_slice(piece);
            let surplus = kept.len().saturating_sub(MAX_STDERR);
            kept.drain(..surplus);
        }
        pace.bytes(count).await;
    }
}
