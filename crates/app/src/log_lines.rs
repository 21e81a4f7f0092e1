//! The newest lines of the log, kept in memory for superusers (contract-flows 12.7).
//!
//! There is one log per process, as there is one `tracing` subscriber: the program's subscriber adds to it, when
//! the operator asks for it (`LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE`).

use parking_lot::Mutex;
use std::collections::VecDeque;
use std::future::Future;
use tokio::sync::Notify;

/// Characters of a line; the rest of a longer one is not kept.
const LONGEST: usize = 4096;

/// A line and when it was written, in milliseconds since 1970. No two lines have the same time: a later one of
/// the same millisecond counts as one of the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    pub at_ms: i64,
    pub text: String,
}

/// Which lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The last so many.
    Last(usize),
    /// So many before this time, the nearest.
    Before(i64, usize),
    /// So many from this time on.
    After(i64, usize),
}

/// A bounded list of lines. The oldest go first.
pub struct LogLines {
    kept: Mutex<Kept>,
    news: Notify,
}

struct Kept {
    lines: VecDeque<LogLine>,
    capacity: usize,
}

static LINES: LogLines = LogLines::new();

/// Those of this process.
pub fn lines() -> &'static LogLines {
    &LINES
}

impl LogLines {
    const fn new() -> Self {
        Self { kept: Mutex::new(Kept { lines: VecDeque::new(), capacity: 0 }), news: Notify::const_new() }
    }

    /// Keeps so many lines from now on; 0: none.
    pub fn keep(&self, capacity: usize) {
        let mut kept = self.kept.lock();
        kept.capacity = capacity;
        let surplus = kept.lines.len().saturating_sub(capacity);
        kept.lines.drain(..surplus);
    }

    pub fn is_on(&self) -> bool {
        self.kept.lock().capacity > 0
    }

    pub fn add(&self, at_ms: i64, text: &str) {
        let mut kept = self.kept.lock();
        if kept.capacity == 0 {
            return;
        }
        let at_ms = kept.lines.back().map_or(at_ms, |last| at_ms.max(last.at_ms + 1));
        if kept.lines.len() >= kept.capacity {
            kept.lines.pop_front();
        }
        kept.lines.push_back(LogLine { at_ms, text: text.chars().take(LONGEST).collect() });
        drop(kept);
        self.news.notify_waiters();
    }

    /// Oldest first.
    pub fn read(&self, wanted: Wanted) -> Vec<LogLine> {
        let kept = self.kept.lock();
        let lines = &kept.lines;
        let (skip, take) = match wanted {
            Wanted::Last(count) => (lines.len().saturating_sub(count), count),
            Wanted::Before(at, count) => {
                let end = lines.partition_point(|line| line.at_ms < at);
                let start = end.saturating_sub(count);
                (start, end - start)
            }
            Wanted::After(at, count) => (lines.partition_point(|line| line.at_ms < at), count),
        };
        lines.iter().skip(skip).take(take).cloned().collect()
    }

    /// Ends when a line comes after this call.
    pub fn changed(&self) -> impl Future<Output = ()> + '_ {
        self.news.notified()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_are_kept_each_under_a_time_of_its_own() {
        let log = LogLines::new();
        log.add(1, "nobody keeps this");
        log.keep(4);
        for (at, text) in [(10, "a"), (20, "b"), (20, "c"), (15, "d"), (40, "e")] {
            log.add(at, text);
        }
        let texts = |wanted| log.read(wanted).into_iter().map(|line| line.text).collect::<String>();
        assert_eq!(texts(Wanted::Last(10)), "bcde");
        assert_eq!(texts(Wanted::Last(2)), "de");
        assert_eq!(texts(Wanted::Before(22, 5)), "bc");
        assert_eq!(texts(Wanted::Before(40, 1)), "d");
        assert_eq!(texts(Wanted::After(21, 2)), "cd");
        assert_eq!(
            log.read(Wanted::Last(9)).iter().map(|line| line.at_ms).collect::<Vec<_>>(),
            [20, 21, 22, 40]
        );
        log.keep(0);
        assert_eq!((texts(Wanted::Last(9)), log.is_on()), (String::new(), false));
    }
}
