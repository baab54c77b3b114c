//! Bulk data: values that metadata points to instead of containing (PS3.18 §F.2.6, PS3.19 §A.1.6).

use crate::data_set::is_encoded;
use crate::{DataSet, Element, Tag, Value, Vr, tags};
use std::fmt;

/// Which values become references, and to where.
#[derive(Clone, Copy)]
pub struct BulkOptions<'a> {
    /// Binary values of more bytes than this, and all pixel data, become references.
    pub threshold: usize,
    /// The URI of a value, or `None` to keep it inline.
    pub uri: &'a dyn Fn(&BulkPath) -> Option<String>,
    /// Pixel data that exists but is not in the data set, because only the header was read.
    pub pixel_data: Option<(Tag, Vr)>,
}

impl BulkOptions<'_> {
    /// Everything inline. Encapsulated pixel data, which has no inline form, is left out.
    pub const INLINE: BulkOptions<'static> =
        BulkOptions { threshold: usize::MAX, uri: &|_| None, pixel_data: None };

    /// The URI, if this value is to become a reference.
    pub(crate) fn reference(&self, path: &[(Tag, usize)], element: &Element) -> Option<String> {
        let wanted = match &element.value {
            Value::Items(_) => false,
            Value::Fragments(_) => true,
            Value::Bytes(bytes) => {
                let pixels = path.is_empty() && crate::read::is_pixel_data(element.tag);
                !bytes.is_empty() && is_bulk(element.vr) && (pixels || bytes.len() > self.threshold)
            }
        };
        wanted.then(|| self.uri_of(path, element.tag)).flatten()
    }

    pub(crate) fn uri_of(&self, path: &[(Tag, usize)], tag: Tag) -> Option<String> {
        (self.uri)(&BulkPath { items: path.to_vec(), tag })
    }
}

/// VRs that may be referenced rather than contained; text stays readable where it is.
const fn is_bulk(vr: Vr) -> bool {
    use Vr::{FD, FL, OB, OD, OF, OL, OV, OW, SL, SS, SV, UL, UN, US, UV};
    matches!(vr, OB | OD | OF | OL | OV | OW | UN | FD | FL | SL | SS | SV | UL | US | UV)
}

/// Where a value is in a data set: the items it is in, outermost first, and its tag.
/// Written as `54000100/0/54001010`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BulkPath {
    /// Each sequence and the index of the item in it, from 0.
    pub items: Vec<(Tag, usize)>,
    /// The element.
    pub tag: Tag,
}

impl BulkPath {
    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/').collect::<Vec<_>>().into_iter();
        let mut items = Vec::new();
        loop {
            let tag = parse_tag(parts.next()?)?;
            let Some(index) = parts.next() else {
                return Some(Self { items, tag });
            };
            items.push((tag, index.parse().ok()?));
        }
    }

    /// The element there, if there is one.
    #[must_use]
    pub fn find<'a>(&self, data_set: &'a DataSet) -> Option<&'a Element> {
        let mut inner = data_set;
        for (tag, index) in &self.items {
            inner = inner.items(*tag).get(*index)?;
        }
        inner.get(self.tag)
    }

    /// Replaces the value there; false if there is no such element.
    pub fn fill(&self, data_set: &mut DataSet, value: Value) -> bool {
        let mut inner = data_set;
        for (tag, index) in &self.items {
            let Some(Element { value: Value::Items(items), .. }) = inner.get_mut(*tag) else {
                return false;
            };
            let Some(item) = items.get_mut(*index) else {
                return false;
            };
            inner = item;
        }
        inner.get_mut(self.tag).map(|element| element.value = value).is_some()
    }
}

fn parse_tag(text: &str) -> Option<Tag> {
    let hex = text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let number = u32::from_str_radix(text, 16).ok().filter(|_| hex)?;
    Some(Tag((number >> 16) as u16, number as u16))
}

impl fmt::Display for BulkPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (tag, index) in &self.items {
            write!(f, "{:04X}{:04X}/{index}/", tag.0, tag.1)?;
        }
        write!(f, "{:04X}{:04X}", self.tag.0, self.tag.1)
    }
}

/// A value that has to be fetched from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkReference {
    /// The element, which is in the data set with an empty value.
    pub path: BulkPath,
    /// Where its value is.
    pub uri: String,
}

/// A data set that came as JSON or XML, in UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The data set; referenced values are empty.
    pub data_set: DataSet,
    /// The references.
    pub bulk: Vec<BulkReference>,
}

impl Metadata {
    /// The text is UTF-8; the data set says so unless all of it is ASCII.
    pub(crate) fn in_utf_8(mut data_set: DataSet, bulk: Vec<BulkReference>) -> Self {
        if goes_beyond_ascii(&data_set) {
            data_set.put_text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192");
        }
        Self { data_set, bulk }
    }
}

fn goes_beyond_ascii(data_set: &DataSet) -> bool {
    data_set.iter().any(|element| match &element.value {
        Value::Bytes(bytes) => is_encoded(element.vr) && !bytes.is_ascii(),
        Value::Items(items) => items.iter().any(goes_beyond_ascii),
        Value::Fragments(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn paths_are_written_and_read() {
        let path = BulkPath { items: vec![(Tag(0x5400, 0x0100), 2)], tag: Tag(0x5400, 0x1010) };
        assert_eq!(path.to_string(), "54000100/2/54001010");
        assert_eq!(BulkPath::parse("54000100/2/54001010"), Some(path));
        assert_eq!(BulkPath::parse("54000100/2"), None);
        assert_eq!(BulkPath::parse("x"), None);
    }

    #[test]
    fn a_path_leads_to_an_element() {
        let mut item = DataSet::new();
        item.put_bytes(Tag(0x5400, 0x1010), Vr::OW, Bytes::new());
        let mut set = DataSet::new();
        set.put_items(Tag(0x5400, 0x0100), vec![item]);
        let path = BulkPath { items: vec![(Tag(0x5400, 0x0100), 0)], tag: Tag(0x5400, 0x1010) };
        assert!(path.fill(&mut set, Value::Bytes(Bytes::from_static(b"ab"))));
        assert!(path.find(&set).is_some_and(|element| !element.value.is_empty()));
        let elsewhere = BulkPath { items: vec![(Tag(0x5400, 0x0100), 1)], ..path };
        assert!(!elsewhere.fill(&mut set, Value::Bytes(Bytes::new())));
    }
}
