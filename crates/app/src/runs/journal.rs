//! What a run leaves in the store.

use super::messages::RunMessages;
use super::truncate::{cut, truncate};
use crate::{App, AppResult};
use chrono::{DateTime, Utc};
use langflow_core::Json;
use langflow_core::run::VertexBuild as BuildEvent;
use langflow_core::value::Usage;
use langflow_store::runs::{self, Run, RunEnd, RunRecord, RunStatus};
use langflow_store::suspended::{self, SuspendedRun};
use langflow_store::transactions::Transaction;
use langflow_store::vertex_builds::VertexBuild;
use langflow_store::{RawJson, StoreError, messages, transactions, vertex_builds};
use parking_lot::Mutex;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use uuid::Uuid;

/// A run that takes longer than this gets its row while it runs.
const SHORT: Duration = Duration::from_millis(250);
/// How often a long run writes what has come up since.
const STEP: Duration = Duration::from_millis(500);

/// Who runs what, for the row of the run.
#[derive(Clone, Debug)]
pub(super) struct RunHead {
    pub id: Uuid,
    pub owner: Uuid,
    pub flow_id: Uuid,
    pub session_id: String,
    /// `run`, `build`, …
    pub kind: &'static str,
    pub api_key_id: Option<Uuid>,
    pub started_at: DateTime<Utc>,
    /// What was asked for, of a run that is asked about later.
    pub input: Option<Json>,
    /// The caller's name for the run: a second run of this name is refused.
    pub idempotency_key: Option<String>,
}

/// Writes a run's row, messages, transactions and node states.
pub(super) struct Journal {
    app: Arc<App>,
    head: RunHead,
    pub messages: Arc<RunMessages>,
    pending: Mutex<Pending>,
    state: Mutex<State>,
}

#[derive(Default)]
struct Pending {
    transactions: Vec<Transaction>,
    builds: Vec<VertexBuild>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing of the run is in the store.
    Unwritten,
    /// The row says that it is in progress.
    Open,
    Closed,
}

/// What is to be written of a run.
enum Step {
    /// What has come up since.
    Going,
    /// It waits for a human.
    Waits(Option<Usage>, Box<SuspendedRun>),
    Ended(Ending),
}

/// How a run ended, for its row.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    pub status: RunStatus,
    pub usage: Option<Usage>,
    pub error: Option<Json>,
    /// The answer, of a run that is asked about later.
    pub result: Option<Json>,
}

impl Ending {
    /// The run could not start.
    pub(super) fn refused(why: &str) -> Self {
        Self { status: RunStatus::Failed, usage: None, error: Some(json!({ "message": why })), result: None }
    }

    pub(super) fn cancelled() -> Self {
        Self {
            status: RunStatus::Cancelled,
            usage: None,
            error: Some(json!({"message": "The run was cancelled."})),
            result: None,
        }
    }
}

impl Journal {
    pub(super) fn new(app: &Arc<App>, head: RunHead) -> Arc<Self> {
        let messages = RunMessages::new(&app.store, head.owner);
        Arc::new(Self {
            app: Arc::clone(app),
            head,
            messages,
            pending: Mutex::default(),
            state: Mutex::new(State::Unwritten),
        })
    }

    pub(super) fn head(&self) -> &RunHead {
        &self.head
    }

    /// Keeps the state of a node, for the editor and for the list of transactions.
    pub(super) fn add_build(&self, build: &BuildEvent, data: &Json, store_build: bool, store_log: bool) {
        let timestamp = self.app.clock.now();
        let short = |json: Json| {
            let (mut json, limits) = (json, &self.app.settings.flows);
            truncate(&mut json, limits.max_text_length as usize, limits.max_items_length as usize);
            Some(json.into())
        };
        let mut pending = self.pending.lock();
        if store_build {
            let mut params = build.params.clone();
            cut(&mut params, self.app.settings.flows.max_text_length as usize);
            pending.builds.push(VertexBuild {
                id: self.app.ids.ordered(),
                user_id: Some(self.head.owner),
                flow_id: self.head.flow_id,
                run_id: Some(self.head.id),
                vertex_id: build.id.clone(),
                timestamp,
                valid: build.valid,
                params: Some(params),
                data: short(data.clone()),
                artifacts: short(Json::Object(build.artifacts.clone())),
            });
        }
        if store_log {
            pending.transactions.push(Transaction {
                id: self.app.ids.ordered(),
                user_id: Some(self.head.owner),
                flow_id: self.head.flow_id,
                run_id: Some(self.head.id),
                session_id: Some(self.head.session_id.clone()),
                timestamp,
                vertex_id: build.id.clone(),
                target_id: build.next_vertices_ids.first().cloned(),
                status: if build.valid { "success" } else { "error" }.into(),
                error: (!build.valid).then(|| build.params.clone()),
                inputs: short(Json::Object(build.inputs.clone())),
                outputs: short(Json::Object(build.outputs.clone())),
                display_name: Some(build.display_name.clone()),
                duration_ms: Some(milliseconds(build.duration_seconds)),
                usage: build.token_usage.as_ref().and_then(|usage| RawJson::of(usage).ok()),
            });
        }
    }

