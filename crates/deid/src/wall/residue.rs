//! The last look: the plainest identifiers of the original must not be in what was written, wherever.

use super::Wall;
use super::outcome::{Reason, Withheld};
use crate::policy::Action;
use crate::registry::is_registered;
use bytes::Bytes;
use dicom::{DataSet, Tag, Vr, tags};
use memchr::memmem;

/// Pieces larger than this are pixel data, which holds numbers only.
const LARGEST: usize = 4 << 20;

const UIDS: &[Tag] = &[tags::SOP_INSTANCE_UID, tags::SERIES_INSTANCE_UID, tags::STUDY_INSTANCE_UID];
const TEXTS: &[Tag] = &[tags::PATIENT_NAME, tags::PATIENT_ID, tags::ACCESSION_NUMBER];

pub(super) fn check(set: &DataSet, pieces: &[Bytes], wall: &Wall) -> Result<(), Withheld> {
    let goes = |tag: &&Tag| wall.policy.rule(**tag).action != Action::Keep;
    let raw = |tag: &Tag| set.get(*tag).and_then(|element| element.value.bytes());
    let uids = UIDS.iter().filter(goes).filter_map(raw).filter(|uid| is_telling_uid(uid));
    let texts = TEXTS.iter().filter(goes).filter_map(raw).filter(|text| is_telling(text));
    let uids = Needles::new(uids);
    let texts = Needles::new(texts);
    let searched =
        pieces.iter().filter(|piece| piece.len() <= LARGEST && !is_pixels(piece, set.get(tags::PIXEL_DATA)));
    for piece in searched {
        if uids.are_in(piece) || texts.are_in(piece) {
            return Err(Reason::Residue.into());
        }
    }
    Ok(())
}

/// What is looked for. UIDs of a house begin alike: where not even their beginning is, none of them is.
struct Needles<'a> {
    all: Vec<&'a [u8]>,
    beginning: Option<memmem::Finder<'a>>,
}

/// A shorter beginning is in too much.
const LEAST_ALIKE: usize = 16;

impl<'a> Needles<'a> {
    fn new(values: impl Iterator<Item = &'a Bytes>) -> Self {
        let all: Vec<&[u8]> = values.map(|value| trimmed(value)).collect();
        let alike = |a: &'a [u8], b: &[u8]| &a[..a.iter().zip(b).take_while(|(a, b)| a == b).count()];
        let beginning = all.iter().copied().reduce(|beginning, other| alike(beginning, other));
        let beginning = beginning.filter(|it| it.len() >= LEAST_ALIKE || all.len() == 1);
        Self { beginning: beginning.map(memmem::Finder::new), all }
    }

    fn are_in(&self, piece: &[u8]) -> bool {
        let may_be = self.beginning.as_ref().is_none_or(|it| it.find(piece).is_some());
        may_be && self.all.iter().any(|needle| memmem::find(piece, needle).is_some())
    }
}

/// Pixels are shared with the original, not copied: the same place in memory.
fn is_pixels(piece: &Bytes, pixels: Option<&dicom::Element>) -> bool {
    let value = pixels.filter(|element| element.vr != Vr::UN).and_then(|element| element.value.bytes());
    value.is_some_and(|value| std::ptr::eq(value.as_ptr(), piece.as_ptr()))
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    {
        let text = bytes.trim_ascii();
        text.strip_suffix(b"\0").unwrap_or(text)
    }
}

fn is_telling_uid(uid: &[u8]) -> bool {
    let uid = trimmed(uid);
    uid.len() >= 20 && !std::str::from_utf8(uid).is_ok_and(is_registered)
}

/// Long enough not to be there by chance.
fn is_telling(text: &[u8]) -> bool {
    let text = trimmed(text);
    let letters = text.iter().filter(|byte| !byte.is_ascii_digit()).count();
    text.len() >= 8 && letters >= 2
}
