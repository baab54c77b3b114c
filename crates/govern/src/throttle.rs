//! Slows down guessing: after a few failures each further one costs a longer wait.

use model::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const SECOND: i64 = 1_000_000;
/// Failures older than this are forgotten.
const MEMORY: i64 = 15 * 60 * SECOND;
/// More keys than this at once is an attack; the oldest are dropped.
const KEYS: usize = 50_000;

/// Counts failed sign-ins per account and address, and more generously per account and per address,
/// so that neither many addresses nor many account names help a guesser.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Key, Failures>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Both(String, IpAddr),
    Account(String),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: i64,
}

impl Key {
    fn all(account: &str, address: IpAddr) -> [Self; 3] {
        let address = address.to_canonical();
        [Self::Both(account.into(), address), Self::Account(account.into()), Self::Address(address)]
    }

    /// Failures that are free, and the longest wait in seconds. Everyone's wait for one account is
    /// short: otherwise a stranger could lock its owner out.
    const fn allowance(&self) -> (u32, i64) {
        match self {
            Self::Both(..) => (5, 900),
            Self::Account(_) => (50, 10),
            Self::Address(_) => (50, 300),
        }
    }
}

impl Throttle {
    /// Seconds the caller must still wait; nothing when they may try.
    #[must_use]
    pub fn wait(&self, account: &str, address: IpAddr, now: Timestamp) -> Option<u64> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = Key::all(account, address).into_iter().filter_map(|key| {
            let known = failures.get(&key)?;
            let until = known.last + delay(&key, known.count) * SECOND;
            u64::try_from((until - now.as_micros() + SECOND - 1) / SECOND).ok()
        });
        waits.max().filter(|seconds| *seconds > 0)
    }

    /// Notes a failure.
    pub fn failed(&self, account: &str, address: IpAddr, now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut failures, now.as_micros());
        for key in Key::all(account, address) {
            let known = failures.entry(key).or_insert(Failures { count: 0, last: 0 });
            *known = Failures { count: known.count.saturating_add(1), last: now.as_micros() };
        }
    }

    /// Forgets the failures of one account at one address, after it signed in.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&Key::Both(account.into(), address.to_canonical()));
    }
}

/// Seconds to wait after this many failures: none, then doubling.
fn delay(key: &Key, count: u32) -> i64 {
    let (free, longest) = key.allowance();
    match count.checked_sub(free) {
        None => 0,
        Some(over) => (1_i64 << over.min(20)).min(longest),
    }
}

fn forget(failures: &mut HashMap<Key, Failures>, now: i64) {
    if failures.len() < KEYS / 2 {
        return;
    }
    failures.retain(|_, known| now - known.last < MEMORY);
    if failures.len() >= KEYS {
        failures.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * SECOND)
    }

    #[test]
    fn the_wait_doubles_after_five_failures() {
        let throttle = Throttle::default();
        for failure in 0..4 {
            throttle.failed("ann", HERE, at(failure));
        }
        assert_eq!(throttle.wait("ann", HERE, at(4)), None);
        throttle.failed("ann", HERE, at(4));
        assert_eq!(throttle.wait("ann", HERE, at(4)), Some(1));
        throttle.failed("ann", HERE, at(10));
        assert_eq!(throttle.wait("ann", HERE, at(10)), Some(2));
        assert_eq!(throttle.wait("ann", HERE, at(12)), None);
        assert_eq!(throttle.wait("bob", HERE, at(10)), None);
    }

    #[test]
    fn a_success_wipes_the_slate() {
        let throttle = Throttle::default();
        (0..8).for_each(|_| throttle.failed("ann", HERE, at(0)));
        throttle.succeeded("ann", HERE);
        assert_eq!(throttle.wait("ann", HERE, at(0)), None);
    }

    #[test]
    fn many_addresses_do_not_help_against_one_account() {
        let throttle = Throttle::default();
        for last in 0..60 {
            throttle.failed("ann", IpAddr::from([10, 0, 0, last]), at(0));
        }
        assert_eq!(throttle.wait("ann", IpAddr::from([10, 0, 1, 1]), at(0)), Some(10));
    }
}
