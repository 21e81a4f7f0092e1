//! Builds that are read by a second request.

use super::build::PreparedBuild;
use super::start::Frame;
use crate::{App, AppError, AppResult, Principal};
use moka::sync::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, mpsc};
use tokio::task::AbortHandle;
use uuid::Uuid;

/// Frames that wait for a reader; a build waits when it is that far ahead.
const QUEUE: usize = 1024;
/// Frames given to one poll at most.
const PER_POLL: usize = 512;
/// How long a poll waits for a frame before it answers that there is none yet.
const POLL_WAIT: Duration = Duration::from_secs(20);
/// A job that nobody has asked for in so long is dropped, and with it its build.
const IDLE: Duration = Duration::from_mins(10);

/// How a client reads the events of a build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    #[default]
    Polling,
    Streaming,
    /// In the answer of the request itself.
    Direct,
}

/// Builds that wait for their reader. Bounded; the longest idle goes first.
pub struct Jobs {
    cache: Cache<Uuid, Arc<Job>>,
}

impl Jobs {
    pub(super) fn new(capacity: u64) -> Self {
        Self { cache: Cache::builder().max_capacity(capacity).time_to_idle(IDLE).build() }
    }

    /// How many there are, those included that have just ended.
    pub fn count(&self) -> u64 {
        self.cache.entry_count()
    }
}

/// One build. Dropping it stops the build.
pub struct Job {
    pub id: Uuid,
    owner: Uuid,
    frames: Mutex<mpsc::Receiver<Frame>>,
    task: AbortHandle,
    is_over: AtomicBool,
}

impl Drop for Job {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a build in the background and gives its id.
pub fn start_build(app: &App, build: PreparedBuild) -> Uuid {
    let id = app.ids.random();
    let (sink, frames) = mpsc::channel(QUEUE);
    let owner = build.reader();
    let task = tokio::spawn(build.stream(sink)).abort_handle();
    let job = Job { id, owner, frames: Mutex::new(frames), task, is_over: AtomicBool::new(false) };
    app.runs.jobs.cache.insert(id, Arc::new(job));
    id
}

/// The caller's own build.
///
/// # Errors
/// 404, also for a build of somebody else.
pub fn find_build(app: &App, who: &Principal, id: Uuid) -> AppResult<Arc<Job>> {
    find_job(app, who.user_id, id)
}

/// The build of this reader: a user, or a visitor of a public flow.
///
/// # Errors
/// 404, also for a build of somebody else.
pub fn find_job(app: &App, reader: Uuid, id: Uuid) -> AppResult<Arc<Job>> {
    app.runs
        .jobs
        .cache
        .get(&id)
        .filter(|job| job.owner == reader)
        .ok_or_else(|| AppError::not_found(format!("Job not found: {id}")))
}

/// Stops a build. One that is over is as good as stopped.
pub fn cancel_build(app: &App, who: &Principal, id: Uuid) -> AppResult<()> {
    cancel_job(app, who.user_id, id)
}

/// As [`cancel_build`], for any reader.
pub fn cancel_job(app: &App, reader: Uuid, id: Uuid) -> AppResult<()> {
    let job = find_job(app, reader, id)?;
    job.task.abort();
    job.is_over.store(true, Ordering::Release);
    Ok(())
}

impl Job {
    /// The next frame; `None` when the build is over or was cancelled.
    pub async fn next(&self) -> Option<Frame> {
        let frame = self.frames.lock().await.recv().await;
        if frame.is_none() {
            self.is_over.store(true, Ordering::Release);
        }
        frame
    }

    /// What has come up, at least one frame if the build gives one within the wait. Empty: over.
    pub async fn poll(&self) -> Polled {
        let mut frames = self.frames.lock().await;
        let mut all = Vec::new();
        match tokio::time::timeout(POLL_WAIT, frames.recv()).await {
            Err(_) => return Polled::NothingYet,
            Ok(None) => return Polled::Over,
            Ok(Some(first)) => all.push(first),
        }
        while all.len() < PER_POLL
            && let Ok(frame) = frames.try_recv()
        {
            all.push(frame);
        }
        Polled::Frames(all)
    }

    /// The reader has gone: so does the build.
    pub fn abandon(&self) {
        self.task.abort();
    }
}

/// What a poll finds.
#[derive(Debug)]
pub enum Polled {
    Frames(Vec<Frame>),
    NothingYet,
    Over,
}
