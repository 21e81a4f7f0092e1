//! The one writer of SQLite: writes that wait share a commit.
//!
//! Each runs in a savepoint of its own, so that a failure undoes itself alone, and none is answered before
//! the commit that holds it is on the disk. Records of ended runs, the most frequent write, go a step further:
//! those that wait together share their statements too.

use crate::checkpoint::Checkpoints;
use crate::db::Tx;
use crate::durable::{Answers, Disk, Place};
use crate::error::{Result, StoreError};
use crate::recent::{Changes, Touched};
use crate::runs::{self, RunRecord};
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{DatabaseConnection, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Writes that are not worth splitting: a commit costs about as much as so many of them.
const SMALL_GROUP: usize = 8;

/// What waits in line.
pub(crate) enum Entry {
    Work(Box<dyn Job>),
    Record(Box<Record>),
}

/// An ended run, and who waits until it is stored.
pub(crate) struct Record {
    record: RunRecord,
    reply: oneshot::Sender<Result<()>>,
}

impl Record {
    pub(crate) fn new(record: RunRecord) -> (Self, oneshot::Receiver<Result<()>>) {
        let (reply, answer) = oneshot::channel();
        (Self { record, reply }, answer)
    }
}

/// A write by closure.
pub(crate) trait Job: Send {
    /// Does the work. False: undo it.
    fn run<'t>(&'t mut self, tx: &'t Tx, limit: Duration) -> BoxFuture<'t, bool>;
    /// Answers, once the transaction has ended this way.
    fn settle(self: Box<Self>, end: Result<()>);
}

/// A closure, what came of it, and who waits for it.
pub(crate) struct Pending<F, T, E> {
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Pending<F, T, E> {
    pub(crate) fn new(work: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        (Self { work: Some(work), outcome: None, reply }, answer)
    }
}

impl<F, T, E> Job for Pending<F, T, E>
where
    F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T, E>> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run<'t>(&'t mut self, tx: &'t Tx, limit: Duration) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else { return false };
            let outcome = guarded(work, tx, limit).await;
            let is_kept = outcome.is_ok();
            self.outcome = Some(outcome);
            is_kept
        })
    }

    fn settle(self: Box<Self>, end: Result<()>) {
        let outcome = match (self.outcome, end) {
            (Some(Ok(_)) | None, Err(error)) => Err(E::from(error)),
            (Some(outcome), _) => outcome,
            (None, Ok(())) => Err(E::from(StoreError::Closed)),
        };
        // Nobody waits any more: the write stands, as it would have a moment later.
        let _ = self.reply.send(outcome);
    }
}

/// Runs the closure with a deadline, and turns a panic into an error.
async fn guarded<F, T, E>(work: F, tx: &Tx, limit: Duration) -> Result<T, E>
where
    F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T, E>>,
    E: From<StoreError>,
{
    let work = AssertUnwindSafe(async { work(tx).await }).catch_unwind();
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(StoreError::GivenUp("it panicked".to_owned()).into()),
        Err(_) => Err(StoreError::GivenUp(format!("it took longer than {limit:?}")).into()),
    }
}

/// Runs `job` in a transaction of its own.
pub(crate) async fn run_alone(
    db: DatabaseConnection,
    changes: Arc<Changes>,
    mut job: Box<dyn Job>,
    limit: Duration,
) {
    let end = alone(&db, &changes, &mut *job, limit).await;
    job.settle(end);
}

/// Who is told of commits.
pub(crate) struct Noted {
    pub changes: Arc<Changes>,
    pub checkpoints: Arc<Checkpoints>,
}

/// Takes writes until the last sender is gone, then ends; what waits is written first.
pub(crate) async fn serve(
    db: DatabaseConnection,
    noted: Noted,
    disk: Option<Disk>,
    mut queue: mpsc::Receiver<Entry>,
    group: usize,
    limit: Duration,
) {
    let mut entries = Vec::with_capacity(group);
    loop {
        // First the place, then the group: more join it while the disk is busy.
        let place = match &disk {
            None => None,
            Some(disk) => match disk.place().await {
                None => break,
                place => place,
            },
        };
        // Half of those in line: the others' callers compute meanwhile. With all, writer and callers would wait for each
        // other by turns.
        let share = (queue.len() / 2).max(SMALL_GROUP).min(group);
        if queue.recv_many(&mut entries, share).await == 0 {
            break;
        }
        let writes = entries.len();
        let mut jobs = Vec::new();
        let mut records = Vec::new();
        for entry in entries.drain(..) {
            match entry {
                Entry::Work(job) => jobs.push(job),
                Entry::Record(record) => records.push(*record),
            }
        }
        write_group(&db, &noted.changes, jobs, records, limit, place).await;
        noted.checkpoints.note(writes);
    }
    if let Some(disk) = disk {
        disk.close().await;
    }
}

