//! How much of the server a worker may use: it asks at the server's pace, not at its own.
//!
//! A worker runs at the lowest priority, but what it asks for is done by the server. Without a bound a loop that logs
//! would keep one of the server's processors busy for as long as it runs, and one that stores messages its disk.

use std::time::Duration;
use tokio::time::Instant;

/// What a worker may spend at once. A component that logs or streams as usual never meets the bound.
const BURST: f64 = 500.0;
/// What it may spend in a second from then on.
const PER_SECOND: f64 = 500.0;
/// Bytes that cost as much as one request.
const BYTES: f64 = 16.0 * 1024.0;
/// Requests that are done within the memory of the server.
const LIGHT: [&str; 5] = ["log", "token", "stop", "ctx_get", "ctx_put"];
/// How much dearer the others are: they read or write the database, or call somebody.
const HEAVY: f64 = 10.0;

/// An account that fills up as time goes by.
#[derive(Debug)]
pub struct Pace {
    credit: f64,
    counted: Instant,
}

/// Whether a request is answered at once, without the database, another node or somebody outside.
pub fn is_light(what: &str) -> bool {
    LIGHT.contains(&what)
}

impl Pace {
    pub fn new() -> Self {
        Self { credit: BURST, counted: Instant::now() }
    }

    /// Pays for that many bytes, before they are read, and waits until the debt is over: the worker waits along.
    pub async fn bytes(&mut self, count: usize) {
        self.pay(1.0 + count as f64 / BYTES).await;
    }

    /// Pays for what a request of that many bytes costs besides reading it. Others come in between in any case.
    pub async fn request(&mut self, what: &str, bytes: usize) {
        if !is_light(what) {
            self.pay((HEAVY - 1.0) * (1.0 + bytes as f64 / BYTES)).await;
        }
        tokio::task::yield_now().await;
    }

    async fn pay(&mut self, price: f64) {
        let now = Instant::now();
        let earned = (now - self.counted).as_secs_f64() * PER_SECOND;
        self.credit = (self.credit + earned).min(BURST) - price;
        self.counted = now;
        if self.credit < 0.0 {
            tokio::time::sleep(Duration::from_secs_f64(-self.credit / PER_SECOND)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds that so many requests take.
    async fn seconds(what: &str, bytes: usize, requests: usize) -> f64 {
        let (mut pace, began) = (Pace::new(), Instant::now());
        for _ in 0..requests {
            pace.bytes(bytes).await;
            pace.request(what, bytes).await;
        }
        began.elapsed().as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_free_and_a_flood_is_not() {
        for (what, bytes, requests, least, most) in [
            ("log", 100, 450, 0.0, 0.0),
            ("log", 100, 5500, 9.0, 11.5),
            ("history", 100, 550, 9.0, 11.5),
            ("token", 16 << 20, 5, 9.0, 11.5),
            ("send_message", 8 << 20, 1, 8.0, 11.5),
        ] {
            let took = seconds(what, bytes, requests).await;
            assert!((least..=most).contains(&took), "{requests} of {what}: {took} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_pauses_may_hurry_again_but_saves_no_more_than_a_burst() {
        let mut pace = Pace::new();
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_secs(100)).await;
            let began = Instant::now();
            for _ in 0..500 {
                pace.bytes(0).await;
            }
            assert!(began.elapsed() < Duration::from_millis(1));
            for _ in 0..500 {
                pace.bytes(0).await;
            }
            assert!(began.elapsed() > Duration::from_millis(900));
        }
    }
}
