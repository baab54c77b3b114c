//! Who looks at which slide now: its tiles belong to one opening, which is recorded once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// An opening ends when nothing was asked of it for so long.
const QUIET: Duration = Duration::from_secs(30 * 60);
/// Openings kept; one that is forgotten is recorded again.
const MOST: usize = 10_000;

/// The openings under way.
#[derive(Default)]
pub(crate) struct Openings(Mutex<HashMap<String, Instant>>);

impl Openings {
    /// Goes on with an opening. True where none was under way, so that this begins one.
    pub(super) fn open(&self, opening: String) -> bool {
        self.open_at(opening, Instant::now())
    }

    fn open_at(&self, opening: String, now: Instant) -> bool {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let under_way = |last: &Instant| now.saturating_duration_since(*last) < QUIET;
        if open.len() >= MOST {
            open.retain(|_, last| under_way(last));
            if open.len() >= MOST {
                open.clear();
            }
        }
        !open.insert(opening, now).is_some_and(|last| under_way(&last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_lasts_while_tiles_are_asked_for() {
        let (openings, start) = (Openings::default(), Instant::now());
        let at = |seconds| openings.open_at("ann".into(), start + Duration::from_secs(seconds));
        assert_eq!([0, 1000, 2500, 5000].map(at), [true, false, false, true]);
        assert!(openings.open_at("bob".into(), start));
    }
}
