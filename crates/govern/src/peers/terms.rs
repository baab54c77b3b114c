//! What a peer's owner allows us: since when we may ask what it holds, how fast, and at which hours of a day.

use super::Peers;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::fmt;

/// Questions a minute where nobody said otherwise: ten years, day by day, in three hours.
pub const QUESTIONS: u32 = 20;
/// Instances a second where nobody said otherwise: a CT exam in a minute.
pub const RATE: u32 = 10;

/// The terms of a peer's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerTerms {
    /// The first day whose exams are asked for, as 2020-01-31; none: what it holds is not asked for at all.
    pub index_from: Option<String>,
    /// Questions a minute at most.
    pub questions_per_minute: u32,
    /// Instances a second at most, when releases fetch.
    pub instances_per_second: u32,
    /// The hours at which it may be asked and fetched from; none: at any time.
    pub window: Option<Window>,
}

impl Default for PeerTerms {
    fn default() -> Self {
        Self { index_from: None, questions_per_minute: QUESTIONS, instances_per_second: RATE, window: None }
    }
}

/// Hours of every day, from one minute to before another: `20:00-06:00` goes over midnight. The clock is the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    opens: u16,
    closes: u16,
}

/// The text is no window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("hours are written as 20:00-06:00, and don't begin where they end")]
pub struct WindowError;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

impl Window {
    /// Whether it is open at a minute of the day.
    #[must_use]
    pub const fn is_open(self, minute: u16) -> bool {
        if self.opens < self.closes {
            self.opens <= minute && minute < self.closes
        } else {
            self.opens <= minute || minute < self.closes
        }
    }

    /// Minutes from a minute of the day until it opens; 0 while it is open.
    #[must_use]
    pub const fn opens_in(self, minute: u16) -> u16 {
        if self.is_open(minute) { 0 } else { (self.opens + DAY - minute) % DAY }
    }
}

impl std::str::FromStr for Window {
    type Err = WindowError;
    fn from_str(text: &str) -> Result<Self, WindowError> {
        let (opens, closes) = text.split_once('-').ok_or(WindowError)?;
        let window = Self { opens: minute(opens)?, closes: minute(closes)? };
        if window.opens == window.closes { Err(WindowError) } else { Ok(window) }
    }
}

fn minute(text: &str) -> Result<u16, WindowError> {
    let (hour, minute) = text.trim().split_once(':').ok_or(WindowError)?;
    let part = |text: &str, below: u16| {
        let plain = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| plain && *number < below).ok_or(WindowError)
    };
    Ok(part(hour, 24)? * 60 + part(minute, 60)?)
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opens, closes } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", opens / 60, opens % 60, closes / 60, closes % 60)
    }
}

/// Why terms can't be kept.
#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    /// A day.
    #[error("the first day is written as 2020-01-31 and is not before 1970")]
    Day,
    /// A rate.
    #[error("rates are whole numbers from 1 to 10000")]
    Rate,
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

impl PeerTerms {
    fn check(&self) -> Result<(), TermsError> {
        let is_day = |day: &str| {
            day.len() == 10
                && day >= "1970-01-01"
                && model::Timestamp::parse(&format!("{day}T00:00:00Z")).is_some()
        };
        if !self.index_from.as_deref().is_none_or(is_day) {
            return Err(TermsError::Day);
        }
        let rates = [self.questions_per_minute, self.instances_per_second];
        if rates.iter().all(|rate| (1..=10_000).contains(rate)) { Ok(()) } else { Err(TermsError::Rate) }
    }
}

const COLUMNS: &str = "SELECT index_from, questions, rate, hours FROM peer_terms WHERE peer = $1";

impl Peers {
    /// What a peer's owner allows; the gentle default where nobody said anything.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn terms(&self, name: &str) -> Result<PeerTerms, sqlx::Error> {
        let row = sqlx::query(COLUMNS).bind(name).fetch_optional(self.ledger.pool()).await?;
        row.as_ref().map_or_else(|| Ok(PeerTerms::default()), terms)
    }

    /// Keeps what a peer's owner allows.
    ///
    /// # Errors
    /// [`TermsError`]; nothing changes then.
    pub async fn set_terms(&self, name: &str, terms: &PeerTerms) -> Result<(), TermsError> {
        terms.check()?;
        let mut tx = self.ledger.write().await?;
        sqlx::query(
            "INSERT INTO peer_terms (peer, index_from, questions, rate, hours) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (peer) DO UPDATE SET index_from = excluded.index_from, questions = excluded.questions, \
             rate = excluded.rate, hours = excluded.hours",
        )
        .bind(name)
        .bind(terms.index_from.clone().unwrap_or_default())
        .bind(i64::from(terms.questions_per_minute))
        .bind(i64::from(terms.instances_per_second))
        .bind(terms.window.map(|window| window.to_string()).unwrap_or_default())
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }
}

fn terms(row: &AnyRow) -> Result<PeerTerms, sqlx::Error> {
    let rate = |at: usize, usual| row.try_get::<i64, _>(at).map(|rate| u32::try_from(rate).unwrap_or(usual));
    let (from, hours): (String, String) = (row.try_get(0)?, row.try_get(3)?);
    Ok(PeerTerms {
        index_from: (!from.is_empty()).then_some(from),
        questions_per_minute: rate(1, QUESTIONS)?,
        instances_per_second: rate(2, RATE)?,
        window: hours.parse().ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        text.parse().expect("a window")
    }

    #[test]
    fn hours_may_go_over_midnight() {
        let night = window("20:00-06:00");
        assert!(night.is_open(20 * 60) && night.is_open(0) && night.is_open(359));
        assert!(!night.is_open(360) && !night.is_open(1199));
        assert_eq!((night.opens_in(360), night.opens_in(30)), (14 * 60, 0));
        let day = window("08:00-09:30");
        assert!(day.is_open(569) && !day.is_open(570));
        assert_eq!((day.opens_in(0), day.opens_in(570)), (480, 1350));
        assert_eq!(night.to_string(), "20:00-06:00");
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for wrong in
            ["", "20-6", "20:00", "24:00-06:00", "08:00-08:00", "8:00-09:00", "08:60-09:00", "+8:00-09:00"]
        {
            assert!(wrong.parse::<Window>().is_err(), "{wrong}");
        }
    }
}
