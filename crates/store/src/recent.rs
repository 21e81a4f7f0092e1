//! Look-ups that every request makes, remembered for a moment.
//!
//! A remembered answer is used only while nothing of its kind was changed through this store since before it
//! was read: the count of changes moves after a commit and before its acknowledgement, so whoever was told
//! of a change never sees what was before. Changes by other processes are noticed after [`MAX_AGE`].

use crate::entity::{api_key, flow, session, user};
use moka::sync::Cache;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long another process may have changed something without being noticed.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Answers of one kind that are remembered at most.
const MAX_ENTRIES: u64 = 2_000;

/// What changes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Users, their sessions and keys.
    Accounts,
    Flows,
}

impl Topic {
    /// The topic of a table, if answers from it are remembered.
    pub(crate) fn of(table: &str) -> Option<Self> {
        match table {
            user::TABLE | session::TABLE | api_key::TABLE => Some(Self::Accounts),
            flow::TABLE => Some(Self::Flows),
            _ => None,
        }
    }
}

/// Topics a transaction has changed.
#[derive(Debug, Default)]
pub(crate) struct Touched(AtomicU8);

impl Touched {
    pub(crate) fn add(&self, topic: Topic) {
        self.0.fetch_or(1 << topic as u8, Ordering::Relaxed);
    }

    pub(crate) fn merge(&self, other: &Self) {
        self.0.fetch_or(other.0.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// How often each topic was changed through this store.
#[derive(Debug, Default)]
pub(crate) struct Changes([AtomicU64; 2]);

impl Changes {
    /// Called after a commit, before its acknowledgement.
    pub(crate) fn note(&self, touched: &Touched) {
        let mask = touched.0.load(Ordering::Relaxed);
        for (bit, count) in self.0.iter().enumerate() {
            if mask & (1 << bit) != 0 {
                count.fetch_add(1, Ordering::Release);
            }
        }
    }

    fn count(&self, topic: Topic) -> u64 {
        self.0.get(topic as usize).map_or(0, |count| count.load(Ordering::Acquire))
    }
}

/// Remembered answers of one kind.
pub(crate) struct Recent<K, V> {
    topic: Topic,
    cache: Cache<K, Answer<V>>,
}

struct Answer<V> {
    value: Arc<V>,
    changes: u64,
    read_at: Instant,
}

impl<V> Clone for Answer<V> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), changes: self.changes, read_at: self.read_at }
    }
}

impl<K: Hash + Eq + Send + Sync + 'static, V: Send + Sync + 'static> Recent<K, V> {
    pub(crate) fn new(topic: Topic) -> Self {
        Self { topic, cache: Cache::new(MAX_ENTRIES) }
    }

    /// The remembered answer, or that of `read`, which is remembered when it is one.
    pub(crate) async fn get_or<E>(
        &self,
        changes: &Changes,
        key: K,
        read: impl Future<Output = Result<Option<V>, E>>,
    ) -> Result<Option<Arc<V>>, E> {
        // Before the read: a change in the middle of it makes the answer old at once.
        let now = changes.count(self.topic);
        if let Some(answer) = self.cache.get(&key)
            && answer.changes == now
            && answer.read_at.elapsed() < MAX_AGE
        {
            return Ok(Some(answer.value));
        }
        let read_at = Instant::now();
        let Some(value) = read.await? else { return Ok(None) };
        let value = Arc::new(value);
        self.cache.insert(key, Answer { value: value.clone(), changes: now, read_at });
        Ok(Some(value))
    }
}
