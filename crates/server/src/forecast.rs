//! When the disk will be full, by what arrived in the last weeks.
//!
//! A rate is taken from whole weeks, because departments work by the week. The median week stands for all, so that
//! a history brought in at once doesn't count as what arrives every week; the slowest and the fastest give
//! the bounds. With less than two whole weeks nothing is foretold.

use crate::App;
use model::Timestamp;
use utoipa::ToSchema;

const DAY_MICROS: i64 = 86_400_000_000;
/// Weeks that are looked at.
const WEEKS: i64 = 12;
/// Whole weeks without which nothing is foretold.
const FEWEST: usize = 2;
/// Farther than this, a number of days says nothing: ten years.
const FARTHEST: f64 = 3650.0;

/// What arrived in the last whole weeks, in bytes as received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// The oldest first. A week ends with the day before the one of counting; those before the first arrival
    /// are left out.
    weeks: Vec<u64>,
}

impl History {
    /// The start of the time that is looked at.
    pub fn since(now: Timestamp) -> Timestamp {
        Timestamp::from_micros((now.as_micros() / DAY_MICROS - WEEKS * 7) * DAY_MICROS)
    }

    /// Sorts days into weeks: when the first of all came, and (days since 1970, bytes).
    pub fn of(now: Timestamp, (first, days): (Option<Timestamp>, Vec<(i64, i64)>)) -> Self {
        let today = now.as_micros() / DAY_MICROS;
        let Some(first) = first else { return Self::default() };
        // The day of the first arrival is not a whole one.
        let whole_days = today - first.as_micros() / DAY_MICROS - 1;
        let count = usize::try_from((whole_days / 7).clamp(0, WEEKS)).unwrap_or(0);
        let mut weeks = vec![0_u64; count];
        for (day, bytes) in days {
            let back = usize::try_from((today - 1 - day).div_euclid(7)).unwrap_or(usize::MAX);
            if let Some(week) = count.checked_sub(back.saturating_add(1)).and_then(|at| weeks.get_mut(at)) {
                *week += bytes.unsigned_abs();
            }
        }
        Self { weeks }
    }
}

/// When the disk will be full.
#[derive(Debug, Clone, PartialEq, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Forecast {
    /// `full`: on the days told; `far`: not within ten years; `idle`: nothing arrives; `short`: too little history;
    /// `moves`: complete segments leave the disk for the object store.
    pub verdict: &'static str,
    /// What arrived in each of the last whole weeks, in bytes as received, the oldest first.
    pub weeks: Vec<u64>,
    /// Bytes the disk loses on a usual day.
    pub bytes_a_day: u64,
    /// Days until it is full, by the usual week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u64>,
    /// The same by the fastest week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_at_least: Option<u64>,
    /// The same by the slowest; absent where nothing came in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_at_most: Option<u64>,
}

impl Forecast {
    /// The forecast for the archive's folder.
    pub fn of(app: &App, history: &History) -> Self {
        let segments = app.archive.segments();
        let local = segments.iter().filter(|segment| segment.placement().local);
        let (kept, appended) = local.fold((0, 0), |(kept, appended), segment| {
            (kept + segment.durable(), appended + segment.appended())
        });
        let share = if appended > 0 { kept as f64 / appended as f64 } else { 1.0 };
        let moves = app.config.store.objects.is_some() && app.config.archive.keep_local_bytes.is_some();
        Self::by(history, app.archive.room(), share, moves)
    }

    /// `share`: the part of what arrives that its kept form takes.
    fn by(history: &History, room: u64, share: f64, moves: bool) -> Self {
        let mut sorted = history.weeks.clone();
        sorted.sort_unstable();
        let a_day = |week: Option<&u64>| week.map_or(0.0, |week| *week as f64 * share / 7.0);
        let usual = a_day(sorted.get(sorted.len() / 2));
        let days = |rate: f64| (rate > 0.0).then(|| room as f64 / rate);
        let told = |rate: f64| days(rate).filter(|days| *days <= FARTHEST).map(|days| days as u64);
        let verdict = match days(usual) {
            _ if moves => "moves",
            _ if sorted.len() < FEWEST => "short",
            None => "idle",
            Some(days) if days > FARTHEST => "far",
            Some(_) => "full",
        };
        let is_told = verdict == "full";
        let only = |days: Option<u64>| days.filter(|_| is_told);
        Self {
            verdict,
            weeks: history.weeks.clone(),
            bytes_a_day: usual as u64,
            days: only(told(usual)),
            days_at_least: only(told(a_day(sorted.last()))),
            days_at_most: only(told(a_day(sorted.first()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(20_000 * DAY_MICROS + 5);

    fn history(days_ago: i64, days: &[(i64, i64)]) -> History {
        let first = Timestamp::from_micros((20_000 - days_ago) * DAY_MICROS + 7);
        History::of(NOW, (Some(first), days.iter().map(|(ago, bytes)| (20_000 - ago, *bytes)).collect()))
    }

    #[test]
    fn weeks_are_whole_and_today_is_in_none() {
        assert_eq!(History::of(NOW, (None, Vec::new())), History::default());
        assert_eq!(history(7, &[(3, 5)]).weeks, [0; 0]);
        assert_eq!(
            history(16, &[(0, 1), (1, 10), (7, 100), (8, 1000), (14, 10_000), (15, 7)]).weeks,
            [11_000, 110]
        );
        assert_eq!(history(5000, &[]).weeks.len(), 12);
    }

    #[test]
    fn a_history_brought_in_at_once_is_not_the_usual_week() {
        let steady = history(
            60,
            &[(50, 700_000), (43, 70), (36, 70), (29, 70), (22, 70), (15, 70), (8, 140), (1, 70)],
        );
        let told = Forecast::by(&steady, 10_000, 0.5, false);
        assert_eq!((told.verdict, told.bytes_a_day, told.days), ("full", 5, Some(2000)));
        assert_eq!((told.days_at_least, told.days_at_most), (Some(0), Some(2000)));
    }

    #[test]
    fn too_little_history_foretells_nothing() {
        let verdict = |history: &History, moves| Forecast::by(history, 10_000, 1.0, moves).verdict;
        assert_eq!(verdict(&history(10, &[(1, 70)]), false), "short");
        assert_eq!(verdict(&history(30, &[]), false), "idle");
        assert_eq!(verdict(&history(30, &[(1, 70), (8, 70), (15, 70)]), true), "moves");
        let far = Forecast::by(&history(30, &[(1, 7), (8, 7), (15, 7)]), 10_000, 1.0, false);
        assert_eq!((far.verdict, far.days), ("far", None));
    }
}
