//! Memories: what a flow remembers of its conversations, found again by meaning.
//!
//! * [`base`]: making, listing, changing, deleting.
//! * [`read`]: what a memory has taken in, and how its runs went.
//! * [`start`]: when messages are taken in: after so many runs of a session, or when somebody asks.
//! * [`intake`]: how they are taken in, in the background.
//! * [`notes`]: a model that writes down what is worth keeping.
//! * [`port`]: what components see of it.

mod base;
mod intake;
mod notes;
mod port;
mod read;
mod start;

pub use base::{
    ChangeMemory, NewMemory, change_memory, create_memory, delete_memory, find_memory, list_memories,
};
pub(crate) use port::{SessionOnly, index_of};
pub use read::{MemoryMessage, detect_mismatch, list_messages, list_runs, list_sessions};
pub(crate) use start::capture;
pub use start::{close_left_over, flush, regenerate};

pub use langflow_store::memories::{MemoryBase, MemoryRun, MemorySession};

use crate::knowledge::KnowledgeJobs;
use moka::sync::Cache;
use std::time::Duration;
use uuid::Uuid;

/// Flows of which it is remembered whether a memory watches them.
const MOST_FLOWS: u64 = 10_000;
/// How long another server may have made a memory without being noticed.
const MAX_AGE: Duration = Duration::from_secs(2);

/// What memories keep between requests.
#[derive(Debug)]
pub struct MemoryWork {
    pub(crate) jobs: KnowledgeJobs,
    /// Whether a memory takes in the runs of a flow, so that runs of all others cost no query.
    watched: Cache<Uuid, bool>,
}

impl Default for MemoryWork {
    fn default() -> Self {
        Self {
            jobs: KnowledgeJobs::default(),
            watched: Cache::builder().max_capacity(MOST_FLOWS).time_to_live(MAX_AGE).build(),
        }
    }
}
