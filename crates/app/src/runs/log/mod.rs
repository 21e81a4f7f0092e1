//! The log of a run's events, in the store: numbered from 1, appended in order, never changed.
//!
//! A run in the background writes its log as it goes: what has come up is written by one statement, and tokens
//! of one message that wait together become one event. Readers take pages from the log at their own pace, so
//! that one who is slow or has stopped holds nothing but the page that is being sent. Readers on the same
//! server are woken by the writer and share the newest events in memory; those on another server of the same
//! database ask again every now and then. A log ends with an event of its own, which readers do not see.

mod live;
mod reader;
mod writer;

pub(super) use live::OpenLog;
pub use live::{LoggedEvent, Logs};
pub use reader::LogReader;
pub(super) use writer::append;

/// The last event of every log. It says that nothing follows, whether the run went well or not.
const END: &str = "log_end";
