//! Logs that are being written by this server.

use super::END;
use crate::{App, AppError, AppResult, ErrorKind};
use langflow_core::Json;
use langflow_store::run_events::RunEvent;
use moka::sync::Cache;
use parking_lot::Mutex;
use serde_json::json;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Newest events of one log that its readers share.
const SHARED_BYTES: usize = 64 << 10;
/// Places of clients that poll, and how long one that does not come back is remembered.
const CURSORS: u64 = 10_000;
const CURSOR_LIVES: Duration = Duration::from_mins(10);
/// Readers that look into the store at the same time; other requests find a connection beside them.
const LOOKS: usize = 4;

/// One event as it stands in the log.
#[derive(Debug, PartialEq, Eq)]
pub struct LoggedEvent {
    /// From 1.
    pub seq: i64,
    /// `add_message`, `token`, … (contract-flows 9.4)
    pub kind: String,
    /// A JSON text.
    pub data: String,
}

impl LoggedEvent {
    /// The JSON of the event.
    pub fn value(&self) -> Json {
        serde_json::from_str(&self.data).unwrap_or_default()
    }

    /// `{"event", "data"}` and an empty line.
    pub fn line(&self) -> String {
        format!("{{\"event\":{},\"data\":{}}}\n\n", Json::from(self.kind.as_str()), self.data)
    }

    pub(super) fn is_end(&self) -> bool {
        self.kind == END
    }
}

impl From<RunEvent> for LoggedEvent {
    fn from(row: RunEvent) -> Self {
        Self { seq: row.seq, kind: row.kind, data: row.payload.get().to_owned() }
    }
}

/// The logs that this server writes, and how far polling clients are.
pub struct Logs {
    live: Mutex<HashMap<Uuid, Arc<Live>>>,
    /// Runs in the background at the same time.
    capacity: usize,
    cursors: Cache<Uuid, Arc<tokio::sync::Mutex<i64>>>,
    /// Readers that look into the store at the same time.
    looks: Semaphore,
}

impl Logs {
    pub(in crate::runs) fn new(capacity: u64) -> Self {
        Self {
            live: Mutex::default(),
            capacity: usize::try_from(capacity).unwrap_or(usize::MAX),
            cursors: Cache::builder().max_capacity(CURSORS).time_to_idle(CURSOR_LIVES).build(),
            looks: Semaphore::new(LOOKS),
        }
    }

    /// A reader's turn to look into the store. Readers wait here as long as it takes: in line for a connection their
    /// patience would end, and with it the stream of their client.
    pub(in crate::runs) async fn look(&self) -> Option<SemaphorePermit<'_>> {
        // A semaphore that is never closed always gives.
        self.looks.acquire().await.ok()
    }

    /// How many runs write a log now.
    pub fn count(&self) -> usize {
        self.live.lock().len()
    }

    pub(in crate::runs) fn find(&self, run: Uuid) -> Option<Arc<Live>> {
        self.live.lock().get(&run).cloned()
    }

    pub(in crate::runs) fn cursor(&self, run: Uuid) -> Arc<tokio::sync::Mutex<i64>> {
        self.cursors.get_with(run, Arc::default)
    }

    /// Stops all runs in the background: the server ends.
    pub fn stop_all(&self) {
        self.live.lock().values().for_each(|live| live.stop.cancel());
    }
}

/// One log that is being written.
pub(in crate::runs) struct Live {
    pub run_id: Uuid,
    /// Who may read it: the owner of the run, or a visitor.
    pub reader: Uuid,
    pub kind: &'static str,
    /// Stops the run.
    pub stop: CancellationToken,
    tail: watch::Sender<Tail>,
    shared: Mutex<Shared>,
    /// Readers without whom the run shall not go on.
    pub needed_readers: AtomicUsize,
}

/// How far the log is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    pub last: i64,
    pub is_over: bool,
}

#[derive(Default)]
struct Shared {
    events: VecDeque<Arc<LoggedEvent>>,
    bytes: usize,
}

impl Live {
    pub(super) fn watch(&self) -> watch::Receiver<Tail> {
        self.tail.subscribe()
    }

    /// Shows readers what has been written.
    pub(super) fn publish(&self, events: Vec<Arc<LoggedEvent>>) {
        let Some(last) = events.last().map(|event| event.seq) else { return };
        let mut shared = self.shared.lock();
        for event in events {
            shared.bytes += event.data.len();
            shared.events.push_back(event);
        }
        while shared.bytes > SHARED_BYTES
            && let Some(old) = shared.events.pop_front()
        {
            shared.bytes -= old.data.len();
        }
        drop(shared);
        self.tail.send_modify(|tail| tail.last = last);
    }

