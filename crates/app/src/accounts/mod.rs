//! What accounts keep in memory, and how they begin.

use crate::passwords::Hasher;
use crate::settings::AuthSettings;

/// State of accounts that is not in the store: bounds, limits and counters. Made once per server.
pub struct Accounts {
    pub(crate) hasher: Hasher,
}

impl Accounts {
    pub fn new(_settings: &AuthSettings) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { hasher: Hasher::new(cores * 2) }
    }
}
