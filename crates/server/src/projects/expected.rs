//! Files that were looked up together because somebody is about to ask for them, each once.

use super::through::Wanted;
use intake::Locator;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What was looked up longer ago is looked up again: patients leave, originals move.
const FRESH: Duration = Duration::from_secs(5);
/// When there are so many, all are forgotten.
const MOST: usize = 8192;

/// What was looked up and when, by place.
#[derive(Default)]
pub(super) struct Expected(Mutex<HashMap<Locator, (Instant, Wanted)>>);

impl Expected {
    pub(super) fn put(&self, wanted: Vec<Wanted>) {
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() + wanted.len() > MOST {
            all.clear();
        }
        all.extend(wanted.into_iter().map(|one| (one.at.clone(), (now, one))));
    }

    /// All of them, if all are there.
    pub(super) fn take(&self, places: &[Locator]) -> Option<Vec<Wanted>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at: &Locator| all.get(at).is_some_and(|(since, _)| since.elapsed() < FRESH);
        if !places.iter().all(fresh) {
            return None;
        }
        let taken: Vec<_> = places.iter().filter_map(|at| all.remove(at)).map(|(_, wanted)| wanted).collect();
        (taken.len() == places.len()).then_some(taken)
    }
}
