//! The data dictionary (PS3.6): keyword, name, VR and multiplicity of attributes; names of UIDs.
//! Looked up in a perfect-fit hash table, because an implicit VR reader asks for every element.

use crate::{Tag, Vr};
use dicom_core::dictionary::{UidDictionary, UidDictionaryEntry};
use dicom_dictionary_std::StandardSopClassDictionary;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One line per attribute: tag (`x` marks a repeating group), VR, VM, keyword, name.
static TABLE: &str = include_str!("dictionary/attributes.tsv");

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(Dictionary::load);

/// An attribute of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// The tag; of a repeating group, its first.
    pub tag: Tag,
    /// The VR, or the choice of VRs.
    pub vr: AttributeVr,
    /// The value multiplicity as PS3.6 writes it, such as `1-n`.
    pub multiplicity: &'static str,
    /// The keyword, such as `PatientName`.
    pub keyword: &'static str,
    /// The name, such as “Patient's Name”.
    pub name: &'static str,
}

/// The VR of an attribute; a few depend on others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeVr {
    /// Always this one.
    Exact(Vr),
    /// US or SS, by Pixel Representation.
    UsOrSs,
    /// OB or OW, by the transfer syntax and bits allocated.
    ObOrOw,
    /// US or OW, by the length of a look-up table.
    UsOrOw,
}

impl AttributeVr {
    /// The VR in implicit VR little endian, where choices are settled by
    /// `signed` (Pixel Representation is 1; PS3.5 §A.1).
    #[must_use]
    pub const fn implicit(self, signed: bool) -> Vr {
        match self {
            Self::Exact(vr) => vr,
            Self::UsOrSs if signed => Vr::SS,
            Self::UsOrSs => Vr::US,
            Self::ObOrOw | Self::UsOrOw => Vr::OW,
        }
    }

    fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "xs" => Self::UsOrSs,
            "ox" => Self::ObOrOw,
            "lu" => Self::UsOrOw,
            exact => Self::Exact(exact.parse().ok()?),
        })
    }
}

/// The attribute of a tag, also in repeating groups (50xx, 60xx, 7Fxx, 0020,31xx).
/// Group lengths and private tags have none.
#[must_use]
pub fn attribute(tag: Tag) -> Option<&'static Attribute> {
    DICTIONARY.find(tag)
}

/// The attribute of a keyword such as `StudyInstanceUID`; case matters.
#[must_use]
pub fn by_keyword(keyword: &str) -> Option<&'static Attribute> {
    DICTIONARY.by_keyword.get(keyword).map(|index| &DICTIONARY.attributes[usize::from(*index)])
}

/// The keyword of a tag, or `None` for private and unknown ones.
#[must_use]
pub fn keyword(tag: Tag) -> Option<&'static str> {
    attribute(tag).map(|attribute| attribute.keyword)
}

/// The tag written as a keyword (`PatientID`) or as eight hexadecimal digits (`00100020`),
/// the two forms of PS3.18 §8.3.4.
#[must_use]
pub fn parse_tag(text: &str) -> Option<Tag> {
    if let Some(attribute) = by_keyword(text) {
        return Some(attribute.tag);
    }
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let number = u32::from_str_radix(text, 16).ok().filter(|_| digits)?;
    Some(Tag((number >> 16) as u16, number as u16))
}

/// The VR an element without one has (PS3.5 §6.2.2, §7.8): by the dictionary, else by the rule for
/// group lengths and private creators, else UN.
#[must_use]
pub fn implicit_vr(tag: Tag, signed: bool) -> Vr {
    match attribute(tag) {
        Some(attribute) => attribute.vr.implicit(signed),
        None if tag.1 == 0 => Vr::UL,
        None if is_private_creator(tag) => Vr::LO,
        None => Vr::UN,
    }
}

/// Whether the tag reserves a block of private elements: odd group, element 0010 to 00FF (PS3.5 §7.8.1).
#[must_use]
pub const fn is_private_creator(tag: Tag) -> bool {
    tag.0 % 2 == 1 && tag.1 >= 0x0010 && tag.1 <= 0x00FF
}

/// The name of a SOP class, or `None` for private and unknown ones.
#[must_use]
pub fn sop_class_name(uid: &str) -> Option<&'static str> {
    StandardSopClassDictionary.by_uid(uid).map(UidDictionaryEntry::name)
}

