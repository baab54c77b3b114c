//! Typed look-ups.

use super::{DataSet, Element, Value};
use crate::{Tag, Vr};

impl DataSet {
    /// The whole value as text: decoded, without padding; numbers in decimal; several values stay
    /// separated by backslashes. `None` if absent or not text or numbers.
    #[must_use]
    pub fn text(&self, tag: Tag) -> Option<String> {
        self.text_of(self.get(tag)?)
    }

    /// As [`DataSet::text`], of one of its elements.
    #[must_use]
    pub fn text_of(&self, element: &Element) -> Option<String> {
        let bytes = element.value.bytes()?;
        match kind(element.vr) {
            Kind::Text => Some(self.charset.decode(bytes, element.vr)),
            Kind::Number => {
                Some(numbers(element.vr, bytes).map(|n| n.to_string()).collect::<Vec<_>>().join("\\"))
            }
            Kind::Other => None,
        }
    }

    /// The values, each without padding; none if absent or empty.
    #[must_use]
    pub fn texts(&self, tag: Tag) -> Vec<String> {
        self.get(tag).map(|element| self.texts_of(element)).unwrap_or_default()
    }

    /// As [`DataSet::texts`], of one of its elements.
    #[must_use]
    pub fn texts_of(&self, element: &Element) -> Vec<String> {
        match self.text_of(element) {
            None => Vec::new(),
            Some(text) if text.is_empty() => Vec::new(),
            Some(text) if is_single(element.vr) => vec![text],
            Some(text) => text.split('\\').map(|value| value.trim_matches(' ').to_owned()).collect(),
        }
    }

    /// A UID without padding; `None` if absent or empty.
    #[must_use]
    pub fn uid(&self, tag: Tag) -> Option<String> {
        let bytes = self.get(tag)?.value.bytes()?;
        let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\0']);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The first value as an integer, from a number or its text.
    #[must_use]
    pub fn int(&self, tag: Tag) -> Option<i64> {
        let element = self.get(tag)?;
        integer(element.vr, element.value.bytes()?).next()?
    }

    /// The values as integers; none at all if one of them is not an integer.
    #[must_use]
    pub fn ints(&self, tag: Tag) -> Vec<i64> {
        let Some((vr, bytes)) = self.get(tag).and_then(|e| Some((e.vr, e.value.bytes()?))) else {
            return Vec::new();
        };
        integer(vr, bytes).collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    /// The first value as a number, from a number or its text.
    #[must_use]
    pub fn float(&self, tag: Tag) -> Option<f64> {
        let element = self.get(tag)?;
        float(element.vr, element.value.bytes()?).next()?
    }

    /// The values as numbers; none at all if one of them is not a number.
    #[must_use]
    pub fn floats(&self, tag: Tag) -> Vec<f64> {
        let Some((vr, bytes)) = self.get(tag).and_then(|e| Some((e.vr, e.value.bytes()?))) else {
            return Vec::new();
        };
        float(vr, bytes).collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    /// The items of a sequence; empty if it is absent or not a sequence.
    #[must_use]
    pub fn items(&self, tag: Tag) -> &[Self] {
        match self.get(tag) {
            Some(Element { value: Value::Items(items), .. }) => items,
            _ => &[],
        }
    }
}

/// One binary number; shown in decimal, tags (VR AT) as eight hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Unsigned(u64),
    Single(f32),
    Double(f64),
    Tag(Tag),
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(n) => n.fmt(f),
            Self::Unsigned(n) => n.fmt(f),
            // `Debug` has an exponent where digits would be mostly zeros.
            Self::Single(n) if n.abs() < 1e-5 || n.abs() >= 1e16 => write!(f, "{n:?}"),
            Self::Double(n) if n.abs() < 1e-5 || n.abs() >= 1e16 => write!(f, "{n:?}"),
            Self::Single(n) => n.fmt(f),
            Self::Double(n) => n.fmt(f),
            Self::Tag(tag) => write!(f, "{:04X}{:04X}", tag.0, tag.1),
        }
    }
}

/// The binary numbers of a value; a rest too short for one is left out.
pub(crate) fn numbers(vr: Vr, bytes: &[u8]) -> impl Iterator<Item = Number> {
    bytes.chunks_exact(number_size(vr)).filter_map(move |chunk| number(vr, chunk))
}

/// Bytes in one number of this VR (PS3.5 Table 6.2-1), 1 for others.
pub(crate) const fn number_size(vr: Vr) -> usize {
    match vr {
        Vr::US | Vr::SS | Vr::OW => 2,
        Vr::UL | Vr::SL | Vr::FL | Vr::AT | Vr::OL | Vr::OF => 4,
        Vr::UV | Vr::SV | Vr::FD | Vr::OV | Vr::OD => 8,
        _ => 1,
    }
}

fn number(vr: Vr, chunk: &[u8]) -> Option<Number> {
    Some(match (vr, chunk) {
        (Vr::US, &[a, b]) => Number::Int(u16::from_le_bytes([a, b]).into()),
        (Vr::SS, &[a, b]) => Number::Int(i16::from_le_bytes([a, b]).into()),
        (Vr::UL, &[a, b, c, d]) => Number::Int(u32::from_le_bytes([a, b, c, d]).into()),
        (Vr::SL, &[a, b, c, d]) => Number::Int(i32::from_le_bytes([a, b, c, d]).into()),
        (Vr::FL, &[a, b, c, d]) => Number::Single(f32::from_le_bytes([a, b, c, d])),
        (Vr::AT, &[a, b, c, d]) => Number::Tag(Tag(u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]))),
        (Vr::UV, eight) => Number::Unsigned(u64::from_le_bytes(eight.try_into().ok()?)),
        (Vr::SV, eight) => Number::Int(i64::from_le_bytes(eight.try_into().ok()?)),
        (Vr::FD, eight) => Number::Double(f64::from_le_bytes(eight.try_into().ok()?)),
        _ => return None,
    })
}

