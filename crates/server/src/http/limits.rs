//! How often one caller may come: a bucket of requests that refills all the time.

use super::listen::Remote;
use super::{Caller, Credential, Problem};
use crate::App;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// More callers at once are not told apart; the full buckets are forgotten first.
const CALLERS: usize = 50_000;

/// The buckets of all callers.
pub(crate) struct Rates {
    per_second: f64,
    buckets: Mutex<HashMap<Key, Bucket>>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Account(String),
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    /// `per_second` requests sustained, twice as many at once; 0 is no limit.
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second: per_second.into(), buckets: Mutex::default() }
    }

    /// Counts a request of an account. The operator on this machine isn't counted.
    pub(super) fn account(&self, caller: &Caller) -> Result<(), Problem> {
        match caller.credential {
            Credential::Local => Ok(()),
            _ => self.take(Key::Account(caller.principal.name().to_owned()), Instant::now()),
        }
    }

    fn take(&self, key: Key, now: Instant) -> Result<(), Problem> {
        if self.per_second == 0.0 {
            return Ok(());
        }
        let most = self.per_second * 2.0;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CALLERS {
            buckets.retain(|_, bucket| bucket.refilled(self.per_second, most, now) < most);
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: most, at: now });
        let left = bucket.refilled(self.per_second, most, now);
        *bucket = Bucket { left: (left - 1.0).max(0.0), at: now };
        if left >= 1.0 { Ok(()) } else { Err(Problem::too_many("Too many requests; slow down.", 1)) }
    }
}

impl Bucket {
    fn refilled(self, per_second: f64, most: f64, now: Instant) -> f64 {
        (self.left + now.saturating_duration_since(self.at).as_secs_f64() * per_second).min(most)
    }
}

/// Counts a request of an address, before anything is done for it. Programs on this machine, among
/// them a proxy that speaks for everyone, are not counted.
pub(super) async fn by_address(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<Remote>().map(|remote| remote.0.ip().to_canonical());
    let taken = match address {
        Some(address) if !address.is_loopback() => app.rates.take(Key::Address(address), Instant::now()),
        _ => Ok(()),
    };
    match taken {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_empties_and_refills() {
        let rates = Rates::new(10);
        let begun = Instant::now();
        let come = |after: u64| {
            let key = Key::Account("ann".into());
            rates.take(key, begun + Duration::from_millis(after)).is_ok()
        };
        assert!((0..20).all(|_| come(0)), "twice as many at once");
        assert!(!come(0));
        assert!(come(100), "one more after a tenth of a second");
        assert!(!come(100));
        assert!(rates.take(Key::Account("bob".into()), begun).is_ok(), "others are not held up");
    }

    #[test]
    fn nought_is_no_limit() {
        let rates = Rates::new(0);
        assert!((0..1000).all(|_| rates.take(Key::Account("ann".into()), Instant::now()).is_ok()));
    }
}
