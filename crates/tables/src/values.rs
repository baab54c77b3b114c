//! Cells as FHIR's values.

use clinical::{Identifier, When};
use serde_json::{Map, Value, json};

/// Units of this system (R4 §4.3.3).
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";

/// A moment from a date and the time stamp beside it, as OMOP has them.
///
/// A time stamp at midnight is what a date became on its way through a database: the date alone is kept.
///
/// # Errors
/// In words, when one is no date or they are of two days.
pub(crate) fn moment(date: Option<&str>, stamp: Option<&str>) -> Result<Option<String>, &'static str> {
    let day = |text: &str| -> Result<String, &'static str> {
        let day = text.get(..10).ok_or(NO_DATE)?;
        When::parse(day).map_err(|_| NO_DATE)?;
        if day.len() != 10 || day.as_bytes()[4] != b'-' { Err(NO_DATE) } else { Ok(day.into()) }
    };
    let date = date.map(day).transpose()?;
    let Some(stamp) = stamp else { return Ok(date) };
    let stamped = day(stamp)?;
    if date.as_ref().is_some_and(|date| *date != stamped) {
        return Err("its date and its time stamp are of two days");
    }
    let time = stamp[10..].trim_start_matches([' ', 'T']);
    let whole = time.split(['.', '+', 'Z']).next().unwrap_or_default();
    if time.is_empty() || whole.trim_matches(['0', ':']).is_empty() {
        return Ok(Some(stamped));
    }
    let made = format!("{stamped}T{time}");
    When::parse(&made).map_err(|_| NO_DATE)?;
    Ok(Some(made))
}

pub(crate) const NO_DATE: &str = "a date that is none";

/// True when the first is later than the second can be.
pub(crate) fn is_after(start: Option<&str>, end: Option<&str>) -> bool {
    let parsed = |text: Option<&str>| text.and_then(|text| When::parse(text).ok());
    match (parsed(start), parsed(end)) {
        (Some(start), Some(end)) => start.earliest() >= end.end(),
        _ => false,
    }
}

/// A decimal as a JSON number, without what makes none (`NaN`, `1e999`).
pub(crate) fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return Some((number as i64).into());
    }
    Some(number.into())
}

/// A logical reference.
pub(crate) fn refer(kind: &str, to: &Identifier) -> Value {
    to.refer(kind)
}

/// Puts what is there.
pub(crate) fn put(object: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.into(), value.into());
    }
}

/// A Period.
pub(crate) fn period(start: Option<&str>, end: Option<&str>) -> Option<Value> {
    let mut made = Map::new();
    put(&mut made, "start", start);
    put(&mut made, "end", end);
    (!made.is_empty()).then(|| made.into())
}

/// A text as an Attachment.
pub(crate) fn attachment(text: &str, title: Option<&str>) -> Value {
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(text);
    let mut made = json!({"contentType": "text/plain; charset=utf-8", "data": data});
    if let Some(title) = title {
        made["title"] = title.into();
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_as_exact_as_they_are_known() {
        let of = |date, stamp| moment(date, stamp).map(Option::unwrap_or_default);
        assert_eq!(of(Some("2024-02-29"), None).as_deref(), Ok("2024-02-29"));
        assert_eq!(of(Some("2024-02-29"), Some("2024-02-29 00:00:00")).as_deref(), Ok("2024-02-29"));
        assert_eq!(of(None, Some("2024-02-29 08:01:02")).as_deref(), Ok("2024-02-29T08:01:02"));
        assert_eq!(of(None, Some("2024-02-29T08:01:02.5Z")).as_deref(), Ok("2024-02-29T08:01:02.5Z"));
        assert_eq!(of(Some("2024-02-30"), None), Err(NO_DATE));
        assert_eq!(of(Some("29.02.2024"), None), Err(NO_DATE));
        assert!(of(Some("2024-02-29"), Some("2024-03-01 00:00:00")).is_err());
        assert_eq!(of(None, None).as_deref(), Ok(""));
    }

    #[test]
    fn ends_before_starts_are_seen() {
        assert!(is_after(Some("2024-02-02"), Some("2024-02-01")));
        assert!(!is_after(Some("2024-02-01T10:00:00"), Some("2024-02-01")));
        assert!(!is_after(Some("2024-02-01"), None));
    }

    #[test]
    fn numbers_are_numbers() {
        assert_eq!(number("48.10"), Some(json!(48.1)));
        assert_eq!(number("7.0"), Some(json!(7)));
        assert_eq!((number("NaN"), number("1e999"), number("x")), (None, None, None));
    }
}
