//! When messages are taken in.

use super::base::find_memory;
use super::intake::Intake;
use crate::knowledge::jobs::{left_over_before, not_before};
use crate::{App, AppError, AppResult, ErrorKind, Principal};
use langflow_store::memories::{self as rows, IngestionStatus, MemoryBase, MemoryRun, MemorySession};
use std::sync::Arc;
use uuid::Uuid;

/// Runs whose rows are kept of each memory.
const KEPT_RUNS: u64 = 200;
const LONGEST_SESSION: usize = 1_000;

/// Takes in what waits of a session now, and gives the id of the job.
///
/// # Errors
/// 404; 400: the embedding model cannot be used; 409: the session is being taken in; 422; 429.
pub async fn flush(app: &Arc<App>, principal: &Principal, id: Uuid, session: &str) -> AppResult<Uuid> {
    let base = find_memory(app, principal, id).await?;
    if session.is_empty() || session.chars().count() > LONGEST_SESSION {
        return Err(AppError::field(
            "value_error",
            &["body", "session_id"],
            format!("Value error, a session id has 1 to {LONGEST_SESSION} characters"),
        ));
    }
    begin(app, base, session).await
}

/// Forgets all that a memory holds and takes its sessions in anew; gives the ids of the jobs. A session that is
/// being taken in goes on.
///
/// # Errors
/// 404; 400: the embedding model cannot be used.
pub async fn regenerate(app: &Arc<App>, principal: &Principal, id: Uuid) -> AppResult<Vec<Uuid>> {
    let base = find_memory(app, principal, id).await?;
    // What cannot be made anew is not thrown away.
    Intake::tools(app, &base).await?;
    let sessions = app.store.write(move |tx| Box::pin(async move { rows::reset(tx, id).await })).await?;
    let mut jobs = Vec::with_capacity(sessions.len());
    for session in sessions {
        match begin(app, base.clone(), &session.session_id).await {
            Ok(job) => jobs.push(job),
            Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::TooManyRequests) => {
                tracing::info!(memory = %base.id, "a session is not taken in anew now: {error}");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(jobs)
}

/// A run of a flow has ended well: memories that watch the flow count it, and take the session in when it is time.
/// What goes wrong here is told to the operator and does not reach the run.
pub(crate) async fn capture(app: &Arc<App>, owner: Uuid, flow: Uuid, session: &str) {
    if session.is_empty() || session.chars().count() > LONGEST_SESSION {
        return;
    }
    if let Err(error) = count(app, owner, flow, session).await {
        tracing::warn!(flow_id = %flow, %error, "a run was not counted by the memories of its flow");
    }
}

async fn count(app: &Arc<App>, owner: Uuid, flow: Uuid, session: &str) -> AppResult<()> {
    if app.memories.watched.get(&flow) == Some(false) {
        return Ok(());
    }
    let watching = rows::list_watching(&app.store, owner, flow).await?;
    app.memories.watched.insert(flow, !watching.is_empty());
    for base in watching {
        let new = fresh_session(app, &base, session);
        let counted = app.store.write(move |tx| {
            Box::pin(async move {
                let mut session = rows::open_session(tx, &new).await?;
                session.pending_runs += 1;
                rows::save_session(tx, &session).await?;
                Ok(session.pending_runs)
            })
        });
        if counted.await? < base.threshold {
            continue;
        }
        let id = base.id;
        match begin(app, base, session).await {
            Ok(_) => {}
            Err(error) if error.kind == ErrorKind::Conflict => {}
            Err(error) => tracing::warn!(memory = %id, %error, "a session could not be taken in: {error}"),
        }
    }
    Ok(())
}

fn fresh_session(app: &App, base: &MemoryBase, session: &str) -> MemorySession {
    MemorySession {
        id: app.ids.random(),
        memory_base_id: base.id,
        session_id: session.to_owned(),
        cursor_id: None,
        total_processed: 0,
        pending_runs: 0,
        last_sync_at: None,
    }
}

/// Begins to take a session in.
async fn begin(app: &Arc<App>, base: MemoryBase, session: &str) -> AppResult<Uuid> {
    let tools = Intake::tools(app, &base).await?;
    let job = app.ids.random();
    let token = app.memories.jobs.begin(job)?;
    let now = app.clock.now();
    let run = MemoryRun {
        id: job,
        memory_base_id: base.id,
        session_id: session.to_owned(),
        status: IngestionStatus::Queued,
        error_message: None,
        total_messages: 0,
        done_messages: 0,
        chunks_created: 0,
        started_at: now,
        finished_at: None,
    };
    let (row, new) = (run.clone(), fresh_session(app, &base, session));
    let opened = app.store.write_or(move |tx| {
        Box::pin(async move {
            let session = rows::open_session(tx, &new).await?;
            let since = not_before(now);
            if rows::open_run(tx, row.memory_base_id, &row.session_id, since).await?.is_some() {
                return Err(AppError::conflict("An ingestion job is already in progress for this session."));
            }
            rows::insert_run(tx, &row).await?;
            rows::trim_runs(tx, row.memory_base_id, KEPT_RUNS).await?;
            Ok(session)
        })
    });
    let session = match opened.await {
        Ok(session) => session,
        Err(error) => {
            app.memories.jobs.done(job);
            return Err(error);
        }
    };
    let mut intake = Intake::new(app, base, session, run, tools);
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let ended = app.memories.jobs.run(&token, intake.fill()).await;
        intake.close(ended).await;
        app.memories.jobs.done(job);
    });
    Ok(job)
}

/// Marks as failed what a server that is no more left half done. Called once at start.
pub async fn close_left_over(app: &App) -> AppResult<u64> {
    let now = app.clock.now();
    let before = left_over_before(app, now);
    let why = "the server ended during the ingestion";
    let closed = app
        .store
        .write(move |tx| Box::pin(async move { rows::fail_left_over(tx, why, before, now).await }))
        .await?;
    if closed > 0 {
        tracing::warn!(closed, "{closed} sessions were being taken in when the server ended");
    }
    Ok(closed)
}
