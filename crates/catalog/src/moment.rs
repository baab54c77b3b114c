//! Dates and times as DICOM writes them (PS3.5 §6.2: DA, TM, DT), as numbers that compare.

/// 23:59:59.999999 (60 seconds are allowed for leap seconds, and compare above).
const DAY_MICROS: i64 = 24 * 3_600_000_000;

/// A DA as a number like 20260131; also the retired form with dots. `None` if it isn't one.
#[must_use]
pub(crate) fn date(text: &str) -> Option<i64> {
    let digits: String = text.trim().chars().filter(|c| *c != '.').collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let (month, day) = (number / 100 % 100, number % 100);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(number)
}

/// The first and last microsecond since midnight that a TM can mean: `12` is the whole hour.
#[must_use]
pub(crate) fn time_span(text: &str) -> Option<(i64, i64)> {
    let text: String = text.trim().chars().filter(|c| *c != ':').collect();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if !matches!(whole.len(), 2 | 4 | 6) || !(fraction.is_empty() || whole.len() == 6) {
        return None;
    }
    let part = |at: usize| whole.get(at..at + 2).map(str::parse::<i64>);
    let (hour, minute, second) = (part(0)?.ok()?, part(2), part(4));
    let (minute, second) = (minute.transpose().ok()?, second.transpose().ok()?);
    if hour > 23 || minute.is_some_and(|m| m > 59) || second.is_some_and(|s| s > 60) {
        return None;
    }
    let seconds = hour * 3600 + minute.unwrap_or(0) * 60 + second.unwrap_or(0);
    let (start, width) = fraction_of(fraction)?;
    let start = seconds * 1_000_000 + start;
    let width = match (minute, second) {
        (None, _) => 3_600_000_000,
        (_, None) => 60_000_000,
        _ => width,
    };
    Some((start, start + width - 1))
}

/// Microseconds of a decimal fraction, and how many it may stand for.
fn fraction_of(digits: &str) -> Option<(i64, i64)> {
    let digits = digits.get(..digits.len().min(6))?;
    let width = 10_i64.pow(6 - digits.len() as u32);
    let number: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    Some((number * width, width))
}

/// The first and last moment a DT can mean, in microseconds on a scale where days are 20260131-like
/// numbers times the microseconds of a day; its offset from UTC, if any, is taken off.
#[must_use]
pub(crate) fn date_time_span(text: &str) -> Option<(i64, i64)> {
    let text = text.trim();
    let (text, offset) = match text.rfind(['+', '-']).filter(|at| *at >= 4) {
        Some(at) => (&text[..at], offset_micros(&text[at..])?),
        None => (text, 0),
    };
    let day = |y: i64, m: i64, d: i64| days_since_1970(y, m, d) * DAY_MICROS - offset;
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let year = number(0..4)?;
    match text.len() {
        4 => Some((day(year, 1, 1), day(year + 1, 1, 1) - 1)),
        6 => {
            let month = number(4..6)?;
            let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            Some((day(year, month, 1), day(next_year, next, 1) - 1))
        }
        8 => {
            let start = day(year, number(4..6)?, number(6..8)?);
            Some((start, start + DAY_MICROS - 1))
        }
        _ => {
            let start = day(year, number(4..6)?, number(6..8)?);
            let (from, to) = time_span(text.get(8..)?)?;
            Some((start + from, start + to))
        }
    }
}

fn offset_micros(text: &str) -> Option<i64> {
    if text.len() != 5 {
        return None;
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let hours: i64 = text.get(1..3)?.parse().ok()?;
    let minutes: i64 = text.get(3..5)?.parse().ok()?;
    Some(sign * (hours * 60 + minutes) * 60_000_000)
}

/// Days of the proleptic Gregorian calendar since 1970-01-01.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_numbers() {
        assert_eq!(date("20260131"), Some(20_260_131));
        assert_eq!(date("2026.01.31"), Some(20_260_131));
        assert_eq!(date("20261331"), None);
        assert_eq!(date("2026"), None);
    }

    #[test]
    fn a_shorter_time_means_all_of_it() {
        assert_eq!(time_span("12"), Some((43_200_000_000, 46_799_999_999)));
        assert_eq!(time_span("120000.5"), Some((43_200_500_000, 43_200_599_999)));
        assert_eq!(time_span("1200"), Some((43_200_000_000, 43_259_999_999)));
        assert_eq!(time_span("2500"), None);
    }

    #[test]
    fn date_times_know_their_offset() {
        assert_eq!(date_time_span("19700101000000.000000"), Some((0, 0)));
        assert_eq!(date_time_span("19700101020000+0200").map(|s| s.0), Some(0));
        assert_eq!(date_time_span("1970").map(|s| s.1), Some(365 * DAY_MICROS - 1));
        assert_eq!(date_time_span("20000301").map(|s| s.0), Some(11_017 * DAY_MICROS));
    }
}
