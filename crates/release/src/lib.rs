//! `release` — data on its way out: who asked for which frozen cohort and what for, who approved it, what was made of
//! it, who received it, and what became of it when somebody withdrew.
//!
//! Takes requests, decisions, rows of facts and the names of files; gives states, papers, tables as they may leave,
//! and what a package lacks. Reads no images and no patients, and decides nothing about who may ask.
//!
//! Read in this order: [`request`], [`state`], [`desk`], [`columns`], [`checks`], [`bids`], [`papers`],
//! [`withdrawal`], [`letters`].

pub mod bids;
pub mod checks;
pub mod columns;
pub mod desk;
pub mod letters;
pub mod papers;
pub mod request;
pub mod state;
pub mod withdrawal;

pub use desk::Releases;

use store::{Ledger, MigrateError, Migration};

const TABLES: &[Migration] = &[
    Migration::both(1, include_str!("schema.sql")),
    Migration::both(2, include_str!("schema-fetching.sql")),
    Migration::both(3, include_str!("schema-letters.sql")),
];

impl Releases {
    /// Opens the desk: its tables in the ledger.
    ///
    /// # Errors
    /// [`MigrateError`].
    pub async fn open(ledger: Ledger) -> Result<Self, MigrateError> {
        ledger.migrate("release", TABLES).await?;
        Ok(Self::new(ledger))
    }
}
