//! Counts for people who may not see rows: small ones are hidden, others are rounded, and what two questions differ
//! by can't be told from their answers.
//!
//! A count is moved by a little that depends on *which* patients were counted, through a key of this installation:
//! the same patients give the same answer however they are asked for, so asking again teaches nothing; and one
//! patient more or less moves the answer by an amount that has nothing to do with one (Francis et al., Diffix).

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

/// How counts are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// Counts below this are not told.
    pub smallest: u64,
    /// Others are told to the nearest of this.
    pub step: u64,
}

impl Default for Protection {
    fn default() -> Self {
        Self { smallest: 11, step: 5 }
    }
}

/// A count as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// How many; none where it is hidden.
    pub count: Option<u64>,
    /// Fewer than this, where it is hidden.
    pub fewer_than: Option<u64>,
    /// How it was protected.
    pub protection: How,
}

/// How a count was protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Not at all: who asked may see the rows.
    None,
    /// It is too small to be told.
    Hidden,
    /// It is about so many.
    Rounded,
}

impl Count {
    /// A count for one who may see the rows.
    #[must_use]
    pub const fn exact(count: u64) -> Self {
        Self { count: Some(count), fewer_than: None, protection: How::None }
    }
}

/// What is counted: how many, and a number that depends on which.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many patients.
    pub patients: u64,
    /// How many of what is counted.
    pub count: u64,
    /// A sum over the patients that were counted, the same in every order.
    pub mark: i64,
}

impl Protection {
    /// What may be told of a count. None is told as none only where nobody at all is meant.
    #[must_use]
    pub fn told(self, counted: Counted, key: &[u8; 32]) -> Count {
        if counted.patients < self.smallest {
            return Count { count: None, fewer_than: Some(self.smallest), protection: How::Hidden };
        }
        let moved = counted.count.saturating_add_signed(noise(counted, key, self.step));
        let rounded = (moved + self.step / 2) / self.step * self.step;
        Count {
            count: Some(rounded.max(self.smallest.next_multiple_of(self.step))),
            fewer_than: None,
            protection: How::Rounded,
        }
    }
}

/// A little to either side that the patients themselves decide.
fn noise(counted: Counted, key: &[u8; 32], step: u64) -> i64 {
    let mut hash = Sha256::new();
    hash.update(key);
    hash.update(counted.mark.to_le_bytes());
    hash.update(counted.patients.to_le_bytes());
    let hash = hash.finalize();
    // Two draws added: near zero more often than at the ends.
    let draw = |at: usize| i64::from(u16::from_le_bytes([hash[at], hash[at + 1]]));
    let width = step.max(1).cast_signed();
    (draw(0) + draw(2)) * width / i64::from(u16::MAX) - width
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn counted(count: u64, mark: i64) -> Counted {
        Counted { patients: count, count, mark }
    }

    #[test]
    fn small_counts_are_not_told() {
        let protection = Protection::default();
        for count in 0..11 {
            let told = protection.told(counted(count, 5), &KEY);
            assert_eq!((told.count, told.fewer_than), (None, Some(11)));
        }
        assert!(protection.told(counted(11, 5), &KEY).count.is_some());
    }

    #[test]
    fn the_same_patients_give_the_same_answer() {
        let protection = Protection::default();
        assert_eq!(protection.told(counted(500, 99), &KEY), protection.told(counted(500, 99), &KEY));
    }

    #[test]
    fn one_patient_more_moves_the_answer_as_if_by_chance() {
        let protection = Protection::default();
        let told = |n: u64, mark| protection.told(counted(n, mark), &KEY).count.expect("told").cast_signed();
        let moves: Vec<i64> = (0..200).map(|n| told(501, n * 7 + 3) - told(500, n * 7)).collect();
        // Neither always up, nor always the same.
        assert!(moves.iter().any(|by| *by < 0) && moves.iter().any(|by| *by > 0) && moves.contains(&0));
    }

    #[test]
    fn answers_stay_near_the_truth() {
        let protection = Protection::default();
        for mark in 0..1_000 {
            let told = protection.told(counted(1_000, mark), &KEY).count.expect("told");
            assert!(told.abs_diff(1_000) <= 7, "{told}");
            assert_eq!(told % 5, 0);
        }
    }
}
