//! What accounts keep in memory, and how they begin.

pub mod bootstrap;
pub mod housekeeping;
pub mod operator;
pub mod throttle;
pub mod usage;

pub use bootstrap::{BootstrapError, bootstrap};

use crate::passwords::Hasher;
use crate::settings::AuthSettings;
use std::sync::atomic::AtomicBool;
use throttle::{Throttle, Windows};
use usage::UsageCounter;
use uuid::Uuid;

/// State of accounts that is not in the store: bounds, limits and counters. Made once per server.
pub struct Accounts {
    pub(crate) hasher: Hasher,
    pub(crate) throttle: Throttle,
    pub(crate) usage: UsageCounter,
    /// Requests of keys with a limit, per minute. Their runs of a day are counted in the store.
    pub(crate) key_minutes: Windows<Uuid>,
    /// Runs of public flows by visitors, per address and minute.
    pub(crate) visitor_runs: Windows<throttle::Address>,
    /// Password changes of an account, per minute.
    pub(crate) password_changes: Windows<Uuid>,
    /// Keys without our check sum are stored (taken over from Langflow), so such texts must be looked up.
    pub(crate) has_foreign_keys: AtomicBool,
    /// Hashes of Langflow are stored. They take longer to verify than ours, which would tell whose account is such.
    pub(crate) has_foreign_hashes: AtomicBool,
}

impl Accounts {
    pub fn new(settings: &AuthSettings) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            hasher: Hasher::new(cores * 2),
            throttle: Throttle::new(settings),
            usage: UsageCounter::default(),
            key_minutes: Windows::new(chrono::TimeDelta::minutes(1)),
            visitor_runs: Windows::new(chrono::TimeDelta::minutes(1)),
            password_changes: Windows::new(chrono::TimeDelta::minutes(1)),
            has_foreign_keys: AtomicBool::new(true),
            has_foreign_hashes: AtomicBool::new(true),
        }
    }
}
