//! Turns of requests that add to the same file: two at once would lose what one of them brought.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

/// Files that share a turn by chance only wait for each other.
const LANES: usize = 64;

/// One turn at a time for each file. Bounded, whatever files there are.
pub struct Turns([Mutex<()>; LANES]);

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(())))
    }
}

impl Turns {
    /// Waits for the turn of a user's file of this name.
    pub(super) async fn take(&self, owner: Uuid, name: &str) -> MutexGuard<'_, ()> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((owner, name));
        let [first, others @ ..] = &self.0;
        let lane = usize::try_from(hash % LANES as u64).unwrap_or_default();
        others.get(lane).unwrap_or(first).lock().await
    }
}
