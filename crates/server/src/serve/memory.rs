//! Gives memory back that a server at rest no longer needs.
//!
//! The allocator keeps freed pages for a second, and looks for such only while memory is asked for or when a thread
//! ends (mimalloc, `purge_delay`). A server that has just started, or has just ended much work, may do neither for
//! hours.

use std::hint::black_box;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// After the start. Longer than that second.
const FIRST: Duration = Duration::from_millis(1500);
const EVERY: Duration = Duration::from_secs(5);

/// Ends a thread now and then, for ever.
pub async fn give_back() {
    let mut ticks = interval_at(Instant::now() + FIRST, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // A thread counts for the allocator once it has memory of its own.
        let thread = std::thread::Builder::new().name("memory".to_owned()).stack_size(64 * 1024);
        if let Err(error) = thread.spawn(|| drop(black_box(Box::new(0_u64)))) {
            tracing::debug!(%error, "no thread could be started to give memory back");
        }
    }
}
