//! How often somebody may try to sign in.
//!
//! Four bounds, from cheap to dear; all before a password is hashed:
//! * per address, the reference's: so many attempts a minute, good and bad ones (`LANGFLOW_RATE_LIMIT_*`);
//! * per network (/24, /48): a hundred failures a minute;
//! * per account and network: five failures are free, then 1, 2, 4 … 900 seconds between attempts;
//! * per account from everywhere: after a hundred failures a day only networks the account has signed in
//!   from before may try. Nobody can lock an account's owner out of his own network.
//!
//! Kept in memory and bounded: a restart forgets, a flood of addresses forgets the oldest.

use crate::settings::AuthSettings;
use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;
use parking_lot::Mutex;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

const NETWORK_FAILURES_PER_MINUTE: u32 = 100;
const FREE_FAILURES: u32 = 5;
const LONGEST_WAIT_SECONDS: i64 = 900;
const ACCOUNT_FAILURES_PER_DAY: u32 = 100;
const MOST_ENTRIES: u64 = 100_000;

/// Where a request came from, as far as it is known.
pub type Address = Option<IpAddr>;

/// A network of neighbours: /24 of IPv4, /48 of IPv6. Unknown addresses are one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(Option<IpAddr>);

impl Network {
    pub fn of(address: Address) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4((u32::from(v4) & 0xffff_ff00).into()),
            IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 80 << 80).into()),
        }))
    }
}

/// What the limits say to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    Allowed,
    /// Only if the account has signed in from this network before.
    KnownNetworkOnly,
    /// Not before this much time has passed.
    Wait(Duration),
}

/// The limits of signing in.
pub struct Throttle {
    enabled: bool,
    per_minute: u32,
    attempts: Windows<Address>,
    network_failures: Windows<Network>,
    account_failures: Windows<String>,
    waits: Cache<(String, Network), Arc<Mutex<Backoff>>>,
    /// Held while an attempt is judged and counted.
    judging: Mutex<()>,
}

#[derive(Default)]
struct Backoff {
    failures: u32,
    free_at: Option<DateTime<Utc>>,
}

impl Throttle {
    pub fn new(settings: &AuthSettings) -> Self {
        Self {
            enabled: settings.rate_limit_enabled,
            per_minute: settings.rate_limit_per_minute,
            attempts: Windows::new(TimeDelta::minutes(1)),
            network_failures: Windows::new(TimeDelta::minutes(1)),
            account_failures: Windows::new(TimeDelta::days(1)),
            waits: Cache::builder().max_capacity(MOST_ENTRIES).time_to_idle(Duration::from_hours(24)).build(),
            judging: Mutex::default(),
        }
    }

    /// Counts an attempt of this address and says whether it is one too many in this minute.
    pub fn count_attempt(&self, address: Address, now: DateTime<Utc>) -> Attempt {
        if self.enabled && self.attempts.add(address, now) > self.per_minute {
            return Attempt::Wait(Duration::from_mins(1));
        }
        Attempt::Allowed
    }

    /// Whether this account may be tried from there now. An attempt that is let through counts as a failure until
    /// [`Self::succeeded`] or [`Self::untried`] says otherwise: of many at the same moment no more get through than of
    /// as many one after the other.
    pub fn try_now(&self, account: &str, address: Address, now: DateTime<Utc>) -> Attempt {
        if !self.enabled {
            return Attempt::Allowed;
        }
        let _one_at_a_time = self.judging.lock();
        let attempt = self.may_try(account, address, now);
        if !matches!(attempt, Attempt::Wait(_)) {
            self.failed(account, address, now);
        }
        attempt
    }

