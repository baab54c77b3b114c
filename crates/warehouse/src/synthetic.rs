//! An invented population, straight into the tables of facts: to try questions at the size of a country's hospital
//! without waiting for its images. Every patient is made from the number alone, so that any part of it can be made
//! by itself and twice is the same.

mod patient;
mod words;

use crate::gather::{BUCKET, Gathered, bucket_of};
use crate::rows::Rows;
use crate::schema::TABLES;
use crate::shelf::{Shelf, ShelfError};
use patient::Invented;
use std::collections::BTreeSet;

/// Chance that is the same every time.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The chance of one patient.
    const fn of(patient: i64) -> Self {
        Self(patient.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `from` up to, not with, `to`.
    fn within(&mut self, from: i64, to: i64) -> i64 {
        from + (self.next() % (to - from).max(1).cast_unsigned()).cast_signed()
    }

    /// Whether something of so many in a thousand happens.
    fn happens(&mut self, per_mille: u64) -> bool {
        self.next() % 1000 < per_mille
    }

    /// A number around a mean, never below zero, with a long tail.
    fn about(&mut self, mean: i64) -> i64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (-(1.0 - unit).ln() * mean as f64) as i64
    }

    /// One of them; the first ones far more often.
    fn favoured<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let at = (of.len() as f64).powf(unit) - 1.0;
        &of[(at as usize).min(of.len() - 1)]
    }

    /// One of them, each as often.
    fn any<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[(self.next() % of.len() as u64) as usize]
    }
}

/// The rows of one bucket of a population of patients 1 to `patients`.
#[must_use]
pub fn bucket(bucket: i64, patients: i64) -> Gathered {
    let mut tables: Gathered = TABLES.iter().map(|table| (table.name, Rows::of(table))).collect();
    let first = (bucket * BUCKET).max(1);
    for patient in first..((bucket + 1) * BUCKET).min(patients + 1) {
        Invented::new(patient).write(&mut tables);
    }
    tables
}

/// Fills tables with a population, a few buckets at a time; `told` hears how many patients there are by then.
///
/// # Errors
/// [`ShelfError`].
pub async fn fill(shelf: &Shelf, patients: i64, mut told: impl FnMut(i64)) -> Result<(), ShelfError> {
    /// Buckets in one commit.
    const AT_ONCE: i64 = 8;
    let last = bucket_of(patients);
    for first in (0..=last).step_by(AT_ONCE as usize) {
        let buckets: BTreeSet<i64> = (first..(first + AT_ONCE).min(last + 1)).collect();
        let made = buckets.iter().map(|number| {
            let number = *number;
            tokio::task::spawn_blocking(move || {
                let finish = |(name, rows): (&'static str, Rows)| Ok((name, rows.finish()?));
                let rows = bucket(number, patients).into_iter().map(finish);
                rows.collect::<Result<std::collections::BTreeMap<_, _>, ShelfError>>()
                    .map(|rows| (number, rows))
            })
        });
        let mut all = Vec::new();
        for one in futures::future::join_all(made).await {
            all.extend(one.ok().transpose()?);
        }
        for table in TABLES.iter() {
            let rows = all.iter_mut().filter_map(|(number, rows)| Some((*number, rows.remove(table.name)?)));
            shelf.replace(table, &buckets, rows.collect()).await?;
        }
        told(((first + AT_ONCE) * BUCKET).min(patients));
    }
    Ok(())
}
