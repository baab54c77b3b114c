//! Dates and times of a subject (PS3.5 §6.2, VR DA, DT, AS): moved by whole days, or cut to the year.
//! Times of day stay: with whole days every interval stays as it was, down to the fraction of a second.

use jiff::ToSpan as _;
use jiff::civil::Date;

/// What becomes of dates where a policy keeps them at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateRule {
    /// Unchanged.
    Keep,
    /// Moved by this many days.
    Shift(i32),
    /// Only the year is kept: the first of January.
    Year,
}

impl DateRule {
    /// A value of VR DA, with several values separated by backslashes. `None` if one of them is no date.
    #[must_use]
    pub fn date(self, text: &str) -> Option<String> {
        each(text, |value| self.one_date(value))
    }

    /// As [`DateRule::date`], of VR DT.
    #[must_use]
    pub fn date_time(self, text: &str) -> Option<String> {
        each(text, |value| self.one_date_time(value))
    }

    /// As [`DateRule::date`], of VR TM: a time of day says nothing of the year, but is no part of it either.
    #[must_use]
    pub fn time(self, text: &str) -> Option<String> {
        let allowed = |b: u8| b.is_ascii_digit() || matches!(b, b':' | b'.' | b' ' | b'\\');
        match self {
            Self::Year => None,
            Self::Keep | Self::Shift(_) => text.bytes().all(allowed).then(|| text.to_owned()),
        }
    }

    /// A date as people write it in a text, as `YYYY-MM-DD`; `None` if it can be read in two ways, or in none.
    #[must_use]
    pub fn written_date(self, text: &str) -> Option<String> {
        let moved = self.moved(written_by_people(text)?)?;
        Some(moved.strftime("%Y-%m-%d").to_string())
    }

    fn one_date(self, text: &str) -> Option<String> {
        let date = parse_date(text)?;
        Some(written(self.moved(date)?))
    }

    /// A date and time may stop after any part; what is there is kept, what is not is not made up.
    fn one_date_time(self, text: &str) -> Option<String> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (stamp, rest) = text.split_at(digits);
        let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-');
        if !rest.bytes().all(plain) {
            return None;
        }
        // The middle of what is not said stands for it.
        let (date, known) = match stamp.len() {
            4 => (format!("{stamp}0702"), 4),
            6 => (format!("{stamp}15"), 6),
            8..=14 => (stamp.get(..8)?.to_owned(), 8),
            _ => return None,
        };
        let moved = written(self.moved(parse_date(&date)?)?);
        if self == Self::Year {
            return Some(moved[..4].to_owned());
        }
        Some(format!("{}{}{rest}", &moved[..known], stamp.get(known..)?))
    }

    fn moved(self, date: Date) -> Option<Date> {
        match self {
            Self::Keep => Some(date),
            Self::Shift(days) => date.checked_add(days.days()).ok().filter(|date| date.year() > 0),
            Self::Year => Date::new(date.year(), 1, 1).ok(),
        }
    }
}

/// Ages of more years than `cap` become `cap` + 1 years (45 CFR 164.514(b)(2)(i)(C) for a cap of 89).
/// `None` if it is no age.
#[must_use]
pub fn capped_age(text: &str, cap: u16) -> Option<String> {
    each(text, |value| {
        // `94Y` is often written for `094Y`.
        let (number, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
        let number: u16 = number.trim().parse().ok().filter(|_| number.len() <= 3)?;
        match unit {
            "Y" if number > cap => Some(format!("{:03}Y", cap + 1)),
            "Y" | "M" | "W" | "D" => Some(value.to_owned()),
            _ => None,
        }
    })
}

fn each(text: &str, one: impl Fn(&str) -> Option<String>) -> Option<String> {
    let values = text.split('\\').map(str::trim);
    let done = values.map(|value| if value.is_empty() { Some(String::new()) } else { one(value) });
    done.collect::<Option<Vec<_>>>().map(|values| values.join("\\"))
}

/// `YYYYMMDD`, or `YYYY.MM.DD` of the standard's forerunner.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let digits = match text.len() {
        8 => text.to_owned(),
        10 => text.replace(['.', '-'], ""),
        _ => return None,
    };
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits[range].parse::<i16>().ok();
    let (month, day) = (i8::try_from(part(4..6)?).ok()?, i8::try_from(part(6..8)?).ok()?);
    Date::new(part(0..4)?, month, day).ok().filter(|date| date.year() > 0)
}