    /// Of a run that has its row already and goes on.
    pub(super) fn of_open(app: &Arc<App>, head: RunHead) -> Arc<Self> {
        let journal = Self::new(app, head);
        *journal.state.lock() = State::Open;
        journal
    }

    /// Writes the row before the run starts: what was accepted is known after a crash.
    ///
    /// # Errors
    /// `Taken(RunKey)` of the store when the caller has a run of this name already.
    pub(super) async fn open(&self, status: RunStatus) -> Result<(), StoreError> {
        let mut row = self.row(&Step::Going);
        row.status = status;
        if status == RunStatus::Queued {
            row.started_at = None;
        }
        self.app.store.write(move |tx| Box::pin(async move { runs::insert(tx, &row).await })).await?;
        *self.state.lock() = State::Open;
        Ok(())
    }

    /// A queued run starts now. False: it was stopped before.
    pub(super) async fn start(&self) -> AppResult<bool> {
        let (id, now) = (self.head.id, self.app.clock.now());
        Ok(self.app.store.write(move |tx| Box::pin(async move { runs::start(tx, id, now).await })).await?)
    }

    /// Whether the run has a row that wants to be closed.
    pub(super) fn is_open(&self) -> bool {
        *self.state.lock() == State::Open
    }

    /// Drives a run. A short one leaves nothing in the store until it is closed.
    pub(super) async fn watch<T>(&self, run: impl Future<Output = T>) -> AppResult<T> {
        let mut run = std::pin::pin!(run);
        if let Ok(done) = tokio::time::timeout(SHORT, &mut run).await {
            return Ok(done);
        }
        loop {
            self.flush(Step::Going).await?;
            if let Ok(done) = tokio::time::timeout(STEP, &mut run).await {
                return Ok(done);
            }
        }
    }

    /// Closes the run: everything is durable when this returns.
    pub(super) async fn close(&self, ending: Ending) -> AppResult<()> {
        self.flush(Step::Ended(ending)).await.map(drop)
    }

    /// The run waits from now on: that is durable when this returns. False: it has ended meanwhile.
    pub(super) async fn suspend(&self, usage: Option<Usage>, row: SuspendedRun) -> AppResult<bool> {
        self.flush(Step::Waits(usage, Box::new(row))).await
    }

    fn row(&self, step: &Step) -> Run {
        let (status, usage) = match step {
            Step::Going => (RunStatus::InProgress, None),
            Step::Waits(usage, _) => (RunStatus::Suspended, *usage),
            Step::Ended(ending) => (ending.status, ending.usage),
        };
        let ending = match step {
            Step::Ended(ending) => Some(ending),
            _ => None,
        };
        let usage = usage.unwrap_or_default();
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        Run {
            id: self.head.id,
            user_id: Some(self.head.owner),
            flow_id: self.head.flow_id,
            session_id: self.head.session_id.clone(),
            kind: self.head.kind.into(),
            status,
            boot_id: self.app.runs.boot_id,
            api_key_id: self.head.api_key_id,
            created_at: self.head.started_at,
            started_at: Some(self.head.started_at),
            finished_at: ending.map(|_| self.app.clock.now()),
            input_tokens: number(usage.input_tokens),
            output_tokens: number(usage.output_tokens),
            total_tokens: number(usage.total_tokens),
            error: ending.and_then(|e| e.error.as_ref()).map(Into::into),
            input: self.head.input.as_ref().map(Into::into),
            result: ending.and_then(|e| e.result.as_ref()).map(Into::into),
            idempotency_key: self.head.idempotency_key.clone(),
        }
    }

