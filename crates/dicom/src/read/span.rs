//! Where elements are, without their values being looked at: for whoever compares files byte by byte.

use super::header::{Encoding, element_header};
use crate::{Tag, TransferSyntax, Vr};

/// An element of a data set in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its tag.
    pub tag: Tag,
    /// Its VR, if one is written.
    pub vr: Option<Vr>,
    /// Where its value starts.
    pub value_at: usize,
    /// Where it ends. Pixel data may end behind the bytes that are there.
    pub end: usize,
    /// Whether its length is written, so that no delimiter ends it.
    pub is_defined: bool,
}

/// How deep sequences of undefined length may nest here.
const DEEPEST: usize = 16;

/// The element that starts at `at` in a data set. `None` in every case that needs a closer look: what is cut
/// short, has no VR where one must be, or is encapsulated.
#[must_use]
pub fn span(data_set: &[u8], at: usize, ts: &TransferSyntax) -> Option<Span> {
    let encoding = Encoding::of(ts);
    let header = element_header(data_set.get(at..)?, encoding).ok()?;
    if header.vr.is_some() != encoding.explicit || header.tag.0 == 0xFFFE {
        return None;
    }
    let value_at = at + header.size;
    let end = match header.length {
        Some(length) => value_at.checked_add(length as usize)?,
        None => sequence_end(data_set, value_at, header.vr, encoding)?,
    };
    Some(Span { tag: header.tag, vr: header.vr, value_at, end, is_defined: header.length.is_some() })
}

/// What is open: a sequence, or an item of one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Sequence,
    Item,
}

/// Where a sequence of undefined length ends, after its delimiter.
fn sequence_end(bytes: &[u8], mut at: usize, vr: Option<Vr>, encoding: Encoding) -> Option<usize> {
    let may_be = |vr: Option<Vr>| vr.is_none_or(|vr| vr == Vr::SQ);
    let mut open = vec![Open::Sequence];
    if !may_be(vr) {
        return None;
    }
    while let Some(inner) = open.last() {
        let header = element_header(bytes.get(at..)?, encoding).ok()?;
        at += header.size;
        match (inner, header.tag, header.length) {
            (Open::Sequence, Tag(0xFFFE, 0xE0DD), _) | (Open::Item, Tag(0xFFFE, 0xE00D), _) => {
                open.pop();
            }
            (Open::Sequence, Tag(0xFFFE, 0xE000), None) => open.push(Open::Item),
            (Open::Sequence, tag, _) if tag != Tag(0xFFFE, 0xE000) => return None,
            (Open::Item, Tag(0xFFFE, _), _) => return None,
            (_, _, Some(length)) => at = at.checked_add(length as usize)?,
            (_, _, None) if may_be(header.vr) => open.push(Open::Sequence),
            _ => return None,
        }
        if open.len() > DEEPEST {
            return None;
        }
    }
    (at <= bytes.len()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DataSet, tags, write_data_set};

    #[test]
    fn elements_follow_each_other() {
        let mut set = DataSet::new();
        set.put_text(tags::PATIENT_NAME, "Doe^Jane");
        set.put_items(tags::ANATOMIC_REGION_SEQUENCE, vec![DataSet::new()]);
        for ts in [TransferSyntax::IMPLICIT_LE, TransferSyntax::EXPLICIT_LE, TransferSyntax::EXPLICIT_BE] {
            let mut bytes = Vec::new();
            write_data_set(&set, &ts, &mut bytes);
            let sequence = span(&bytes, 0, &ts).expect("an element");
            assert_eq!((sequence.tag, sequence.is_defined), (tags::ANATOMIC_REGION_SEQUENCE, true));
            let name = span(&bytes, sequence.end, &ts).expect("another one");
            assert_eq!((name.tag, name.end), (tags::PATIENT_NAME, bytes.len()));
            assert_eq!(&bytes[name.value_at..name.end], b"Doe^Jane");
            assert_eq!(span(&bytes, name.end, &ts), None);
        }
    }

    #[test]
    fn a_sequence_ends_with_its_own_delimiter() {
        let item = b"\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF";
        let inner = b"\x40\0\x60\xA7SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\xDD\xE0\0\0\0\0";
        let ends = b"\xFE\xFF\x0D\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0";
        let head = b"\x40\0\x30\xA7SQ\0\0\xFF\xFF\xFF\xFF";
        let bytes = [&head[..], item, inner, ends, b"\x40\0\x40\xA7"].concat();
        let found = span(&bytes, 0, &TransferSyntax::EXPLICIT_LE).map(|span| (span.end, span.is_defined));
        assert_eq!(found, Some((bytes.len() - 4, false)));
        for cut in 0..bytes.len() - 4 {
            assert_eq!(span(&bytes[..cut], 0, &TransferSyntax::EXPLICIT_LE), None, "{cut}");
        }
    }

    #[test]
    fn fragments_and_unknown_values_of_undefined_length_need_a_closer_look() {
        for vr in [b"OB", b"UN"] {
            let bytes =
                [b"\xE0\x7F\x10\0", &vr[..], b"\0\0\xFF\xFF\xFF\xFF\xFE\xFF\xDD\xE0\0\0\0\0"].concat();
            assert_eq!(span(&bytes, 0, &TransferSyntax::EXPLICIT_LE), None);
        }
    }
}
