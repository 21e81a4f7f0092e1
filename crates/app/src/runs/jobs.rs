//! Builds that are read by other requests than the one that started them.

use super::background::{self, Background};
use super::build::PreparedBuild;
use super::log::{LogReader, LoggedEvent};
use super::public::{PUBLIC, Visitor, visitor_id};
use crate::{App, AppError, AppResult, Principal};
use langflow_store::runs;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long a poll waits for an event before it answers that there is none yet.
const POLL_WAIT: Duration = Duration::from_secs(20);

/// Kinds of runs that have a log.
pub(super) const KINDS: [&str; 4] = ["build", "webhook", "workflow", PUBLIC];

/// Whose run of a public flow it is, in the row of the run.
const VISITOR: &str = "visitor";

/// How a client reads the events of a build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    #[default]
    Polling,
    Streaming,
    /// In the answer of the request itself.
    Direct,
}

/// A run in the background that its reader has found.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: Uuid,
}

/// Starts a build in the background and gives its id, which is that of the run.
pub async fn start_build(app: &Arc<App>, build: PreparedBuild) -> AppResult<Uuid> {
    let input = build.visitor.map(|visitor| json!({ VISITOR: visitor }));
    background::start(app, build, Background { input, keeps_events: true, ..Background::default() }).await
}

/// The caller's own run in the background.
///
/// # Errors
/// 404, also for a run of somebody else.
pub async fn find_job(app: &App, who: &Principal, id: Uuid) -> AppResult<Job> {
    let is_own = match app.runs.logs.find(id) {
        Some(live) => live.reader == who.user_id && live.kind != PUBLIC,
        None => runs::find(&app.store, who.user_id, id)
            .await?
            .is_some_and(|run| run.kind != PUBLIC && KINDS.contains(&run.kind.as_str())),
    };
    if is_own { Ok(Job { id }) } else { Err(AppError::not_found(format!("Job not found: {id}"))) }
}

/// A visitor's own build of a public flow.
///
/// # Errors
/// 404, also for a build of somebody else.
pub async fn find_public_job(app: &App, visitor: &Visitor, id: Uuid) -> AppResult<Job> {
    let visitor = visitor_id(visitor);
    let is_own = match app.runs.logs.find(id) {
        Some(live) => live.kind == PUBLIC && live.reader == visitor,
        None => runs::find_of_kind(&app.store, id, &[PUBLIC])
            .await?
            .and_then(|run| run.input)
            .is_some_and(|input| input.to_value().get(VISITOR) == Some(&json!(visitor))),
    };
    if is_own { Ok(Job { id }) } else { Err(AppError::not_found("Job not found")) }
}

impl Job {
    /// All events, from the first.
    pub fn read(&self, app: &Arc<App>) -> LogReader {
        LogReader::new(app, self.id, 0)
    }

    /// What has come up since the last poll of this job, at least one event if there is one within the wait.
    pub async fn poll(&self, app: &Arc<App>) -> AppResult<Polled> {
        let cursor = app.runs.logs.cursor(self.id);
        let mut after = cursor.lock().await;
        let mut reader = LogReader::new(app, self.id, *after);
        let found = match tokio::time::timeout(POLL_WAIT, reader.next()).await {
            Err(_) => return Ok(Polled::NothingYet),
            Ok(found) => found?,
        };
        let Some(events) = found else { return Ok(Polled::Over) };
        if let Some(last) = events.last() {
            *after = last.seq;
        }
        Ok(Polled::Events(events))
    }

    /// Stops the run. One that is over is as good as stopped.
    pub async fn cancel(&self, app: &App) -> AppResult<()> {
        background::stop(app, self.id).await.map(drop)
    }
}

/// What a poll finds.
#[derive(Debug)]
pub enum Polled {
    Events(Vec<Arc<LoggedEvent>>),
    NothingYet,
    Over,
}