    /// The events after `after`, if all of them are still in memory.
    pub(super) fn after(&self, after: i64) -> Option<Vec<Arc<LoggedEvent>>> {
        let shared = self.shared.lock();
        let first = shared.events.front()?.seq;
        let skip = usize::try_from(after.checked_add(1)?.checked_sub(first)?).ok()?;
        Some(shared.events.iter().skip(skip).cloned().collect())
    }

    pub(super) fn last(&self) -> i64 {
        self.tail.borrow().last
    }

    /// A reader without whom the run need not go on has left.
    pub(super) fn leave(&self) {
        if self.needed_readers.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.stop.cancel();
        }
    }
}

/// The writer's hold of a log. When it is dropped, the log is over for readers of this server.
pub(in crate::runs) struct OpenLog {
    app: Arc<App>,
    pub live: Arc<Live>,
}

impl OpenLog {
    /// # Errors
    /// 503 when too many runs are in the background already, 409 while the run has a log that is written.
    pub(in crate::runs) fn new(
        app: &Arc<App>,
        run_id: Uuid,
        reader: Uuid,
        kind: &'static str,
    ) -> AppResult<Self> {
        let logs = &app.runs.logs;
        let live = Arc::new(Live {
            run_id,
            reader,
            kind,
            stop: CancellationToken::new(),
            tail: watch::Sender::default(),
            shared: Mutex::default(),
            needed_readers: AtomicUsize::new(0),
        });
        let mut all = logs.live.lock();
        if all.contains_key(&run_id) {
            return Err(AppError::conflict("The run is being written already"));
        }
        if all.len() >= logs.capacity {
            return Err(AppError::new(
                ErrorKind::Unavailable,
                json!({
                    "error": "Service busy", "code": "SERVICE_BUSY",
                    "message": "Too many runs are in the background; try again.",
                }),
            )
            .with_retry_after(Duration::from_secs(5)));
        }
        all.insert(run_id, Arc::clone(&live));
        drop(all);
        Ok(Self { app: Arc::clone(app), live })
    }

    /// The log has events up to this number already.
    pub(in crate::runs) fn begin_after(&self, last: i64) {
        self.live.tail.send_modify(|tail| tail.last = last);
    }
}

impl Drop for OpenLog {
    fn drop(&mut self) {
        self.app.runs.logs.live.lock().remove(&self.live.run_id);
        self.live.tail.send_modify(|tail| tail.is_over = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live() -> Live {
        Live {
            run_id: Uuid::nil(),
            reader: Uuid::nil(),
            kind: "build",
            stop: CancellationToken::new(),
            tail: watch::Sender::default(),
            shared: Mutex::default(),
            needed_readers: AtomicUsize::new(0),
        }
    }

    fn events(seqs: std::ops::RangeInclusive<i64>, bytes: usize) -> Vec<Arc<LoggedEvent>> {
        seqs.map(|seq| Arc::new(LoggedEvent { seq, kind: "token".into(), data: "x".repeat(bytes) })).collect()
    }

    fn seqs(events: Option<Vec<Arc<LoggedEvent>>>) -> Option<Vec<i64>> {
        events.map(|events| events.iter().map(|event| event.seq).collect())
    }

    #[test]
    fn readers_share_the_newest_events_and_no_more_than_the_bound() {
        let live = live();
        assert_eq!(seqs(live.after(0)), None);
        live.publish(events(1..=3, 10));
        assert_eq!(seqs(live.after(0)), Some(vec![1, 2, 3]));
        assert_eq!(seqs(live.after(2)), Some(vec![3]));
        assert_eq!(seqs(live.after(3)), Some(vec![]));
        live.publish(events(4..=9, SHARED_BYTES / 4));
        // Who is farther behind reads the store.
        assert_eq!(seqs(live.after(3)), None);
        assert_eq!(seqs(live.after(5)), Some(vec![6, 7, 8, 9]));
        assert!(live.shared.lock().bytes <= SHARED_BYTES);
    }

    #[test]
    fn the_last_needed_reader_stops_the_run() {
        let live = live();
        live.needed_readers.store(2, Ordering::Release);
        live.leave();
        assert!(!live.stop.is_cancelled());
        live.leave();
        assert!(live.stop.is_cancelled());
    }
}
