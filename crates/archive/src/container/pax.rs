//! Pax extended header records: `<length> <keyword>=<value>\n`, the length counting itself.

/// Appends one record.
pub fn put(out: &mut Vec<u8>, keyword: &str, value: &[u8]) {
    let rest = keyword.len() + value.len() + 3; // space, equals sign, newline
    let mut length = rest + digits(rest);
    if digits(length) != digits(rest) {
        length = rest + digits(length);
    }
    out.extend_from_slice(length.to_string().as_bytes());
    out.push(b' ');
    out.extend_from_slice(keyword.as_bytes());
    out.push(b'=');
    out.extend_from_slice(value);
    out.push(b'\n');
}

/// Appends a `comment` record, which every tar ignores, of exactly `length` bytes (at least 16).
pub fn put_filler(out: &mut Vec<u8>, length: usize) {
    let overhead = digits(length) + " comment=\n".len();
    out.extend_from_slice(format!("{length} comment=").as_bytes());
    out.resize(out.len() + length - overhead, b' ');
    out.push(b'\n');
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// Reads the records of an extended header; ends with an error at the first that is malformed.
#[derive(Debug)]
pub struct Records<'a>(pub &'a [u8]);

/// A record's length, keyword or end can't be made out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a pax record is malformed")]
pub struct RecordError;

impl<'a> Iterator for Records<'a> {
    type Item = Result<(&'a str, &'a [u8]), RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let record = take(self.0);
        self.0 = record.map_or(&[], |(_, _, rest)| rest);
        Some(record.map(|(keyword, value, _)| (keyword, value)).ok_or(RecordError))
    }
}

fn take(records: &[u8]) -> Option<(&str, &[u8], &[u8])> {
    let space = records.iter().take(12).position(|&b| b == b' ')?;
    let length: usize = std::str::from_utf8(&records[..space]).ok()?.parse().ok()?;
    let body = records.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = body.iter().position(|&b| b == b'=')?;
    Some((std::str::from_utf8(&body[..equals]).ok()?, &body[equals + 1..], &records[length..]))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_themselves() {
        for size in 0..2000 {
            let mut out = Vec::new();
            put(&mut out, "k", &vec![b'v'; size]);
            put(&mut out, "z", b"1");
            let read: Vec<_> = Records(&out).collect::<Result<_, _>>().unwrap();
            assert_eq!(read[0].1.len(), size);
            assert_eq!(read[1], ("z", &b"1"[..]));
        }
    }

    #[test]
    fn a_filler_has_the_length_asked_for() {
        for length in [16, 99, 100, 101, 999, 1000, 16384] {
            let mut out = Vec::new();
            put_filler(&mut out, length);
            assert_eq!(out.len(), length);
            assert!(Records(&out).all(|record| record.is_ok()));
        }
    }

    #[test]
    fn a_value_may_hold_newlines_and_equals_signs() {
        let mut out = Vec::new();
        put(&mut out, "k", b"a=b\nc=d");
        assert_eq!(Records(&out).next(), Some(Ok(("k", &b"a=b\nc=d"[..]))));
    }

    #[test]
    fn a_record_that_claims_more_than_there_is_is_refused() {
        assert_eq!(Records(b"99 k=v\n").next(), Some(Err(RecordError)));
        assert_eq!(Records(b"0 k=v\n").next(), Some(Err(RecordError)));
    }
}
