//! Moments, as UTC.

use std::fmt;

/// A moment in UTC, in microseconds since 1970-01-01T00:00:00Z; shown as RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment this many microseconds after the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Reads RFC 3339, such as `2026-01-31T08:00:00Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|moment| Self(moment.as_microsecond()))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The clock's moment. Rooms take time as an argument; only shells call this.
    #[must_use]
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_microsecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => write!(f, "{moment:.3}"),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_as_it_is_shown() {
        assert_eq!(Timestamp::parse("1970-01-01T00:00:01.000Z"), Some(Timestamp(1_000_000)));
        assert_eq!(Timestamp::parse("1970-01-01T01:00:01+01:00"), Some(Timestamp(1_000_000)));
        assert_eq!(Timestamp::parse("1970-01-01"), None);
    }

    #[test]
    fn shown_as_rfc_3339() {
        assert_eq!(Timestamp::from_micros(1_000_000).to_string(), "1970-01-01T00:00:01.000Z");
    }
}
