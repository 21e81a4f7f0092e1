//! Copying the log of SQLite into its file beside the writer, not in one of its commits: the copy waits for the
//! disk, and every write in line would wait with it.
//!
//! A passive checkpoint runs while others read and write (<https://www.sqlite.org/wal.html#ckpt>). The writer
//! keeps a far limit of its own, for when this task cannot keep up.

use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// Writes after which the log is copied. A run of two nodes dirties some 8 pages of 4 KiB. Few: a long copy holds up the
/// runs beside it, and a log that grows syncs more slowly than one that is written over. Measured at 32 connections: with
/// 512 the slowest hundredth of runs took 33 ms, with 128 it took 26, at the same rate.
const WRITES: usize = 128;

/// Counts what was committed, and wakes the task.
#[derive(Debug, Default)]
pub(crate) struct Checkpoints {
    writes: AtomicUsize,
    wake: Notify,
}

impl Checkpoints {
    /// So many writes were committed.
    pub(crate) fn note(&self, writes: usize) {
        if self.writes.fetch_add(writes, Ordering::Relaxed) + writes >= WRITES {
            self.writes.store(0, Ordering::Relaxed);
            self.wake.notify_one();
        }
    }
}

/// Copies whenever there is enough, for ever. `db` is a connection of its own.
pub(crate) async fn serve(db: DatabaseConnection, checkpoints: Arc<Checkpoints>) {
    loop {
        checkpoints.wake.notified().await;
        if let Err(error) = db.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await {
            tracing::warn!(%error, "the log of the database could not be copied into its file");
        }
    }
}