/// `2024-01-31`, `20240131`, `31.1.2024`, `1/31/2024`, `31 January 2024`, `Jan 31, 2024`.
fn written_by_people(text: &str) -> Option<Date> {
    if let Some(date) = parse_date(text.trim()) {
        return Some(date);
    }
    let lower = text.to_lowercase();
    let parts: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let [a, b, c] = parts[..] else { return None };
    let number = |part: &str| part.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']).parse::<i16>().ok();
    let date = |year: i16, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
            .ok()
            .filter(|date| date.year() > 1000)
    };
    match (month(a), month(b)) {
        (Some(month), _) => date(number(c)?, month, number(b)?),
        (_, Some(month)) => date(number(c)?, month, number(a)?),
        _ if a.len() == 4 => date(number(a)?, number(b)?, number(c)?),
        _ => match (number(a)?, number(b)?) {
            (day, month) if day > 12 || (text.contains('.') && month <= 12) => date(number(c)?, month, day),
            (month, day) if day > 12 || month == day => date(number(c)?, month, day),
            _ => None,
        },
    }
}

/// A month by the first three letters of its English name.
fn month(word: &str) -> Option<i16> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let at = MONTHS.iter().position(|month| word.starts_with(month))?;
    i16::try_from(at + 1).ok()
}

fn written(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_in_a_text_move_unless_they_can_be_read_in_two_ways() {
        let by = DateRule::Shift(-31);
        for text in ["2024-01-31", "20240131", "31.1.2024", "1/31/2024", "31 January 2024", "Jan 31st, 2024"]
        {
            assert_eq!(by.written_date(text).as_deref(), Some("2023-12-31"), "{text}");
        }
        for text in ["1/2/2024", "31/31/2024", "January 2024", "3.1", "may be 2"] {
            assert_eq!(by.written_date(text), None, "{text}");
        }
    }

    #[test]
    fn dates_move_over_leap_days_and_years() {
        let back = DateRule::Shift(-1);
        assert_eq!(back.date("20240301").as_deref(), Some("20240229"));
        assert_eq!(back.date("2024.01.01").as_deref(), Some("20231231"));
        assert_eq!(back.date("20240102\\ 20240103 ").as_deref(), Some("20240101\\20240102"));
        assert_eq!(back.date("20240230"), None);
        assert_eq!(back.date("Doe"), None);
        assert_eq!(DateRule::Shift(-400).date("00010101"), None);
    }

    #[test]
    fn date_times_keep_their_precision_and_zone() {
        let on = DateRule::Shift(31);
        assert_eq!(on.date_time("20240101123456.789+0100").as_deref(), Some("20240201123456.789+0100"));
        assert_eq!(on.date_time("202401").as_deref(), Some("202402"));
        assert_eq!(on.date_time("2024").as_deref(), Some("2024"));
        assert_eq!(on.date_time("20240101 Doe"), None);
        assert_eq!(DateRule::Year.date_time("20240101123456").as_deref(), Some("2024"));
        assert_eq!(DateRule::Year.date("20240101").as_deref(), Some("20240101"));
    }

    #[test]
    fn ages_above_the_cap_are_one_group() {
        assert_eq!(capped_age("089Y", 89).as_deref(), Some("089Y"));
        assert_eq!(capped_age("094Y", 89).as_deref(), Some("090Y"));
        assert_eq!(capped_age("94Y", 89).as_deref(), Some("090Y"));
        assert_eq!(capped_age("010M", 89).as_deref(), Some("010M"));
        assert_eq!(capped_age("old", 89), None);
    }

    proptest! {
        #[test]
        fn intervals_survive(a in 20000..60000_i32, b in 20000..60000_i32, shift in -4000..4000_i32) {
            let day = |n: i32| written(Date::constant(1850, 1, 1).checked_add(n.days()).expect("a date"));
            let moved = |n| parse_date(&DateRule::Shift(shift).date(&day(n)).expect("moved")).expect("a date");
            let between = |a: Date, b: Date| a.until(b).expect("days").get_days();
            prop_assert_eq!(between(moved(a), moved(b)), b - a);
        }
    }
}
