//! Moments as clinical sources give them: as exact as they are known.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use model::Timestamp;
use serde::{Deserialize, Serialize};

/// A FHIR date or dateTime (R4 §2.24.0.1): `2024`, `2024-02`, `2024-02-15`, `2024-02-15T08:00:00`, with or without
/// fractions and a zone. A time without a zone is the place's own, as in DICOM; it is compared as if it were UTC.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct When(Box<str>);

/// The text is no FHIR date or dateTime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date or time as FHIR writes them")]
pub struct NoMoment;

impl When {
    /// Reads a FHIR date, dateTime or instant. A time without a zone, which FHIR forbids, is taken.
    ///
    /// # Errors
    /// [`NoMoment`].
    pub fn parse(text: &str) -> Result<Self, NoMoment> {
        let text = text.trim();
        bounds(text).map(|_| Self(text.into())).ok_or(NoMoment)
    }

    /// Reads an HL7 v2 time stamp, `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]` (v2.8.2 §2A.3.22).
    ///
    /// # Errors
    /// [`NoMoment`].
    pub fn parse_hl7(text: &str) -> Result<Self, NoMoment> {
        let text = text.trim();
        let (digits, zone) = match text.find(['+', '-']) {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(NoMoment);
        }
        let zone = zone_of(zone)?; // of a date alone it says nothing that FHIR could keep
        let part = |from: usize, to: usize| whole.get(from..to).ok_or(NoMoment);
        let mut made = String::from(part(0, 4)?);
        for at in [4, 6].into_iter().take_while(|at| whole.len() > *at) {
            made = format!("{made}-{}", part(at, at + 2)?);
        }
        if whole.len() > 8 {
            let minute = if whole.len() > 10 { part(10, 12)? } else { "00" };
            let second = if whole.len() > 12 { part(12, 14)? } else { "00" };
            made = format!("{made}T{}:{minute}:{second}", part(8, 10)?);
            if !fraction.is_empty() {
                made = format!("{made}.{fraction}");
            }
            made.push_str(&zone);
        }
        if whole.len() > 14 { Err(NoMoment) } else { Self::parse(&made) }
    }

    /// The text, as FHIR writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first moment it may mean.
    #[must_use]
    pub fn earliest(&self) -> Timestamp {
        bounds(&self.0).map_or(Timestamp::from_micros(0), |(first, _)| first)
    }

    /// The moment behind the last it may mean.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        bounds(&self.0).map_or(Timestamp::from_micros(0), |(_, end)| end)
    }

    /// True when it tells a time of day.
    #[must_use]
    pub fn has_time(&self) -> bool {
        self.0.contains('T')
    }
}

fn zone_of(zone: &str) -> Result<String, NoMoment> {
    if zone.is_empty() {
        return Ok(String::new());
    }
    let digits = &zone[1..];
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NoMoment);
    }
    Ok(format!("{}{}:{}", &zone[..1], &digits[..2], &digits[2..]))
}

/// The first moment and the one behind the last.
fn bounds(text: &str) -> Option<(Timestamp, Timestamp)> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"-:.+TZ".contains(&b));
    if !plain {
        return None;
    }
    if let Some((day, time)) = text.split_once('T') {
        return time_bounds(text, day, time);
    }
    let number =
        |part: &str, digits: usize| (part.len() == digits).then(|| part.parse::<i16>().ok()).flatten();
    let mut parts = text.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(|part| number(part, 2)).map_or(Some(None), |m| m.map(Some))?;
    let day = parts.next().map(|part| number(part, 2)).map_or(Some(None), |d| d.map(Some))?;
    if parts.next().is_some() {
        return None;
    }
    let first = Date::new(year, month.unwrap_or(1) as i8, day.unwrap_or(1) as i8).ok()?;
    let span = match (month, day) {
        (None, _) => jiff::Span::new().years(1),
        (_, None) => jiff::Span::new().months(1),
        _ => jiff::Span::new().days(1),
    };
    Some((utc(first.into())?, utc(first.checked_add(span).ok()?.into())?))
}

fn time_bounds(text: &str, day: &str, time: &str) -> Option<(Timestamp, Timestamp)> {
    if day.len() != 10 {
        return None;
    }
    let zoned = time.ends_with('Z') || time.contains(['+', '-']);
    let clock = time.split(['Z', '+', '-']).next()?;
    let step = match (clock.len(), clock.contains('.')) {
        (5, _) => 60_000_000,
        (_, true) => 1_000,
        _ => 1_000_000,
    };
    let first = if zoned {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().ok()?.as_microsecond())
    } else {
        utc(text.parse::<DateTime>().ok()?)?
    };
    Some((first, Timestamp::from_micros(first.as_micros() + step)))
}

fn utc(moment: DateTime) -> Option<Timestamp> {
    let zoned = moment.to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
}

impl TryFrom<String> for When {
    type Error = NoMoment;
    fn try_from(text: String) -> Result<Self, NoMoment> {
        Self::parse(&text)
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.0.into()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn hl7(text: &str) -> Option<String> {
        When::parse_hl7(text).ok().map(String::from)
    }

    #[test]
    fn hl7_time_stamps_keep_their_precision() {
        assert_eq!(hl7("2024").as_deref(), Some("2024"));
        assert_eq!(hl7("202402").as_deref(), Some("2024-02"));
        assert_eq!(hl7("20240215").as_deref(), Some("2024-02-15"));
        assert_eq!(hl7("202402150800").as_deref(), Some("2024-02-15T08:00:00"));
        assert_eq!(hl7("20240215080001.25+0130").as_deref(), Some("2024-02-15T08:00:01.25+01:30"));
        assert_eq!(hl7("20240215080001-0500").as_deref(), Some("2024-02-15T08:00:01-05:00"));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in ["", "24", "20241301", "2024021508000112", "today", "20240215+1", "2024-02-15", "é024"] {
            assert_eq!(hl7(text), None, "{text}");
        }
        for text in ["2024-13", "2024-02-30", "2024-2-1", "2024-02-15T25:00:00Z", "15.2.2024", "2024-02-15T"]
        {
            assert!(When::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_lasts_until_the_next() {
        let day = When::parse("2024-02-29").unwrap();
        assert_eq!(day.earliest().to_string(), "2024-02-29T00:00:00.000Z");
        assert_eq!(day.end().to_string(), "2024-03-01T00:00:00.000Z");
        let zoned = When::parse("2024-02-29T01:00:00+01:00").unwrap();
        assert_eq!(zoned.earliest(), day.earliest());
        assert_eq!(When::parse("2024").unwrap().end().to_string(), "2025-01-01T00:00:00.000Z");
    }
}
