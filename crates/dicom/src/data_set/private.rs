//! Private elements belong to a creator (PS3.5 §7.8.1).

use super::DataSet;
use crate::{Tag, Vr, dictionary};

impl DataSet {
    /// The creator that reserved the block a private element is in. `None` for standard elements,
    /// for creators themselves and where no creator is given.
    #[must_use]
    pub fn private_creator(&self, tag: Tag) -> Option<String> {
        let block = tag.1 >> 8;
        let creator = Tag(tag.0, block);
        if tag.0.is_multiple_of(2) || !dictionary::is_private_creator(creator) {
            return None;
        }
        let bytes = self.get(creator)?.value.bytes()?;
        Some(self.charset.decode(bytes, Vr::LO)).filter(|name| !name.is_empty())
    }

    /// The tag of a creator's private element in this data set, wherever its block is.
    /// `element` is the last two digits, such as `0x10` of (0019,xx10).
    #[must_use]
    pub fn private_tag(&self, group: u16, creator: &str, element: u8) -> Option<Tag> {
        let is_block = |tag: Tag| tag.0 == group && dictionary::is_private_creator(tag);
        let mut blocks = self.iter().map(|e| e.tag).filter(|tag| is_block(*tag));
        let block = blocks.find(|tag| self.text(*tag).is_some_and(|name| name == creator))?;
        Some(Tag(group, block.1 << 8 | u16::from(element)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Element, Value};
    use super::*;
    use bytes::Bytes;

    #[test]
    fn elements_find_their_creator_and_back() {
        let creator = Value::Bytes(Bytes::from_static(b"GEMS_ACQU_01"));
        let set: DataSet =
            [Element { tag: Tag(0x0019, 0x0011), vr: Vr::LO, value: creator }].into_iter().collect();
        assert_eq!(set.private_creator(Tag(0x0019, 0x1123)).as_deref(), Some("GEMS_ACQU_01"));
        assert_eq!(set.private_creator(Tag(0x0019, 0x1023)), None);
        assert_eq!(set.private_creator(Tag(0x0018, 0x1123)), None);
        assert_eq!(set.private_tag(0x0019, "GEMS_ACQU_01", 0x23), Some(Tag(0x0019, 0x1123)));
    }
}
