//! Time as a parameter.

use chrono::{DateTime, SubsecRound as _, Utc};

/// Where the time comes from. Tests hold it still.
pub trait Clock: Send + Sync {
    /// The time now, UTC, in whole microseconds: what a database keeps.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}
