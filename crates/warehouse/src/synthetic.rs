//! An invented population: people with illnesses, exams and reports that follow from each other, of any number.
//!
//! Every patient is made from the seed and the number alone, so that any part of the population can be made by
//! itself, and twice is the same. Most go straight into the facts; the first few are left out there, because their
//! images and messages come through the doors. Read in this order: [`story`], [`life`], [`courses`], [`picture`],
//! [`write`].

mod chance;
mod courses;
mod life;
mod picture;
mod story;
mod words;
mod write;

pub use story::{Coded, Said, Stay, Story, Value, Visit};
pub use words::Kind;

use crate::gather::{BUCKET, Gathered, bucket_of};
use crate::rows::Rows;
use crate::schema::TABLES;
use crate::shelf::{Shelf, ShelfError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use utoipa::ToSchema;
use write::Writer;

/// Patients of the population have numbers behind this one; those of the records come nowhere near. It begins a
/// bucket.
pub const BEHIND: i64 = 1 << 36;
/// The most there may be.
pub const MOST: i64 = 100_000_000;

/// The recipe of a population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Population {
    /// How many patients.
    pub patients: i64,
    /// How many of them, the first ones, have images; their facts come from those.
    pub pictured: i64,
    /// Another number makes other people.
    pub seed: u64,
}

impl Population {
    /// The buckets that its people are in.
    #[must_use]
    pub const fn buckets(&self) -> RangeInclusive<i64> {
        bucket_of(BEHIND)..=bucket_of(BEHIND + self.patients)
    }

    /// The rows of one of its buckets.
    #[must_use]
    pub fn bucket(&self, bucket: i64) -> Gathered {
        let mut tables: Gathered = TABLES.iter().map(|table| (table.name, Rows::of(table))).collect();
        let first = (bucket * BUCKET).max(BEHIND + self.pictured + 1);
        for patient in first..((bucket + 1) * BUCKET).min(BEHIND + self.patients + 1) {
            let story = Story::of(self.seed, patient - BEHIND);
            Writer { patient, story: &story, to: &mut tables }.write();
        }
        tables
    }

    /// The stories of those who have images.
    pub fn pictured(&self) -> impl Iterator<Item = Story> {
        let seed = self.seed;
        (1..=self.pictured.min(self.patients)).map(move |number| Story::pictured(seed, number))
    }
}

/// Whether a bucket is one of invented people.
#[must_use]
pub const fn is_invented(bucket: i64) -> bool {
    bucket >= bucket_of(BEHIND)
}

/// Fills tables with a population, a few buckets at a time; `told` hears how many patients there are by then.
///
/// # Errors
/// [`ShelfError`].
pub async fn fill(
    shelf: &Shelf,
    population: Population,
    mut told: impl FnMut(i64),
) -> Result<(), ShelfError> {
    /// Buckets in one commit.
    const AT_ONCE: usize = 8;
    let all: Vec<i64> = population.buckets().collect();
    for some in all.chunks(AT_ONCE) {
        let mut made = rows_of(population, some).await?;
        let buckets: BTreeSet<i64> = some.iter().copied().collect();
        for table in TABLES.iter() {
            let rows = made.iter_mut().filter_map(|(number, rows)| Some((*number, rows.remove(table.name)?)));
            shelf.replace(table, &buckets, rows.collect()).await?;
        }
        let last = some.last().copied().unwrap_or_default();
        told(((last + 1) * BUCKET - BEHIND).min(population.patients));
    }
    Ok(())
}

/// Rows of a bucket, ready to be written.
type Made = (i64, BTreeMap<&'static str, datafusion::arrow::array::RecordBatch>);

/// The rows of some buckets, made on all cores.
pub(crate) async fn rows_of(population: Population, buckets: &[i64]) -> Result<Vec<Made>, ShelfError> {
    let made = buckets.iter().map(|number| {
        let number = *number;
        tokio::task::spawn_blocking(move || {
            let finish = |(name, rows): (&'static str, Rows)| Ok((name, rows.finish()?));
            let rows = population.bucket(number).into_iter().map(finish);
            rows.collect::<Result<BTreeMap<_, _>, ShelfError>>().map(|rows| (number, rows))
        })
    });
    let mut all = Vec::new();
    for one in futures::future::join_all(made).await {
        match one {
            Ok(rows) => all.push(rows?),
            // A bucket that is left out would be noted as made.
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            Err(_) => return Err(ShelfError::Stopped),
        }
    }
    Ok(all)
}