/// Commits, and answers: once it is on the disk where there is a `place` to wait for that.
async fn write_group(
    db: &DatabaseConnection,
    changes: &Changes,
    mut jobs: Vec<Box<dyn Job>>,
    records: Vec<Record>,
    limit: Duration,
    place: Option<Place>,
) {
    let (rows, replies): (Vec<_>, Vec<_>) =
        records.into_iter().map(|record| (record.record, record.reply)).unzip();
    let mut outcomes = Vec::new();
    let committed = match jobs.as_mut_slice() {
        [job] if rows.is_empty() => alone(db, changes, &mut **job, limit).await,
        jobs => together(db, changes, jobs, rows, &mut outcomes, limit).await,
    };
    if let Err(error) = &committed {
        tracing::error!(writes = jobs.len() + replies.len(), %error, "a transaction failed: {error}");
    }
    let answers: Answers = Box::new(move |on_disk| {
        let end = committed.and(on_disk);
        for job in jobs {
            job.settle(end.clone());
        }
        let mut outcomes = outcomes.into_iter();
        for reply in replies {
            let outcome = outcomes.next().unwrap_or(Ok(()));
            // Nobody waits any more: the record stands, as it would have a moment later.
            let _ = reply.send(end.clone().and(outcome));
        }
    });
    match place {
        Some(place) => place.take(answers),
        None => answers(Ok(())),
    }
}

async fn alone(db: &DatabaseConnection, changes: &Changes, job: &mut dyn Job, limit: Duration) -> Result<()> {
    let tx = begin(db).await?;
    let touched = close(job.run(&tx, limit).await, tx).await?;
    changes.note(&touched);
    Ok(())
}

async fn together(
    db: &DatabaseConnection,
    changes: &Changes,
    jobs: &mut [Box<dyn Job>],
    records: Vec<RunRecord>,
    outcomes: &mut Vec<Result<()>>,
    limit: Duration,
) -> Result<()> {
    let mut tx = begin(db).await?;
    // All records in one statement per table. They come first: where that fails, nothing else is undone with them,
    // and each is tried by itself to find the one at fault.
    if !records.is_empty() && runs::record_all(&tx, &records).await.is_err() {
        close(false, tx).await?;
        tx = begin(db).await?;
        *outcomes = write_each(&tx, records).await?;
    }
    for job in jobs {
        let savepoint = savepoint(&tx).await?;
        tx.touched().merge(&close(job.run(&savepoint, limit).await, savepoint).await?);
    }
    let touched = close(true, tx).await?;
    changes.note(&touched);
    Ok(())
}

/// Gives what came of each record.
async fn write_each(tx: &Tx, records: Vec<RunRecord>) -> Result<Vec<Result<()>>> {
    let mut outcomes = Vec::with_capacity(records.len());
    for record in records {
        let one = savepoint(tx).await?;
        let outcome = runs::record(&one, record).await;
        close(outcome.is_ok(), one).await?;
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

async fn savepoint(tx: &Tx) -> Result<Tx> {
    Ok(Tx::new(tx.inner().begin().await?))
}

/// Keeps or undoes, and tells what a kept transaction has changed.
async fn close(is_kept: bool, tx: Tx) -> Result<Touched> {
    let (tx, touched) = tx.into_parts();
    if is_kept {
        tx.commit().await?;
        Ok(touched)
    } else {
        tx.rollback().await?;
        Ok(Touched::default())
    }
}

/// Takes the write lock at once: a lock taken at the first write could fail half-way.
async fn begin(db: &DatabaseConnection) -> Result<Tx> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(Tx::new(db.begin_with_options(options).await?))
}
