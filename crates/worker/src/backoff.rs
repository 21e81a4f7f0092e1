//! Whose calls keep failing waits before the next.
//!
//! A component that fails at once can be run again at once, and each time the server does what a failed run needs. So
//! calls that fail one after the other become rarer, like the restarts of a service that keeps crashing, until one
//! succeeds or some time passes without any.

use langflow_core::{Fault, FaultKind};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// Failures in a row that cost nothing: somebody tries a component that does not work yet.
const FREE: u32 = 8;
/// How much longer the wait gets with each failure from then on.
const STEP: Duration = Duration::from_millis(100);
/// The longest wait between two calls.
const LONGEST: Duration = Duration::from_secs(2);
/// A call that would have to wait longer than this behind others is refused.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so long without a failure the row is forgotten.
const FORGIVEN: Duration = Duration::from_secs(20);
/// Users with a row of failures at a time; more than that fail only where the server is under attack by many.
const MAX_ROWS: usize = 10_000;

/// Failures in a row by user.
#[derive(Debug, Default)]
pub struct Backoff {
    rows: Mutex<HashMap<Option<Uuid>, Row>>,
}

#[derive(Debug)]
struct Row {
    failures: u32,
    last: Instant,
    /// When the next call may start.
    next: Instant,
}

impl Row {
    fn is_over(&self, now: Instant) -> bool {
        now > self.last.max(self.next) + FORGIVEN
    }

    fn wait(&self) -> Duration {
        (STEP * self.failures.saturating_sub(FREE)).min(LONGEST)
    }
}

impl Backoff {
    /// Waits until it is this user's turn; that is now for everybody whose calls succeed.
    ///
    /// # Errors
    /// [`FaultKind::RateLimited`]: too many calls wait already.
    pub async fn turn(&self, user: Option<Uuid>) -> Result<(), Fault> {
        let Some(at) = self.take(user)? else { return Ok(()) };
        tokio::time::sleep_until(at).await;
        Ok(())
    }

    /// The time of a call that may not start now.
    fn take(&self, user: Option<Uuid>) -> Result<Option<Instant>, Fault> {
        let mut rows = self.rows.lock();
        let Entry::Occupied(mut entry) = rows.entry(user) else { return Ok(None) };
        let now = Instant::now();
        let row = entry.get_mut();
        if row.is_over(now) {
            entry.remove();
            return Ok(None);
        }
        let wait = row.wait();
        if wait.is_zero() {
            return Ok(None);
        }
        let at = row.next.max(now);
        if at - now > PATIENCE {
            return Err(Fault::new(
                FaultKind::RateLimited,
                format!("the last {} calls of Python components failed: wait a little", row.failures),
            ));
        }
        row.next = at + wait;
        Ok((at > now).then_some(at))
    }

    /// Takes down how a call ended.
    pub fn ended(&self, user: Option<Uuid>, is_well: bool) {
        let mut rows = self.rows.lock();
        if is_well {
            rows.remove(&user);
            return;
        }
        let now = Instant::now();
        if rows.len() >= MAX_ROWS && !rows.contains_key(&user) {
            rows.retain(|_, row| !row.is_over(now));
            if rows.len() >= MAX_ROWS {
                return;
            }
        }
        let row = rows.entry(user).or_insert(Row { failures: 0, last: now, next: now });
        if row.is_over(now) {
            *row = Row { failures: 0, last: now, next: now };
        }
        row.failures = row.failures.saturating_add(1);
        row.last = now;
        row.next = row.next.max(now + row.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Option<Uuid> = Some(Uuid::from_u128(1));
    const BOB: Option<Uuid> = Some(Uuid::from_u128(2));

    /// Seconds until it is the user's turn.
    async fn waited(backoff: &Backoff, user: Option<Uuid>) -> f64 {
        let began = Instant::now();
        backoff.turn(user).await.unwrap();
        began.elapsed().as_secs_f64()
    }

    async fn fail(backoff: &Backoff, user: Option<Uuid>, times: u32) -> f64 {
        let mut all = 0.0;
        for _ in 0..times {
            all += waited(backoff, user).await;
            backoff.ended(user, false);
        }
        all
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_failures_are_free_and_a_row_of_them_is_not() {
        let backoff = Backoff::default();
        assert!(fail(&backoff, ANN, FREE + 1).await < 0.001);
        // 0.1, 0.2 … 1.0 s
        let ten = fail(&backoff, ANN, 10).await;
        assert!((5.4..5.7).contains(&ten), "{ten}");
        let many = fail(&backoff, ANN, 50).await;
        assert!((85.0..=101.0).contains(&many), "{many}");
        // Nobody else waits.
        assert!(waited(&backoff, BOB).await < 0.001);
    }

    #[tokio::test(start_paused = true)]
    async fn one_success_or_a_pause_is_the_end_of_it() {
        let backoff = Backoff::default();
        for is_well in [true, false] {
            fail(&backoff, ANN, 30).await;
            if is_well {
                backoff.ended(ANN, true);
            } else {
                tokio::time::sleep(FORGIVEN + LONGEST + STEP).await;
            }
            assert!(fail(&backoff, ANN, FREE).await < 0.001);
            backoff.ended(ANN, true);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn calls_at_the_same_time_stand_in_line_and_not_in_an_endless_one() {
        let backoff = Backoff::default();
        fail(&backoff, ANN, 100).await;
        let calls: Vec<_> = (0..20).map(|_| backoff.turn(ANN)).collect();
        let answers = futures::future::join_all(calls).await;
        let refused = answers.into_iter().filter_map(Result::err).collect::<Vec<_>>();
        assert_eq!(refused.len(), 15);
        assert!(refused.iter().all(|fault| fault.kind() == FaultKind::RateLimited));
    }

    #[test]
    fn rows_are_bounded() {
        let backoff = Backoff::default();
        for user in 0..(MAX_ROWS as u128 + 10) {
            backoff.ended(Some(Uuid::from_u128(user)), false);
        }
        assert_eq!(backoff.rows.lock().len(), MAX_ROWS);
    }
}
