//! Work that goes on in the background: few at once, the others wait in line, each can be stopped.

use crate::{App, AppError, AppResult, ErrorKind};
use chrono::{DateTime, TimeDelta, Utc};
use langflow_core::Fault;
use langflow_store::knowledge::IngestionStatus;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Jobs at once; each embeds in batches and writes them.
const AT_ONCE: usize = 2;
/// Jobs that run or wait.
const MOST_JOBS: usize = 50;
/// No job takes longer.
pub(crate) const LONGEST: Duration = Duration::from_hours(1);

/// The background jobs of one kind of this server.
#[derive(Debug)]
pub struct KnowledgeJobs {
    slots: Arc<Semaphore>,
    running: Mutex<HashMap<Uuid, CancellationToken>>,
}

impl Default for KnowledgeJobs {
    fn default() -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE)), running: Mutex::default() }
    }
}

/// How a job ended.
#[derive(Debug)]
pub(crate) enum Ended {
    Done,
    Failed(String),
    Cancelled,
}

impl Ended {
    /// What the row of a run says.
    pub(crate) fn into_status(self) -> (IngestionStatus, Option<String>) {
        match self {
            Self::Done => (IngestionStatus::Succeeded, None),
            Self::Failed(why) => (IngestionStatus::Failed, Some(why)),
            Self::Cancelled => (IngestionStatus::Cancelled, None),
        }
    }
}

impl KnowledgeJobs {
    /// # Errors
    /// 429: too many wait.
    pub(crate) fn begin(&self, job: Uuid) -> AppResult<CancellationToken> {
        let mut running = self.running.lock();
        if running.len() >= MOST_JOBS {
            return Err(AppError::new(
                ErrorKind::TooManyRequests,
                "Too many ingestions are waiting; try again later.",
            ));
        }
        let token = CancellationToken::new();
        running.insert(job, token.clone());
        Ok(token)
    }

    /// Ends a job of this server. False: it does not run here.
    pub(crate) fn stop(&self, job: Uuid) -> bool {
        let token = self.running.lock().remove(&job);
        token.inspect(CancellationToken::cancel).is_some()
    }

    /// The job is over.
    pub(crate) fn done(&self, job: Uuid) {
        self.running.lock().remove(&job);
    }

    /// Does the work once it is its turn, until it ends, is stopped or takes too long.
    pub(crate) async fn run(
        &self,
        token: &CancellationToken,
        work: impl Future<Output = Result<(), Fault>>,
    ) -> Ended {
        let in_turn = async {
            let _slot = self.slots.acquire().await;
            work.await
        };
        tokio::select! {
            () = token.cancelled() => Ended::Cancelled,
            done = tokio::time::timeout(LONGEST, in_turn) => match done {
                Ok(Ok(())) => Ended::Done,
                Ok(Err(fault)) => Ended::Failed(fault.message().to_owned()),
                Err(_) => Ended::Failed("the ingestion took longer than an hour".to_owned()),
            },
        }
    }
}

/// Jobs that began before this and have not ended were left by a server that is no more.
///
/// A SQLite file has one server, so all of them were. Other servers may work on a PostgreSQL database: there only
/// those that are older than any may get.
pub(crate) fn left_over_before(app: &App, now: DateTime<Utc>) -> DateTime<Utc> {
    if app.store.is_postgres() { not_before(now) } else { now }
}

/// A job that began before this has ended.
pub(crate) fn not_before(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::from_std(LONGEST).unwrap_or_default() - TimeDelta::minutes(5)
}
