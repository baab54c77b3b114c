//! Which attributes the standard's IODs have, and how strictly they ask for them (PS3.3, PS3.5 §7.4).
//! `scripts/confidentiality.py` makes `data/iods.tsv` from the standard.

use crate::table::parse_tag;
use dicom::Tag;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

static TABLE: &str = include_str!("../data/iods.tsv");

static STANDARD: LazyLock<Standard> = LazyLock::new(Standard::load);

/// What an attribute may be, strictest last. What isn't known is optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Need {
    /// Type 3: may be missing.
    #[default]
    Optional,
    /// Type 2C: must be there under a condition, may be empty. What is there is taken to meet it.
    PresentIf,
    /// Type 2: must be there, may be empty.
    Present,
    /// Type 1C: must have a value under a condition.
    ValuedIf,
    /// Type 1: must have a value.
    Valued,
}

impl Need {
    /// Whether what is there must have a value.
    #[must_use]
    pub fn of_value(self) -> bool {
        self >= Self::ValuedIf
    }
}

/// An IOD: what it needs, by the sequence an attribute is in.
#[derive(Debug, Default)]
pub struct Iod {
    needs: HashMap<(Option<Tag>, Tag), Need>,
    known: bool,
}

impl Iod {
    /// The IOD of a SOP class. One that nobody knows needs a value everywhere: nothing then gets invalid.
    #[must_use]
    pub fn of_class(sop_class: &str) -> Arc<Self> {
        let standard = &*STANDARD;
        let name = standard.classes.get(sop_class).copied().unwrap_or_default();
        let mut made = standard.made.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(made.entry(name).or_insert_with(|| Arc::new(standard.make(name))))
    }

    /// How strictly it asks for an attribute in a sequence, or at the top.
    #[must_use]
    pub fn need(&self, parent: Option<Tag>, tag: Tag) -> Need {
        match self.needs.get(&(parent, tag)) {
            Some(need) => *need,
            None if self.known => Need::Optional,
            None => Need::ValuedIf,
        }
    }
}

/// Whether the standard has the attribute: in PS3.6 and not retired, or in a module of PS3.3. What it does not
/// have is not kept.
#[must_use]
pub fn is_in_standard(tag: Tag) -> bool {
    STANDARD.attributes.contains(&tag)
}

/// All attributes that the standard has.
pub fn attributes() -> impl Iterator<Item = Tag> {
    STANDARD.attributes.iter().copied()
}

struct Standard {
    attributes: HashSet<Tag>,
    modules: HashMap<&'static str, &'static str>,
    iods: HashMap<&'static str, &'static str>,
    classes: HashMap<&'static str, &'static str>,
    made: Mutex<HashMap<&'static str, Arc<Iod>>>,
}

impl Standard {
    fn load() -> Self {
        let mut standard = Self {
            attributes: HashSet::new(),
            modules: HashMap::new(),
            iods: HashMap::new(),
            classes: HashMap::new(),
            made: Mutex::default(),
        };
        for line in TABLE.lines() {
            let mut fields = line.split('\t');
            let [kind, name, rest] =
                [fields.next(), fields.next(), fields.next()].map(Option::unwrap_or_default);
            match kind {
                "attributes" => standard.attributes = name.split(',').filter_map(parse_tag).collect(),
                "module" => drop(standard.modules.insert(name, rest)),
                "iod" => drop(standard.iods.insert(name, rest)),
                _ => drop(standard.classes.insert(name, rest)),
            }
        }
        standard
    }

    fn make(&self, name: &str) -> Iod {
        let Some(parts) = self.iods.get(name) else { return Iod::default() };
        let mut iod = Iod { needs: HashMap::new(), known: true };
        for module in parts.split(',').filter_map(|part| self.modules.get(part)) {
            for (parent, tag, need) in entries(module) {
                let strictest = iod.needs.entry((parent, tag)).or_default();
                *strictest = (*strictest).max(need);
            }
        }
        iod
    }
}

/// `- 00100010:2,00100020:2;00081110 00081155:1`
fn entries(module: &str) -> impl Iterator<Item = (Option<Tag>, Tag, Need)> + '_ {
    module.split(';').filter_map(|group| group.split_once(' ')).flat_map(|(parent, tags)| {
        let parent = parse_tag(parent);
        tags.split(',').filter_map(move |entry| {
            let (tag, kind) = entry.split_once(':')?;
            let need = match kind {
                "1" => Need::Valued,
                "1C" => Need::ValuedIf,
                "2" => Need::Present,
                _ => Need::PresentIf,
            };
            Some((parent, parse_tag(tag)?, need))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dicom::{tags, uids};

    #[test]
    fn types_follow_the_iod() {
        let ct = Iod::of_class(uids::CT_IMAGE_STORAGE);
        assert_eq!(ct.need(None, tags::PATIENT_NAME), Need::Present);
        assert_eq!(ct.need(None, tags::SERIES_DATE), Need::Optional);
        let inner = ct.need(Some(tags::REFERENCED_STUDY_SEQUENCE), tags::REFERENCED_SOP_INSTANCE_UID);
        assert_eq!(inner, Need::Optional, "UIDs are always replaced, so their types are not kept");
        let sr = Iod::of_class(uids::ENHANCED_SR_STORAGE);
        assert_eq!(sr.need(Some(tags::CONTENT_SEQUENCE), tags::TEXT_VALUE), Need::ValuedIf);
        let seg = Iod::of_class(uids::SEGMENTATION_STORAGE);
        assert_eq!(seg.need(None, tags::CONTENT_DATE), Need::Valued);
    }

    #[test]
    fn a_class_nobody_knows_needs_everything() {
        assert_eq!(Iod::of_class("1.2.3").need(None, tags::SERIES_DATE), Need::ValuedIf);
    }

    #[test]
    fn the_standard_has_its_attributes_only() {
        assert!(is_in_standard(tags::ROWS) && is_in_standard(tags::PIXEL_DATA));
        assert!(!is_in_standard(Tag(0x0009, 0x1001)) && !is_in_standard(Tag(0x0028, 0x0005)));
    }
}
