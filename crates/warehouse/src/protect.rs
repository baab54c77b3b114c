//! Counts for people who may not see rows: small ones are hidden, others are rounded, and what two questions differ
//! by can't be told from their answers.
//!
//! A count is moved by a little that hangs on *one* of the patients who were counted, whom a number like a lot picks
//! out, through a key of this installation. The same patients give the same answer however they are asked for, so
//! asking again teaches nothing. A group without one of its people is most often moved alike, so that the answer
//! changes only where a step of the rounding lies between: a changed answer is rare, and an equal one is no sign that
//! somebody isn't there.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

/// How counts are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// Counts below this are not told.
    pub smallest: u64,
    /// Others are told to the nearest of this; exams to the nearest of this for each that a patient has.
    pub step: u64,
}

impl Default for Protection {
    fn default() -> Self {
        Self { smallest: 11, step: 10 }
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
    /// The number of the patient who stands for all that were counted, the same in every order.
    pub mark: i64,
}

impl Protection {
    /// What may be told of a count. None is told as none only where nobody at all is meant.
    #[must_use]
    pub fn told(self, counted: Counted, key: &[u8; 32]) -> Count {
        if counted.patients < self.smallest {
            return Count { count: None, fewer_than: Some(self.smallest), protection: How::Hidden };
        }
        let step = self.step.max(1) * counted.count.div_ceil(counted.patients.max(1)).max(1);
        let moved = counted.count.saturating_add_signed(noise(counted.mark, key, step));
        let rounded = (moved + step / 2) / step * step;
        Count {
            count: Some(rounded.max(self.smallest.next_multiple_of(step))),
            fewer_than: None,
            protection: How::Rounded,
        }
    }
}

/// A little to either side, of less than a step.
fn noise(mark: i64, key: &[u8; 32], step: u64) -> i64 {
    let hash = Sha256::new().chain_update(key).chain_update(mark.to_le_bytes()).finalize();
    // Two draws added: near zero more often than at the ends.
    let draw = |at: usize| i64::from(u16::from_le_bytes([hash[at], hash[at + 1]]));
    let width = step.cast_signed();
    (draw(0) + draw(2)) * width / (2 * i64::from(u16::MAX)) - width / 2
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
    fn one_patient_more_seldom_moves_the_answer() {
        let protection = Protection::default();
        let moved =
            |mark| protection.told(counted(501, mark), &KEY) != protection.told(counted(500, mark), &KEY);
        let changed = (0..1_000).filter(|mark| moved(*mark)).count();
        assert!((20..200).contains(&changed), "{changed} of 1000");
    }

    #[test]
    fn answers_stay_near_the_truth() {
        let protection = Protection::default();
        let mut sum = 0;
        for mark in 0..1_000 {
            let told = protection.told(counted(1_000, mark), &KEY).count.expect("told");
            assert!(told.abs_diff(1_000) <= 10 && told % 10 == 0, "{told}");
            sum += told;
        }
        assert!(
            sum.abs_diff(1_000 * 1_000) < 1_000,
            "the mean is off by {}",
            sum.abs_diff(1_000 * 1_000) / 1_000
        );
    }

    #[test]
    fn one_patients_many_exams_move_no_more_than_the_exams_of_others() {
        let protection = Protection::default();
        let exams = |patients, count, mark| protection.told(Counted { patients, count, mark }, &KEY);
        let changed = (0..1_000).filter(|mark| exams(100, 812, *mark) != exams(99, 800, *mark)).count();
        assert!(changed < 250, "{changed} of 1000");
    }
}
