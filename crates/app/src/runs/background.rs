//! Runs that nobody waits for: their row is there before they start, their events go to the log.

use super::build::PreparedBuild;
use super::jobs::KINDS;
use super::journal::{Ending, Journal};
use super::log::{self, OpenLog};
use super::suspended;
use crate::{App, AppError, AppResult};
use langflow_core::Json;
use langflow_store::runs::{self, RunStatus};
use langflow_store::{StoreError, Unique};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Frames that the log may be behind; the run waits when it is that far ahead.
const QUEUE: usize = 256;
/// The error of a run that was stopped.
const CANCELLED: &str = "The run was cancelled.";
/// How often a run looks whether another server has stopped it.
const LOOK: Duration = Duration::from_secs(2);
/// How long the end of the server waits for runs in the background to be closed.
const CLOSING: Duration = Duration::from_secs(5);

/// How a run goes in the background.
#[derive(Debug, Default)]
pub(super) struct Background {
    /// What was asked for, to be told later.
    pub input: Option<Json>,
    pub idempotency_key: Option<String>,
    /// Waits for its turn among the workflows.
    pub in_line: bool,
    /// The row of the run holds the answer.
    pub keeps_answer: bool,
    /// Somebody may read its events.
    pub keeps_events: bool,
}

/// Accepts a run and gives its id. What was accepted is durable when this returns.
///
/// # Errors
/// 503 while too many runs are in the background; 409 for a name that the caller has given to another run.
pub(super) async fn start(app: &Arc<App>, build: PreparedBuild, how: Background) -> AppResult<Uuid> {
    let id = build.run_id;
    let reader = build.visitor.unwrap_or_else(|| build.owner());
    let log = OpenLog::new(app, id, reader, build.kind)?;
    let mut head = build.head();
    head.input = how.input.or(head.input);
    head.idempotency_key = how.idempotency_key;
    let journal = Journal::new(app, head);
    let status = if how.in_line { RunStatus::Queued } else { RunStatus::InProgress };
    journal.open(status).await.map_err(taken)?;
    spawn(app, build, journal, log, (how.in_line, how.keeps_answer, how.keeps_events));
    Ok(id)
}

/// A workflow that has waited goes on, in line with the others; its row says that it is queued.
pub(super) fn go_on(app: &Arc<App>, build: PreparedBuild, log: OpenLog) {
    let journal = Journal::of_open(app, build.head());
    spawn(app, build, journal, log, (true, true, true));
}

fn spawn(
    app: &Arc<App>,
    build: PreparedBuild,
    journal: Arc<Journal>,
    log: OpenLog,
    (in_line, keeps_answer, keeps_events): (bool, bool, bool),
) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let (sink, frames) = mpsc::channel(QUEUE);
        let sink = keeps_events.then_some(sink);
        let run = async {
            tokio::select! {
                biased;
                () = stopped(&app, &log) => close_cancelled(&journal).await,
                () = run(&app, build, sink, Arc::clone(&journal), in_line, keeps_answer) => {}
            }
        };
        if keeps_events {
            tokio::join!(run, log::append(&app, &log, frames));
        } else {
            run.await;
        }
    });
}

async fn run(
    app: &App,
    build: PreparedBuild,
    sink: Option<mpsc::Sender<super::Frame>>,
    journal: Arc<Journal>,
    in_line: bool,
    keeps_answer: bool,
) {
    // A semaphore that is never closed always gives.
    let _permit = if in_line { app.runs.background.acquire().await.ok() } else { None };
    if in_line && !journal.start().await.unwrap_or(true) {
        return;
    }
    build.run(sink, journal, keeps_answer).await;
}

/// Until somebody stops the run: here, or on another server of the same database.
async fn stopped(app: &App, log: &OpenLog) {
    if !app.store.is_postgres() {
        return log.live.stop.cancelled().await;
    }
    while tokio::time::timeout(LOOK, log.live.stop.cancelled()).await.is_err() {
        let found = runs::find_of_kind(&app.store, log.live.run_id, &KINDS).await;
        if matches!(found, Ok(Some(run)) if run.status == RunStatus::Cancelled) {
            return;
        }
    }
}

/// The run may have been stopped before anything of it had started.
async fn close_cancelled(journal: &Journal) {
    if let Err(error) = journal.close(Ending::cancelled()).await {
        tracing::warn!(run_id = %journal.head().id, %error, "a cancelled run could not be closed: {error}");
    }
}

/// Stops a run. False: it had ended before.
pub(super) async fn stop(app: &App, id: Uuid) -> AppResult<bool> {
    let live = app.runs.logs.find(id);
    if let Some(live) = &live {
        live.stop.cancel();
    }
    // Also one that has just begun to wait.
    let now = app.clock.now();
    let waited = app.store.write(move |tx| {
        Box::pin(async move { suspended::end(tx, id, RunStatus::Cancelled, CANCELLED, now).await })
    });
    if waited.await? || live.is_some() {
        return Ok(true);
    }
    let end = runs::RunEnd {
        status: RunStatus::Cancelled,
        finished_at: app.clock.now(),
        input_tokens: 0,
        output_tokens: 0,
        total_tokens: 0,
        error: Some((&json!({ "message": CANCELLED })).into()),
        result: None,
    };
    Ok(app.store.write(move |tx| Box::pin(async move { runs::finish(tx, id, end).await })).await?)
}

/// Stops what runs in the background and waits until it is closed, as the server ends.
pub async fn finish_all(app: &App) {
    app.runs.logs.stop_all();
    let all_closed = async {
        while app.runs.logs.count() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    if tokio::time::timeout(CLOSING, all_closed).await.is_err() {
        tracing::warn!(left = app.runs.logs.count(), "runs in the background could not be closed in time");
    }
}

fn taken(error: StoreError) -> AppError {
    if error.taken() == Some(Unique::RunKey) {
        return AppError::conflict(json!({
            "error": "Duplicate request", "code": "DUPLICATE_REQUEST",
            "message": "There is a job with this idempotency_key already.",
        }));
    }
    error.into()
}
