//! How often and when API keys were used: counted in memory, written in batches.
//!
//! A write per request would make every request pay for a statistic. Counts reach the store within a
//! minute and at shutdown; lists add what is not written yet.

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use std::collections::HashMap;
use uuid::Uuid;

/// Uses of a key since they were last written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    pub count: i64,
    pub last: DateTime<Utc>,
}

/// Uses of all keys since they were last written. Bounded by the number of keys.
#[derive(Default)]
pub struct UsageCounter {
    pending: Mutex<HashMap<Uuid, Uses>>,
}

impl UsageCounter {
    pub fn count(&self, key_id: Uuid, now: DateTime<Utc>) {
        let mut pending = self.pending.lock();
        let uses = pending.entry(key_id).or_default();
        uses.count += 1;
        uses.last = uses.last.max(now);
    }

    /// What is not written yet of a key.
    pub fn pending(&self, key_id: Uuid) -> Option<Uses> {
        self.pending.lock().get(&key_id).copied()
    }

    /// Takes all that is to be written.
    pub fn take(&self) -> HashMap<Uuid, Uses> {
        std::mem::take(&mut self.pending.lock())
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, uses: HashMap<Uuid, Uses>) {
        let mut pending = self.pending.lock();
        for (key_id, old) in uses {
            let entry = pending.entry(key_id).or_default();
            entry.count += old.count;
            entry.last = entry.last.max(old.last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_between_taking_and_putting_back() {
        let counter = UsageCounter::default();
        let (key, at) = (Uuid::from_u128(1), DateTime::<Utc>::MIN_UTC);
        counter.count(key, at);
        counter.count(key, at);
        let taken = counter.take();
        assert_eq!(counter.pending(key), None);
        counter.count(key, at);
        counter.put_back(taken);
        assert_eq!(counter.pending(key).map(|uses| uses.count), Some(3));
    }
}
