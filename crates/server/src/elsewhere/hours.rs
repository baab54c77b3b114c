//! The hours a peer's owner allows, by the clock of this machine.

use govern::peers::Window;
use jiff::{ToSpan as _, Zoned};
use model::Timestamp;

/// When it opens; none: it is open now.
pub(crate) fn opens_at(window: Option<Window>) -> Option<Timestamp> {
    let now = Zoned::now();
    let minute = u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or(0);
    let wait = window?.opens_in(minute);
    if wait == 0 {
        return None;
    }
    let whole = now.with().second(0).subsec_nanosecond(0).build().unwrap_or(now);
    let opens = whole.checked_add(i64::from(wait).minutes()).unwrap_or(whole);
    Some(Timestamp::from_micros(opens.timestamp().as_microsecond()))
}

/// The day it is here, in days since 1970-01-01.
pub(crate) fn today() -> i64 {
    days_to(Zoned::now().date())
}

/// Days since 1970-01-01.
pub(crate) fn days_to(date: jiff::civil::Date) -> i64 {
    jiff::civil::date(1970, 1, 1).until(date).map_or(0, |span| i64::from(span.get_days()))
}

/// A day as 2020-01-31.
pub(crate) fn iso(day: i64) -> Option<String> {
    let span = jiff::Span::new().try_days(day).ok()?;
    Some(jiff::civil::date(1970, 1, 1).checked_add(span).ok()?.to_string())
}

/// A moment as people here read it: `2026-01-31 20:00`.
pub(crate) fn told(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default();
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}
