//! Govern's rules on both ledgers.
#![allow(clippy::unwrap_used)]

extern crate isocenter_govern as govern;

mod accounts;
mod audit;
mod peers;
mod sign_in;

use govern::{Govern, Role, Roles, SessionLife};
use model::Timestamp;
use store::Ledger;

/// A moment, in minutes after an arbitrary one.
fn at(minutes: i64) -> Timestamp {
    Timestamp::from_micros((1_000_000 + minutes) * 60_000_000)
}

async fn open(ledger: &Ledger) -> Govern {
    Govern::open(ledger, SessionLife { idle_minutes: 30, minutes: 600 }).await.unwrap()
}

fn only(role: Role) -> Roles {
    [role].into_iter().collect()
}