struct Dictionary {
    attributes: Vec<Attribute>,
    /// Index + 1 into `attributes` by hashed tag, probed linearly.
    slots: Vec<u16>,
    by_keyword: HashMap<&'static str, u16>,
}

/// Four slots for each attribute keep probes short.
const SLOT_BITS: u32 = 15;

impl Dictionary {
    fn load() -> Self {
        let attributes: Vec<_> = TABLE.lines().filter_map(parse_line).collect();
        let by_keyword = (0..).zip(&attributes).map(|(index, a)| (a.keyword, index)).collect();
        let mut slots = vec![0; 1 << SLOT_BITS];
        for (index, attribute) in (1..).zip(&attributes) {
            let mut slot = hash(attribute.tag);
            while slots[slot] != 0 {
                slot = (slot + 1) % slots.len();
            }
            slots[slot] = index;
        }
        Self { attributes, slots, by_keyword }
    }

    fn find(&self, tag: Tag) -> Option<&Attribute> {
        self.exact(tag).or_else(|| self.exact(first_of_repeating(tag)?))
    }

    fn exact(&self, tag: Tag) -> Option<&Attribute> {
        let mut slot = hash(tag);
        loop {
            let index = self.slots[slot].checked_sub(1)?;
            let attribute = &self.attributes[usize::from(index)];
            if attribute.tag == tag {
                return Some(attribute);
            }
            slot = (slot + 1) % self.slots.len();
        }
    }
}

/// Fibonacci hashing: the high bits of the product are well mixed.
const fn hash(tag: Tag) -> usize {
    let key = (tag.0 as u32) << 16 | tag.1 as u32;
    (key.wrapping_mul(0x9E37_79B9) >> (32 - SLOT_BITS)) as usize
}

const fn first_of_repeating(tag: Tag) -> Option<Tag> {
    match tag {
        Tag(group, element) if group % 2 == 0 && matches!(group >> 8, 0x50 | 0x60 | 0x7F) => {
            Some(Tag(group & 0xFF00, element))
        }
        Tag(0x0020, element) if element >> 8 == 0x31 => Some(Tag(0x0020, 0x3100)),
        _ => None,
    }
}

fn parse_line(line: &'static str) -> Option<Attribute> {
    let mut fields = line.split('\t');
    let number = u32::from_str_radix(&fields.next()?.replace('x', "0"), 16).ok()?;
    Some(Attribute {
        tag: Tag((number >> 16) as u16, number as u16),
        vr: AttributeVr::parse(fields.next()?)?,
        multiplicity: fields.next()?,
        keyword: fields.next()?,
        name: fields.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        assert_eq!(DICTIONARY.attributes.len(), TABLE.lines().count());
        assert!(DICTIONARY.attributes.iter().all(|a| attribute(a.tag).is_some_and(|b| b.tag == a.tag)));
    }

    #[test]
    fn tags_keywords_and_names_belong_together() {
        let name = by_keyword("PatientName").map(|a| (a.tag, a.vr, a.name));
        assert_eq!(name, Some((Tag(0x0010, 0x0010), AttributeVr::Exact(Vr::PN), "Patient's Name")));
        assert_eq!(keyword(Tag(0x6002, 0x3000)), Some("OverlayData"));
        assert_eq!(keyword(Tag(0x0009, 0x1001)), None);
    }

    #[test]
    fn tags_are_written_as_keyword_or_hex() {
        assert_eq!(parse_tag("00100020"), Some(Tag(0x0010, 0x0020)));
        assert_eq!(parse_tag("PatientID"), Some(Tag(0x0010, 0x0020)));
        assert_eq!(parse_tag("+0100020"), None);
    }

    #[test]
    fn vr_choices_follow_pixel_representation() {
        let smallest = Tag(0x0028, 0x0106);
        assert_eq!(implicit_vr(smallest, false), Vr::US);
        assert_eq!(implicit_vr(smallest, true), Vr::SS);
        assert_eq!(implicit_vr(Tag(0x0029, 0x0010), false), Vr::LO);
        assert_eq!(implicit_vr(Tag(0x0029, 0x1010), false), Vr::UN);
    }

    #[test]
    fn sop_classes_have_names() {
        assert_eq!(sop_class_name("1.2.840.10008.5.1.4.1.1.2"), Some("CT Image Storage"));
    }
}
