//! Reading the log of a run from where one was.

use super::live::{Live, LoggedEvent, Tail};
use crate::runs::jobs::KINDS;
use crate::{App, AppResult};
use chrono::TimeDelta;
use langflow_store::runs::RunStatus;
use langflow_store::{run_events, runs};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

/// Events and bytes of one page: what a reader that has stopped holds at most.
const PAGE: u64 = 256;
const PAGE_BYTES: u64 = 64 << 10;
/// How often the log of a run on another server is looked at.
const POLL: Duration = Duration::from_millis(300);
/// A run that ended so long ago and whose log has no end lost its server.
const LOST: TimeDelta = TimeDelta::seconds(10);

/// A place in the log of one run.
pub struct LogReader {
    app: Arc<App>,
    run_id: Uuid,
    after: i64,
    live: Option<(Arc<Live>, watch::Receiver<Tail>)>,
    is_over: bool,
    is_needed: bool,
}

impl LogReader {
    /// Reads the events after number `after`. The caller has made sure that the run may be read.
    pub(in crate::runs) fn new(app: &Arc<App>, run_id: Uuid, after: i64) -> Self {
        let live = app.runs.logs.find(run_id).map(|live| {
            let tail = live.watch();
            (live, tail)
        });
        Self { app: Arc::clone(app), run_id, after, live, is_over: false, is_needed: false }
    }

    /// The run stops when the last reader that is needed leaves before its end.
    #[must_use]
    pub fn needed(mut self) -> Self {
        if let Some((live, _)) = &self.live {
            live.needed_readers.fetch_add(1, Ordering::AcqRel);
            self.is_needed = true;
        }
        self
    }

    /// The next events, at least one; `None` when there is no more. Waits for what is not there yet.
    ///
    /// May be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> AppResult<Option<Vec<Arc<LoggedEvent>>>> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            if let Some(events) = self.page().await? {
                if !events.is_empty() {
                    return Ok(Some(events));
                }
            } else {
                self.wait().await?;
            }
        }
    }

    /// What is there now; `None`: nothing new.
    async fn page(&mut self) -> AppResult<Option<Vec<Arc<LoggedEvent>>>> {
        let shared = match &self.live {
            Some((live, _)) if live.last() <= self.after => return Ok(None),
            Some((live, _)) => live.after(self.after),
            None => None,
        };
        let mut events = match shared {
            Some(events) => events,
            None => self.stored().await?,
        };
        let Some(last) = events.last() else { return Ok(None) };
        self.after = last.seq;
        if last.is_end() {
            self.is_over = true;
            events.pop();
        }
        Ok(Some(events))
    }

    async fn stored(&self) -> AppResult<Vec<Arc<LoggedEvent>>> {
        let _turn = self.app.runs.logs.look().await;
        let rows = run_events::list_after(&self.app.store, self.run_id, self.after, PAGE, PAGE_BYTES).await?;
        Ok(rows.into_iter().map(|row| Arc::new(LoggedEvent::from(row))).collect())
    }

    /// Until there may be more, or it is clear that there will not.
    async fn wait(&mut self) -> AppResult<()> {
        if let Some((live, tail)) = &mut self.live {
            let now = *tail.borrow_and_update();
            if now.last > self.after {
                return Ok(());
            }
            if now.is_over {
                self.is_over = true;
            } else if tail.changed().await.is_err() || tail.borrow().is_over {
                self.is_over = live.last() <= self.after;
            }
            return Ok(());
        }
        let turn = self.app.runs.logs.look().await;
        let run = runs::find_of_kind(&self.app.store, self.run_id, &KINDS).await?;
        drop(turn);
        let now = self.app.clock.now();
        match run.map(|run| (run.finished_at, run.status)) {
            None => self.is_over = true,
            // Nothing follows for now: who wants to read on comes back after the answer.
            Some((_, RunStatus::Suspended)) => self.is_over = self.stored().await?.is_empty(),
            Some((Some(ended), _)) if now - ended > LOST => {
                // What was written between the page and this look is read once more.
                let rows = run_events::list_after(&self.app.store, self.run_id, self.after, 1, 1).await?;
                self.is_over = rows.is_empty();
            }
            Some(_) => tokio::time::sleep(POLL).await,
        }
        Ok(())
    }
}

impl Drop for LogReader {
    fn drop(&mut self) {
        if self.is_needed
            && let Some((live, _)) = &self.live
        {
            if self.is_over {
                live.needed_readers.fetch_sub(1, Ordering::AcqRel);
            } else {
                live.leave();
            }
        }
    }
}