    /// False: the run was to wait and has ended.
    async fn flush(&self, step: Step) -> AppResult<bool> {
        let state = *self.state.lock();
        if state == State::Closed {
            return Ok(false);
        }
        let messages = self.messages.take();
        let Pending { transactions, builds } = std::mem::take(&mut *self.pending.lock());
        let rows = (transactions.len() + builds.len()) as u64;
        let is_empty = messages.is_empty() && transactions.is_empty() && builds.is_empty();
        if state == State::Open && matches!(step, Step::Going) && is_empty {
            return Ok(true);
        }
        let row = self.row(&step);
        let is_going = matches!(step, Step::Going);
        let waits = match step {
            Step::Waits(_, row) => Some(*row),
            _ => None,
        };
        let kept = messages.clone();
        let written = match state {
            State::Unwritten => {
                let record = RunRecord { run: row, messages, transactions, builds };
                match waits {
                    None => self.app.store.record_run(record).await.map(|()| true),
                    Some(waits) => {
                        let write = self.app.store.write(move |tx| {
                            Box::pin(async move {
                                runs::record(tx, record).await?;
                                suspended::insert(tx, waits).await?;
                                Ok(true)
                            })
                        });
                        write.await
                    }
                }
            }
            State::Open | State::Closed => {
                let end = row.finished_at.map(|finished_at| RunEnd {
                    status: row.status,
                    finished_at,
                    input_tokens: row.input_tokens,
                    output_tokens: row.output_tokens,
                    total_tokens: row.total_tokens,
                    error: row.error,
                    result: row.result,
                });
                let id = self.head.id;
                let tokens = (row.input_tokens, row.output_tokens, row.total_tokens);
                self.app
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            messages::save(tx, &messages).await?;
                            transactions::insert(tx, transactions).await?;
                            vertex_builds::insert(tx, builds).await?;
                            match (waits, end) {
                                (Some(waits), _) => suspended::suspend(tx, waits, tokens).await,
                                (None, Some(end)) => runs::finish(tx, id, end).await.map(|_| true),
                                (None, None) => Ok(true),
                            }
                        })
                    })
                    .await
            }
        };
        match written {
            Ok(done) => {
                *self.state.lock() = if is_going { State::Open } else { State::Closed };
                trim(&self.app, rows);
                Ok(done)
            }
            Err(error) => {
                self.messages.put_back(kept);
                Err(error.into())
            }
        }
    }
}

/// Rounded; what is no time that has passed is 0.
fn milliseconds(seconds: f64) -> i64 {
    i64::try_from(Duration::try_from_secs_f64(seconds).unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

/// Removes the oldest rows of nodes now and then: each so many new ones.
fn trim(app: &Arc<App>, rows: u64) {
    const SELDOM: u64 = 500;
    let settings = app.settings.runs;
    // Where few are kept, a few more weigh.
    let every = SELDOM.min(settings.max_transactions.min(settings.max_vertex_builds) / 10);
    if app.runs.rows_since_trim.fetch_add(rows, Ordering::Relaxed) + rows < every {
        return;
    }
    app.runs.rows_since_trim.store(0, Ordering::Relaxed);
    let app = Arc::clone(app);
    tokio::spawn(async move {
        if let Err(error) = trim_rows(&app).await {
            tracing::warn!(%error, "old rows of nodes could not be removed");
        }
    });
}

/// Removes the oldest transactions and states of nodes beyond what is kept, few at a time; gives how many.
pub async fn trim_rows(app: &App) -> AppResult<u64> {
    const AT_ONCE: u64 = 2000;
    let settings = app.settings.runs;
    let trimmed = app.store.write(move |tx| {
        Box::pin(async move {
            Ok(transactions::trim(tx, settings.max_transactions, AT_ONCE).await?
                + vertex_builds::trim_nodes(tx, settings.max_builds_per_vertex, AT_ONCE).await?
                + vertex_builds::trim(tx, settings.max_vertex_builds, AT_ONCE).await?)
        })
    });
    Ok(trimmed.await?)
}

/// Closes the run as cancelled when it is dropped before its end.
pub(super) struct CancelOnDrop(pub Option<Arc<Journal>>);

impl CancelOnDrop {
    /// The run has ended by itself.
    pub(super) fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        let Some(journal) = self.0.take() else { return };
        tracing::debug!(run_id = %journal.head.id, "run cancelled");
        // One short write; the server's shutdown closes the store after all writes in line.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = journal.close(Ending::cancelled()).await {
                    tracing::warn!(run_id = %journal.head.id, %error, "a cancelled run could not be closed");
                }
            });
        }
    }
}
