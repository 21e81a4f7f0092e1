//! What the results of all runs take together.
//!
//! Each run has its own bound; many at once would still take more than the machine has. Who holds much is refused first:
//! a run with little to hold goes on beside one that took nearly everything.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a run may always hold, in bytes.
const SMALL: u64 = 16 << 20;

/// An account that all runs of a server share.
#[derive(Debug)]
pub struct RunMemory {
    limit: u64,
    bytes: AtomicU64,
}

impl RunMemory {
    /// Results of all runs may take `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Self { limit, bytes: AtomicU64::new(0) }
    }

    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// What they take now.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Counts `bytes` more of a run that holds `own` with them. False: they are too many. They are counted all the
    /// same, until [`Self::release`].
    pub(super) fn hold(&self, bytes: u64, own: u64) -> bool {
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        own <= SMALL || before.saturating_add(bytes) <= self.limit
    }

    pub(super) fn release(&self, bytes: u64) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_much_is_refused_and_who_holds_little_is_not() {
        let memory = RunMemory::new(100 << 20);
        assert!(memory.hold(90 << 20, 90 << 20));
        assert!(memory.hold(10 << 20, 10 << 20));
        assert!(!memory.hold(17 << 20, 17 << 20));
        memory.release(17 << 20);
        assert!(memory.hold(16 << 20, 16 << 20), "little");
        memory.release(90 << 20);
        assert!(memory.hold(70 << 20, 70 << 20));
    }
}
