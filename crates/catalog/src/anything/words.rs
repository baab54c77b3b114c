//! What was typed, understood: a UID, days, and the words that are left.

use crate::{fold, moment};

/// A question, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Understood {
    /// It looks like a UID or the beginning of one.
    pub uid: Option<String>,
    /// The first and the last day it speaks of.
    pub days: Option<(i64, i64)>,
    /// What is left, folded; names without their commas and carets.
    pub words: Vec<String>,
}

/// Words of a question that are looked at: more can't make it narrower in any sensible way.
const MOST_WORDS: usize = 8;
/// Characters of a question that are looked at.
const LONGEST: usize = 200;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Understood {
    pub(super) fn of(text: &str, today: i64) -> Self {
        let typed: String = text.trim().chars().take(LONGEST).collect();
        let mut understood = Self { uid: uid(&typed), ..Self::default() };
        let folded = fold::fold(&typed);
        let parts: Vec<&str> =
            folded.split([' ', ',', '^', ';', '=']).filter(|part| !part.is_empty()).collect();
        let mut at = 0;
        while at < parts.len() {
            match days(&parts[at..], today).filter(|_| understood.days.is_none()) {
                Some((found, used)) => {
                    understood.days = Some(found);
                    at += used;
                }
                None => {
                    understood.words.push(parts[at].to_owned());
                    at += 1;
                }
            }
        }
        understood.words.truncate(MOST_WORDS);
        understood
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.words.is_empty() && self.days.is_none()
    }
}

/// Digits with at least two dots between them, and no date.
fn uid(text: &str) -> Option<String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    let is_uid = plain && dots >= 2 && text.len() <= 64 && !text.starts_with('.');
    (is_uid && day(text).is_none()).then(|| text.to_owned())
}

/// The days that the first of the parts speak of, and how many of them do.
fn days(parts: &[&str], today: i64) -> Option<((i64, i64), usize)> {
    let one = |day: i64| (day, day);
    match parts[0] {
        "today" => return Some((one(today), 1)),
        "yesterday" => return Some((one(day_before(today)), 1)),
        _ => {}
    }
    if let Some(day) = day(parts[0]) {
        return Some((one(day), 1));
    }
    if let Some((year, month)) =
        parts[0].split_once('-').filter(|(year, month)| (year.len(), month.len()) == (4, 2))
    {
        return Some((whole_month(number(year, 1800..=2200)?, number(month, 1..=12)?), 1));
    }
    let (first, second, third) = (parts[0], parts.get(1).copied(), parts.get(2).copied());
    let year =
        |text: Option<&str>| text.filter(|text| text.len() == 4).and_then(|text| number(text, 1800..=2200));
    let day_of_month = |text: &str| number(text.trim_end_matches('.'), 1..=31).filter(|_| text.len() <= 3);
    // 1 March 2026; March 1 2026; March 2026.
    if let (Some(day), Some(month), Some(year)) = (day_of_month(first), second.and_then(month), year(third)) {
        return real(year, month, day).map(|day| (one(day), 3));
    }
    let month = month(first)?;
    if let (Some(day), Some(year)) = (second.and_then(day_of_month), year(third)) {
        return real(year, month, day).map(|day| (one(day), 3));
    }
    year(second).map(|year| (whole_month(year, month), 2))
}

/// 2026-03-01, 2026/3/1, 2026.03.01, 1.3.2026. A number of eight digits may be anybody's ID, and is no day.
fn day(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let (year, day) = match (first.len(), third.len()) {
        (4, 1 | 2) => (first, third),
        (1 | 2, 4) if text.contains('.') => (third, first),
        _ => return None,
    };
    real(number(year, 1800..=2200)?, number(second, 1..=12)?, number(day, 1..=31)?)
}

fn real(year: i64, month: i64, day: i64) -> Option<i64> {
    moment::date(&format!("{year:04}{month:02}{day:02}"))
}

fn whole_month(year: i64, month: i64) -> (i64, i64) {
    let first = year * 10_000 + month * 100;
    (first + 1, first + 31)
}

fn number(text: &str, within: std::ops::RangeInclusive<i64>) -> Option<i64> {
    text.parse().ok().filter(|number| within.contains(number))
}

/// A month by its name, or by three letters of it or more.
fn month(text: &str) -> Option<i64> {
    let text = text.trim_end_matches('.');
    let at = (text.len() >= 3).then(|| MONTHS.iter().position(|month| month.starts_with(text)))??;
    i64::try_from(at + 1).ok()
}

fn day_before(day: i64) -> i64 {
    let (year, month) = (day / 10_000, day / 100 % 100);
    match (day % 100, month) {
        (1, 1) => (year - 1) * 10_000 + 1231,
        (1, _) => year * 10_000 + (month - 1) * 100 + length(year, month - 1),
        _ => day - 1,
    }
}

const fn length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: i64 = 20_260_301;

    fn days_of(text: &str) -> Option<(i64, i64)> {
        Understood::of(text, TODAY).days
    }

    #[test]
    fn days_are_typed_in_many_ways() {
        for text in
            ["2026-03-01", "2026/3/1", "2026.03.01", "1.3.2026", "1 Mar 2026", "march 1, 2026", "Today"]
        {
            assert_eq!(days_of(text), Some((20_260_301, 20_260_301)), "{text}");
        }
        assert_eq!(days_of("yesterday"), Some((20_260_228, 20_260_228)));
        assert_eq!(days_of("2026-03"), Some((20_260_301, 20_260_331)));
        assert_eq!(days_of("Mar 2026"), Some((20_260_301, 20_260_331)));
    }

    #[test]
    fn what_may_be_an_id_or_a_name_is_no_day() {
        for text in ["20260301", "4711-0815", "may", "marc", "April Smith", "1.2.840.10008"] {
            assert_eq!(days_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_its_words_however_it_is_written() {
        for text in ["MÜLLER^Jörg", "Müller, Jörg", " muller  jorg "] {
            assert_eq!(Understood::of(text, TODAY).words, ["muller", "jorg"], "{text}");
        }
        let both = Understood::of("ct yesterday smith", TODAY);
        assert_eq!((both.words, both.days), (vec!["ct".into(), "smith".into()], days_of("yesterday")));
    }

    #[test]
    fn uids_are_told_from_dates_and_numbers() {
        assert_eq!(Understood::of("1.2.840.113619", TODAY).uid.as_deref(), Some("1.2.840.113619"));
        for text in ["1.3.2026", "12.5", "1.2.x", &"1.".repeat(40)] {
            assert_eq!(Understood::of(text, TODAY).uid, None, "{text}");
        }
    }
}