    fn may_try(&self, account: &str, address: Address, now: DateTime<Utc>) -> Attempt {
        let network = Network::of(address);
        if self.network_failures.count(&network, now) >= NETWORK_FAILURES_PER_MINUTE {
            return Attempt::Wait(Duration::from_mins(1));
        }
        let key = (account_key(account), network);
        if let Some(free_at) = self.waits.get(&key).and_then(|entry| entry.lock().free_at)
            && free_at > now
        {
            return Attempt::Wait((free_at - now).to_std().unwrap_or_default());
        }
        if self.account_failures.count(&key.0, now) >= ACCOUNT_FAILURES_PER_DAY {
            return Attempt::KnownNetworkOnly;
        }
        Attempt::Allowed
    }

    /// Remembers a wrong password (or an unknown name: it must not be told apart).
    fn failed(&self, account: &str, address: Address, now: DateTime<Utc>) {
        let network = Network::of(address);
        let account = account_key(account);
        self.network_failures.add(network, now);
        self.account_failures.add(account.clone(), now);
        let entry = self.waits.get_with((account, network), Arc::default);
        let mut entry = entry.lock();
        entry.failures = entry.failures.saturating_add(1);
        if entry.failures >= FREE_FAILURES {
            let doublings = (entry.failures - FREE_FAILURES).min(10);
            let wait = (1i64 << doublings).min(LONGEST_WAIT_SECONDS);
            entry.free_at = Some(now + TimeDelta::seconds(wait));
        }
    }

    /// The password was right: forgets the failures of the account from this network.
    pub fn succeeded(&self, account: &str, address: Address, now: DateTime<Utc>) {
        self.take_back(account, address, now);
        self.waits.invalidate(&(account_key(account), Network::of(address)));
    }

    /// The attempt came to nothing: no password was compared.
    pub fn untried(&self, account: &str, address: Address, now: DateTime<Utc>) {
        self.take_back(account, address, now);
        if let Some(entry) = self.waits.get(&(account_key(account), Network::of(address))) {
            let mut entry = entry.lock();
            entry.failures = entry.failures.saturating_sub(1);
            if entry.failures < FREE_FAILURES {
                entry.free_at = None;
            }
        }
    }

    fn take_back(&self, account: &str, address: Address, now: DateTime<Utc>) {
        if self.enabled {
            self.network_failures.take_back(&Network::of(address), now);
            self.account_failures.take_back(&account_key(account), now);
        }
    }
}

fn account_key(account: &str) -> String {
    account.chars().take(200).flat_map(char::to_lowercase).collect()
}

/// Counters in fixed windows of time, one per key, bounded in number.
pub(crate) struct Windows<K> {
    length: TimeDelta,
    entries: Cache<K, Arc<Mutex<Window>>>,
}

#[derive(Clone, Copy, Default)]
struct Window {
    began: DateTime<Utc>,
    count: u32,
}

