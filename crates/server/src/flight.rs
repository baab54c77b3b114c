//! `flight` — the door for programs that speak Arrow Flight SQL: notebooks and tools through ADBC, JDBC and ODBC.
//! Statements are those of `POST /api/v1/sql`, under the same rules, and rows come as Arrow batches. Accounts come by
//! their API tokens. Decides nothing itself: see [`crate::statements`].
//! Read in this order: [`listen`], [`service`], [`prepared`], [`about`].

mod about;
mod listen;
mod prepared;
mod service;

pub use listen::OpenError;
pub(crate) use listen::open;

/// The door's word in the audit log.
const DOOR: &str = "flight";
