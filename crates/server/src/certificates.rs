//! When a TLS certificate ends: the one thing about it that goes wrong by itself.
//!
//! Only the way to the validity is walked (RFC 5280 §4.1, DER): nothing is trusted by it.

use crate::tls::read_chain;
use model::Timestamp;
use std::path::Path;

/// When the first certificate of a PEM file ends; `None` when it can't be read.
pub(crate) fn end_of(path: &Path) -> Option<Timestamp> {
    not_after(read_chain(path).ok()?.first()?)
}

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let (_, certificate, _) = value(certificate)?;
    let (tag, mut rest, _) = value(certificate)?;
    if tag != SEQUENCE {
        return None;
    }
    if rest.first() == Some(&VERSION) {
        rest = value(rest)?.2;
    }
    // Serial number, signature algorithm, issuer.
    for _ in 0..3 {
        rest = value(rest)?.2;
    }
    let (_, validity, _) = value(rest)?;
    let (_, _, after) = value(validity)?;
    let (kind, text, _) = value(after)?;
    moment(kind, std::str::from_utf8(text).ok()?)
}

/// The tag, the content and what follows.
fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// `YYMMDDHHMMSSZ` until 2049, `YYYYMMDDHHMMSSZ` from then on (RFC 5280 §4.1.2.5).
fn moment(kind: u8, text: &str) -> Option<Timestamp> {
    let full = match kind {
        UTC_TIME if text.get(..2)? >= "50" => format!("19{text}"),
        UTC_TIME => format!("20{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| full.get(from..to);
    Timestamp::parse(&format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?
    ))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn made(year: i32) -> Vec<u8> {
        let mut asked = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        asked.not_after = rcgen::date_time_ymd(year, 2, 3);
        asked.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn the_end_is_read_in_both_notations() {
        for year in [2031, 2077] {
            let end = Timestamp::parse(&format!("{year}-02-03T00:00:00Z"));
            assert_eq!(not_after(&made(year)), end);
        }
    }

    #[test]
    fn what_is_cut_off_or_no_certificate_has_no_end() {
        let whole = made(2031);
        assert!((0..whole.len()).all(|end| not_after(&whole[..end]).is_none()));
        assert_eq!(not_after(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 1]), None);
        assert_eq!(not_after(b"-----BEGIN"), None);
    }
}