impl<K: Hash + Eq + Send + Sync + 'static> Windows<K> {
    pub(crate) fn new(length: TimeDelta) -> Self {
        let idle = length.to_std().unwrap_or_default() * 2;
        Self { length, entries: Cache::builder().max_capacity(MOST_ENTRIES).time_to_idle(idle).build() }
    }

    /// Counts one, and gives how many there are in the present window.
    pub(crate) fn add(&self, key: K, now: DateTime<Utc>) -> u32 {
        let entry = self.entries.get_with(key, Arc::default);
        let mut window = entry.lock();
        if now >= window.began + self.length || now < window.began {
            *window = Window { began: now, count: 0 };
        }
        window.count = window.count.saturating_add(1);
        window.count
    }

    /// Takes one back that was added in the present window.
    pub(crate) fn take_back(&self, key: &K, now: DateTime<Utc>) {
        let Some(entry) = self.entries.get(key) else { return };
        let mut window = entry.lock();
        if now < window.began + self.length {
            window.count = window.count.saturating_sub(1);
        }
    }

    pub(crate) fn count(&self, key: &K, now: DateTime<Utc>) -> u32 {
        let Some(entry) = self.entries.get(key) else { return 0 };
        let window = *entry.lock();
        if now < window.began + self.length { window.count } else { 0 }
    }

    /// How long until the present window of the key ends.
    pub(crate) fn left(&self, key: &K, now: DateTime<Utc>) -> Duration {
        let began = self.entries.get(key).map_or(now, |entry| entry.lock().began);
        (began + self.length - now).to_std().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle() -> Throttle {
        Throttle::new(&AuthSettings::default())
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    fn address(last: u8) -> Address {
        Some(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn five_attempts_a_minute_and_address_as_the_reference() {
        let throttle = throttle();
        for _ in 0..5 {
            assert_eq!(throttle.count_attempt(address(1), at(0)), Attempt::Allowed);
        }
        assert_eq!(throttle.count_attempt(address(1), at(59)), Attempt::Wait(Duration::from_mins(1)));
        assert_eq!(throttle.count_attempt(address(2), at(59)), Attempt::Allowed);
        assert_eq!(throttle.count_attempt(address(1), at(60)), Attempt::Allowed);
    }

    #[test]
    fn failures_wait_longer_each_time_on_their_network_only() {
        let throttle = throttle();
        for _ in 0..4 {
            throttle.failed("Ann", address(1), at(0));
        }
        assert_eq!(throttle.may_try("ann", address(1), at(0)), Attempt::Allowed);
        for (failures, wait) in [(5, 1), (6, 2), (7, 4)] {
            throttle.failed("ANN", address(1), at(0));
            assert_eq!(
                throttle.may_try("ann", address(9), at(0)),
                Attempt::Wait(Duration::from_secs(wait)),
                "{failures}"
            );
        }
        assert_eq!(throttle.may_try("ann", Some([10, 0, 1, 1].into()), at(0)), Attempt::Allowed);
        assert_eq!(throttle.may_try("bob", address(1), at(0)), Attempt::Allowed);
        for _ in 0..40 {
            throttle.failed("ann", address(1), at(0));
        }
        assert_eq!(throttle.may_try("ann", address(1), at(0)), Attempt::Wait(Duration::from_mins(15)));
        throttle.succeeded("ann", address(1), at(0));
        assert_eq!(throttle.may_try("ann", address(1), at(60)), Attempt::Allowed);
    }

    #[test]
    fn an_attack_from_everywhere_leaves_known_networks_open() {
        let throttle = throttle();
        for i in 0..100 {
            throttle.failed("ann", Some([10, 1, i, 1].into()), at(0));
        }
        assert_eq!(throttle.may_try("ann", address(1), at(0)), Attempt::KnownNetworkOnly);
        assert_eq!(throttle.may_try("bob", address(1), at(0)), Attempt::Allowed);
        assert_eq!(throttle.may_try("ann", address(1), at(86_400)), Attempt::Allowed);
    }

    #[test]
    fn it_can_be_turned_off() {
        let settings = AuthSettings { rate_limit_enabled: false, ..AuthSettings::default() };
        let throttle = Throttle::new(&settings);
        for _ in 0..200 {
            assert_eq!(throttle.try_now("ann", address(1), at(0)), Attempt::Allowed);
            assert_eq!(throttle.count_attempt(address(1), at(0)), Attempt::Allowed);
        }
    }

    #[test]
    fn attempts_at_the_same_moment_count_before_they_are_judged() {
        let throttle = throttle();
        let tried =
            (0..50).filter(|_| throttle.try_now("ann", address(1), at(0)) == Attempt::Allowed).count();
        assert_eq!(tried, 5, "five are free, and none of the fifty has failed yet");
        let throttle = self::throttle();
        for _ in 0..50 {
            assert_eq!(throttle.try_now("ann", address(1), at(0)), Attempt::Allowed);
            throttle.untried("ann", address(1), at(0));
        }
        for _ in 0..50 {
            assert_eq!(
                throttle.try_now("ann", address(1), at(0)),
                Attempt::Allowed,
                "right ones do not count"
            );
            throttle.succeeded("ann", address(1), at(0));
        }
    }
}
