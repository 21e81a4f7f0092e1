//! The wait for the disk, beside the writer and not in it.
//!
//! A commit appends to SQLite's log without waiting. The log is made durable here, on a thread of its own, while the
//! writer already works at the next group; only then are those whose writes the log holds answered. What was
//! acknowledged is on the disk, as with `synchronous = FULL`, but processor and disk work at the same time.
//!
//! That is sound because the log only grows between two copies of it into the file, a copy syncs the log before and
//! the file after it (<https://www.sqlite.org/pragma.html#pragma_synchronous>, NORMAL), and whatever of the log was
//! not synced is cut off at its last whole commit when it is read again
//! (<https://www.sqlite.org/fileformat2.html#the_write_ahead_log>).

use crate::error::{Result, StoreError};
use std::fs::File;
use std::path::{Path, PathBuf};
use tokio::sync::{mpsc, oneshot};

/// Committed groups that may wait for the disk. One: while it waits and another is on its way to the disk, the writer
/// lets a larger group gather, and larger groups cost less.
const WAITING: usize = 1;

/// Those to answer when a group is on the disk.
pub(crate) type Answers = Box<dyn FnOnce(Result<()>) + Send>;

/// Where committed groups go.
pub(crate) struct Disk {
    line: mpsc::Sender<Answers>,
    end: oneshot::Receiver<()>,
}

/// A place for the next group.
pub(crate) struct Place(mpsc::OwnedPermit<Answers>);

impl Place {
    /// Answers once all that is committed is on the disk.
    pub(crate) fn take(self, answers: Answers) {
        self.0.send(answers);
    }
}

impl Disk {
    /// Syncs the log of the database at `path`.
    ///
    /// # Errors
    /// No thread can be started.
    pub(crate) fn of_log(path: &Path) -> std::io::Result<Self> {
        let mut log = LogFile { path: log_of(path), open: None };
        Self::start(move || log.sync())
    }

    fn start(mut sync: impl FnMut() -> std::io::Result<()> + Send + 'static) -> std::io::Result<Self> {
        let (line, mut groups) = mpsc::channel::<Answers>(WAITING);
        let (ended, end) = oneshot::channel();
        std::thread::Builder::new().name("durable".to_owned()).spawn(move || {
            let mut waiting = Vec::with_capacity(WAITING);
            let mut state = Ok(());
            while groups.blocking_recv_many(&mut waiting, WAITING) > 0 {
                // After a failure the log may have a hole that nothing mends: a later sync proves nothing.
                if state.is_ok() {
                    state = sync().map_err(|error| failed(&error));
                }
                for answers in waiting.drain(..) {
                    answers(state.clone());
                }
            }
            let _ = ended.send(());
        })?;
        Ok(Self { line, end })
    }

    /// Waits until the next group may be committed. None: the thread has died.
    pub(crate) async fn place(&self) -> Option<Place> {
        self.line.clone().reserve_owned().await.ok().map(Place)
    }

    /// Returns when all are answered.
    pub(crate) async fn close(self) {
        drop(self.line);
        let _ = self.end.await;
    }
}

fn failed(error: &std::io::Error) -> StoreError {
    tracing::error!(%error, "the log of the database cannot be brought to the disk; no write is acknowledged any more");
    StoreError::Lost
}

/// The log lies beside the file itself, where a link leads to it.
fn log_of(path: &Path) -> PathBuf {
    let mut log = path.canonicalize().unwrap_or_else(|_| path.to_owned()).into_os_string();
    log.push("-wal");
    log.into()
}

/// Opened at the first write: before that there may be none.
struct LogFile {
    path: PathBuf,
    open: Option<File>,
}

impl LogFile {
    fn sync(&mut self) -> std::io::Result<()> {
        let file = match self.open.take() {
            Some(file) => file,
            None => File::open(&self.path)?,
        };
        self.open.insert(file).sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Error, ErrorKind};
    use std::sync::mpsc as threads;

    async fn answer(disk: &Disk) -> oneshot::Receiver<Result<()>> {
        let (reply, answer) = oneshot::channel();
        disk.place().await.unwrap().take(Box::new(move |end| reply.send(end).unwrap()));
        answer
    }

    #[tokio::test]
    async fn nobody_is_answered_before_the_disk_is() {
        let (go, wait) = threads::channel();
        let disk = Disk::start(move || wait.recv().map_err(|_| Error::from(ErrorKind::BrokenPipe))).unwrap();
        let mut first = answer(&disk).await;
        let mut second = answer(&disk).await;
        assert!(first.try_recv().is_err() && second.try_recv().is_err());
        go.send(()).unwrap();
        first.await.unwrap().unwrap();
        assert!(second.try_recv().is_err());
        go.send(()).unwrap();
        second.await.unwrap().unwrap();
        disk.close().await;
    }

    #[tokio::test]
    async fn after_a_failure_of_the_disk_nothing_is_acknowledged() {
        let mut outcomes = vec![Ok(()), Err(Error::from(ErrorKind::StorageFull)), Ok(())];
        outcomes.reverse();
        let disk = Disk::start(move || outcomes.pop().unwrap()).unwrap();
        assert!(answer(&disk).await.await.unwrap().is_ok());
        for _ in 0..2 {
            assert!(matches!(answer(&disk).await.await.unwrap(), Err(StoreError::Lost)));
        }
    }

    #[test]
    fn the_log_of_a_linked_file_lies_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.db"), folder.path().join("link.db"));
        std::fs::write(&real, "").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert_eq!(log_of(&link), log_of(&real));
    }
}
