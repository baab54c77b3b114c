//! A typed value as the text that a delimited file would hold.

use jiff::civil::{Date, date};
use jiff::{Span, Timestamp};
use parquet::data_type::Decimal;
use parquet::record::Field;

/// What is known of a column's moments beyond its values.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    /// Whether they are moments at all.
    pub stamp: bool,
    /// Whether they are of the world's clock; else of the clock where they were written.
    pub zoned: bool,
    /// Whether they are counted in nanoseconds.
    pub nanos: bool,
}

const NO_DATE: &str = "a date that is none";
/// Whole numbers beyond this are not exact as floating point numbers.
const EXACT: f64 = 9e15;

/// The text of a value; empty where there is none.
pub(super) fn cell(field: &Field, moments: Moments) -> Result<String, &'static str> {
    Ok(match field {
        Field::Null => String::new(),
        Field::Bool(one) => one.to_string(),
        Field::Byte(one) => one.to_string(),
        Field::Short(one) => one.to_string(),
        Field::Int(one) => one.to_string(),
        Field::Long(one) if moments.stamp && moments.nanos => {
            moment(Timestamp::from_nanosecond((*one).into()), moments)?
        }
        Field::Long(one) => one.to_string(),
        Field::UByte(one) => one.to_string(),
        Field::UShort(one) => one.to_string(),
        Field::UInt(one) => one.to_string(),
        Field::ULong(one) => one.to_string(),
        Field::Float16(one) => floating(f64::from(f32::from(*one)), &f32::from(*one)),
        Field::Float(one) => floating(f64::from(*one), one),
        Field::Double(one) => floating(*one, one),
        Field::Decimal(one) => decimal(one)?,
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => {
            String::from_utf8(bytes.data().to_vec()).map_err(|_| "bytes that are no text in a cell")?
        }
        Field::Date(days) => day(*days)?.to_string(),
        Field::TimeMillis(millis) => clock(i64::from(*millis) * 1000)?,
        Field::TimeMicros(micros) => clock(*micros)?,
        Field::TimestampMillis(millis) => moment(Timestamp::from_millisecond(*millis), moments)?,
        Field::TimestampMicros(micros) => moment(Timestamp::from_microsecond(*micros), moments)?,
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => {
            return Err("a list or a group in a cell");
        }
    })
}

/// A whole number is written as one: tables make floating point numbers of ids where some are missing. No number at
/// all (`NaN`) is how they write that.
fn floating(value: f64, shortest: &impl ToString) -> String {
    match value {
        value if value.is_nan() => String::new(),
        value if value.fract() == 0.0 && value.abs() < EXACT => (value as i64).to_string(),
        _ => shortest.to_string(),
    }
}

fn day(days: i32) -> Result<Date, &'static str> {
    let span = Span::new().try_days(days).map_err(|_| NO_DATE)?;
    date(1970, 1, 1).checked_add(span).map_err(|_| NO_DATE)
}

fn moment(stamp: Result<Timestamp, jiff::Error>, moments: Moments) -> Result<String, &'static str> {
    let text = stamp.map_err(|_| NO_DATE)?.to_string();
    Ok(if moments.zoned { text } else { text.trim_end_matches('Z').to_owned() })
}

fn clock(micros: i64) -> Result<String, &'static str> {
    let told = moment(Timestamp::from_microsecond(micros), Moments::default())?;
    told.split_once('T').map(|(_, time)| time.to_owned()).ok_or(NO_DATE)
}

/// A decimal: an integer of so many bytes, the most significant first, and where its point is.
fn decimal(one: &Decimal) -> Result<String, &'static str> {
    const TOO_LONG: &str = "a decimal of more than 38 digits";
    let bytes = one.data();
    let (Some(first), true) = (bytes.first(), bytes.len() <= 16) else { return Err(TOO_LONG) };
    let sign = if first & 0x80 == 0 { 0 } else { -1_i128 };
    let value = bytes.iter().fold(sign, |value, byte| value << 8 | i128::from(*byte));
    let scale = usize::try_from(one.scale()).ok().filter(|scale| *scale <= 38).ok_or(TOO_LONG)?;
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, rest) = digits.split_at(digits.len() - scale);
    let minus = if value < 0 { "-" } else { "" };
    Ok(if rest.is_empty() { format!("{minus}{whole}") } else { format!("{minus}{whole}.{rest}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(field: &Field) -> Result<String, &'static str> {
        cell(field, Moments::default())
    }

    #[test]
    fn numbers_are_written_as_a_person_would() {
        let three = |value| (of(&Field::Double(value)), of(&Field::Float(value as f32)));
        assert_eq!(three(7.0), (Ok("7".into()), Ok("7".into())));
        assert_eq!(three(-0.1), (Ok("-0.1".into()), Ok("-0.1".into())));
        assert_eq!(three(f64::NAN), (Ok(String::new()), Ok(String::new())));
        assert_eq!(of(&Field::Decimal(Decimal::from_i32(-1205, 9, 3))), Ok("-1.205".into()));
        assert_eq!(of(&Field::Decimal(Decimal::from_i64(5, 9, 3))), Ok("0.005".into()));
        assert_eq!(of(&Field::Decimal(Decimal::from_i64(5, 9, 0))), Ok("5".into()));
        let long = Decimal::from_bytes(vec![1; 17].into(), 40, 2);
        assert!(of(&Field::Decimal(long)).is_err());
    }

    #[test]
    fn days_and_moments_are_those_of_the_calendar() {
        assert_eq!(of(&Field::Date(19_782)), Ok("2024-02-29".into()));
        assert_eq!(of(&Field::Date(-1)), Ok("1969-12-31".into()));
        assert_eq!(of(&Field::Date(i32::MAX)), Err(NO_DATE));
        let at = 1_709_193_662_500;
        assert_eq!(of(&Field::TimestampMillis(at)), Ok("2024-02-29T08:01:02.5".into()));
        let zoned = Moments { zoned: true, stamp: true, nanos: true };
        assert_eq!(cell(&Field::Long(at * 1_000_000), zoned), Ok("2024-02-29T08:01:02.5Z".into()));
        assert_eq!(of(&Field::TimestampMicros(i64::MAX)), Err(NO_DATE));
        assert_eq!(of(&Field::TimeMillis(3_600_000)), Ok("01:00:00".into()));
    }

    #[test]
    fn bytes_that_are_no_text_are_no_cell() {
        assert_eq!(of(&Field::Bytes(vec![b'a'].into())), Ok("a".into()));
        assert!(of(&Field::Bytes(vec![0xFF].into())).is_err());
    }
}