fn integer(vr: Vr, bytes: &[u8]) -> Box<dyn Iterator<Item = Option<i64>> + '_> {
    if kind(vr) == Kind::Number {
        return Box::new(numbers(vr, bytes).map(|number| match number {
            Number::Int(n) => Some(n),
            Number::Unsigned(n) => i64::try_from(n).ok(),
            _ => None,
        }));
    }
    Box::new(ascii_values(bytes).map(whole))
}

/// An integer, also one written as `5.0` or `1e3`, which some devices do.
fn whole(text: &str) -> Option<i64> {
    let exact = text.parse().ok();
    exact.or_else(|| {
        let number: f64 = text.parse().ok()?;
        (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
    })
}

fn float(vr: Vr, bytes: &[u8]) -> Box<dyn Iterator<Item = Option<f64>> + '_> {
    if kind(vr) == Kind::Number {
        return Box::new(numbers(vr, bytes).map(|number| match number {
            Number::Int(n) => Some(n as f64),
            Number::Unsigned(n) => Some(n as f64),
            Number::Single(n) => Some(n.into()),
            Number::Double(n) => Some(n),
            Number::Tag(_) => None,
        }));
    }
    Box::new(ascii_values(bytes).map(|text| text.parse().ok()))
}

/// The values of a numeric string; a value that is not ASCII reads as one that is no number.
pub(crate) fn ascii_values(bytes: &[u8]) -> impl Iterator<Item = &str> {
    bytes
        .split(|b| *b == b'\\')
        .map(|value| std::str::from_utf8(value).unwrap_or("?").trim_matches([' ', '\0']))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Other,
}

/// What the bytes of a VR are.
pub(crate) const fn kind(vr: Vr) -> Kind {
    match vr {
        Vr::US | Vr::SS | Vr::UL | Vr::SL | Vr::FL | Vr::FD | Vr::AT | Vr::UV | Vr::SV => Kind::Number,
        Vr::OB | Vr::OD | Vr::OF | Vr::OL | Vr::OV | Vr::OW | Vr::SQ | Vr::UN => Kind::Other,
        _ => Kind::Text,
    }
}

/// VRs whose backslashes are text, not separators (PS3.5 §6.4).
pub(crate) const fn is_single(vr: Vr) -> bool {
    matches!(vr, Vr::LT | Vr::ST | Vr::UT | Vr::UR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags;
    use bytes::Bytes;

    fn set(tag: Tag, vr: Vr, value: &'static [u8]) -> DataSet {
        [Element { tag, vr, value: Value::Bytes(Bytes::from_static(value)) }].into_iter().collect()
    }

    #[test]
    fn text_is_trimmed_and_split() {
        let types = set(tags::IMAGE_TYPE, Vr::CS, b"ORIGINAL\\PRIMARY \\AXIAL ");
        assert_eq!(types.texts(tags::IMAGE_TYPE), ["ORIGINAL", "PRIMARY", "AXIAL"]);
        let comment = set(tags::IMAGE_COMMENTS, Vr::LT, b"a\\b ");
        assert_eq!(comment.texts(tags::IMAGE_COMMENTS), ["a\\b"]);
    }

    #[test]
    fn numbers_come_from_text_and_from_binary() {
        let spacing = set(tags::PIXEL_SPACING, Vr::DS, b"0.5\\ 1e-1 ");
        assert_eq!(spacing.floats(tags::PIXEL_SPACING), [0.5, 0.1]);
        let rows = set(tags::ROWS, Vr::US, &[0, 2]);
        assert_eq!((rows.int(tags::ROWS), rows.text(tags::ROWS)), (Some(512), Some("512".into())));
        let number = set(tags::INSTANCE_NUMBER, Vr::IS, b" +7");
        assert_eq!(number.int(tags::INSTANCE_NUMBER), Some(7));
    }

    #[test]
    fn integers_written_as_decimals_count() {
        let number = set(tags::INSTANCE_NUMBER, Vr::IS, b"5.0\\1e3\\-2 ");
        assert_eq!(number.ints(tags::INSTANCE_NUMBER), [5, 1000, -2]);
        assert_eq!(set(tags::INSTANCE_NUMBER, Vr::IS, b"5.5 ").int(tags::INSTANCE_NUMBER), None);
    }

    #[test]
    fn a_value_that_is_no_number_is_none() {
        let spacing = set(tags::PIXEL_SPACING, Vr::DS, b"0.5\\x ");
        assert!(spacing.floats(tags::PIXEL_SPACING).is_empty());
    }

    #[test]
    fn uids_lose_their_padding() {
        let uid = set(tags::SOP_INSTANCE_UID, Vr::UI, b"1.2.3\0");
        assert_eq!(uid.uid(tags::SOP_INSTANCE_UID).as_deref(), Some("1.2.3"));
    }
}
