//! The one writer of SQLite: writes that wait share a commit.
//!
//! Each runs in a savepoint of its own, so that a failure undoes itself alone, and none is answered before
//! the commit that holds it has returned.

use crate::db::Tx;
use crate::error::{Result, StoreError};
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{DatabaseConnection, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// A write in line.
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
pub(crate) async fn run_alone(db: DatabaseConnection, mut job: Box<dyn Job>, limit: Duration) {
    let end = alone(&db, &mut *job, limit).await;
    job.settle(end);
}

/// Takes writes until the last sender is gone, then ends; what waits is written first.
pub(crate) async fn serve(
    db: DatabaseConnection,
    mut queue: mpsc::Receiver<Box<dyn Job>>,
    group: usize,
    limit: Duration,
) {
    let mut jobs = Vec::with_capacity(group);
    while queue.recv_many(&mut jobs, group).await > 0 {
        let end = match jobs.as_mut_slice() {
            [job] => alone(&db, &mut **job, limit).await,
            jobs => together(&db, jobs, limit).await,
        };
        if let Err(error) = &end {
            tracing::error!(writes = jobs.len(), %error, "a transaction failed: {error}");
        }
        for job in jobs.drain(..) {
            job.settle(end.clone());
        }
    }
}

async fn alone(db: &DatabaseConnection, job: &mut dyn Job, limit: Duration) -> Result<()> {
    let tx = begin(db).await?;
    close(job.run(&tx, limit).await, tx).await
}

async fn together(db: &DatabaseConnection, jobs: &mut [Box<dyn Job>], limit: Duration) -> Result<()> {
    let tx = begin(db).await?;
    for job in jobs {
        let savepoint = Tx::new(tx.inner().begin().await?);
        close(job.run(&savepoint, limit).await, savepoint).await?;
    }
    Ok(tx.into_inner().commit().await?)
}

async fn close(is_kept: bool, tx: Tx) -> Result<()> {
    let tx = tx.into_inner();
    Ok(if is_kept { tx.commit().await? } else { tx.rollback().await? })
}

/// Takes the write lock at once: a lock taken at the first write could fail half-way.
async fn begin(db: &DatabaseConnection) -> Result<Tx> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(Tx::new(db.begin_with_options(options).await?))
}
