//! What became of the originals of a shape. Another one of the same shape becomes the same but for what it says
//! otherwise, which passes the wall by the same rules as always; the bytes of the rest are taken as they were written.

use super::Wall;
use super::original::{Original, check_nested};
use super::outcome::{Counts, Deidentified, Head};
use super::residue;
use super::run::{Place, Run};
use super::shape::{Fit, Opened, Shape, cut};
use crate::pixels::Searched;
use crate::policy::{Action, BurnedIn};
use crate::text::Known;
use bytes::Bytes;
use dicom::write::append_element;
use dicom::{DataSet, Element, Tag, file_meta, open_file, tags};
use std::ops::Range;
use std::sync::OnceLock;

/// A shape, and what it becomes as long as the same is known of the patient.
pub(super) struct Mould {
    shape: Shape,
    /// Which identifiers were known.
    known: u64,
    /// The data set that was written, up to its pixels.
    written: Bytes,
    /// Where in it is what became of each part; empty where nothing is left.
    outs: Vec<Range<usize>>,
    /// What else is told of the object, without its bytes.
    done: Deidentified,
    sop_class: String,
    /// What was counted for parts that others say otherwise.
    counts: Vec<OnceLock<Option<Counts>>>,
}

/// What is left of elements that were worked out alone.
struct Worked {
    left: Vec<Option<Element>>,
    counts: Counts,
}

impl Wall {
    /// De-identifies a file, or the beginning of one of `length` bytes, by what became of others like it. `None` if
    /// there is none, or if only the whole way tells.
    pub(super) fn cast(&self, file: &Bytes, length: u64, known: &Known) -> Option<Head> {
        if self.has_decisions() || !self.takes_pixels_as_they_are() {
            return None;
        }
        let opened = Opened::new(file, length)?;
        self.moulds.find(|mould| {
            let fit = (mould.known == known.id()).then(|| mould.shape.fit(&opened)).flatten()?;
            mould.cast(self, known, &fit)
        })
    }

    /// Remembers what became of an original, if others may become the same.
    pub(super) fn remember(&self, original: &Original, known: &Known, done: &Deidentified) {
        let is_simple = !self.has_decisions()
            && self.takes_pixels_as_they_are()
            && *done.pixels() == Searched::No
            && !original.data_set.contains(tags::ENCAPSULATED_DOCUMENT)
            && known.covers(&original.data_set, &self.policy);
        if is_simple && let Some(mould) = Mould::of(original, known, done) {
            self.moulds.add(mould);
        }
    }

    /// Whether nobody looks at pixels under the policy, and they stay.
    fn takes_pixels_as_they_are(&self) -> bool {
        self.policy.document().pixels.burned_in != BurnedIn::Search
            && self.policy.rule(tags::PIXEL_DATA).action == Action::Keep
    }
}

impl Mould {
    fn of(original: &Original, known: &Known, done: &Deidentified) -> Option<Self> {
        let shape = Shape::of(original)?;
        let file = Bytes::from(done.to_bytes());
        let opened = open_file(&file).ok().filter(|it| it.transfer_syntax == *shape.transfer_syntax())?;
        let data = file.get(usize::try_from(opened.data_set_at).ok()?..)?;
        // Of a large file only the beginning was written so far.
        let missing = original.source.pixels.as_ref().map_or(0, |pixels| pixels.end - pixels.start);
        let cut = cut(data, shape.transfer_syntax(), data.len() as u64 + missing)?;
        let end = cut.end + cut.pixels.map_or(0, |(start, _)| start.len());
        // A result in another character set would take elements that are written in the original's.
        let written_in = cut.parts.iter().find(|part| part.tag == tags::SPECIFIC_CHARACTER_SET);
        if written_in.map(|part| &data[part.at()]) != shape.character_set() {
            return None;
        }
        let mut outs = Vec::with_capacity(shape.parts.len());
        let mut after = cut.parts.iter().peekable();
        for part in &shape.parts {
            while after.next_if(|out| out.tag < part.tag).is_some() {}
            let next = after.peek();
            let at = next.map_or(cut.end..cut.end, |out| out.at());
            outs.push(if next.is_some_and(|out| out.tag == part.tag) { at } else { at.start..at.start });
        }
        Some(Self {
            known: known.id(),
            written: Bytes::copy_from_slice(&data[..end]),
            counts: shape.parts.iter().map(|_| OnceLock::new()).collect(),
            outs,
            done: done.without_bytes(),
            sop_class: opened.meta.sop_class()?,
            shape,
        })
    }

    fn cast(&self, wall: &Wall, known: &Known, fit: &Fit) -> Option<Head> {
        let policy = &wall.policy;
        if !known.covers(&fit.set, policy)
            || check_nested(&fit.set, policy, policy.document().private.unknown_creator).is_err()
        {
            return None;
        }
        let tags: Vec<Tag> = fit.varied.iter().map(|index| self.shape.parts[*index].tag).collect();
        let worked = self.work(wall, known, &fit.set, &tags)?;
        let instance = worked.left.iter().flatten().find(|element| element.tag == tags::SOP_INSTANCE_UID)?;
        let instance = DataSet::from_elements(vec![instance.clone()], *fit.set.charset());
        let instance = instance.uid(tags::SOP_INSTANCE_UID)?;
        let mut out = file_meta(&self.sop_class, &instance, self.shape.transfer_syntax().uid(), None);
        self.fill(&mut out, fit, &worked.left)?;
        let out = Bytes::from(out);
        residue::check(&fit.set, std::slice::from_ref(&out), wall).ok()?;
        let tally = self.done.tally().with(&self.counted(wall, known, fit)?, &worked.counts);
        let done = Deidentified::like(&self.done, out, instance, tally);
        Some(Head::new(done, fit.pixels.clone().unwrap_or_default()))
    }

    /// What was written, with what is otherwise put in its place.
    fn fill(&self, out: &mut Vec<u8>, fit: &Fit, left: &[Option<Element>]) -> Option<()> {
        out.reserve(self.written.len() + 256);
        let mut from = 0;
        for (index, left) in fit.varied.iter().zip(left) {
            let place = &self.outs[*index];
            // Whether creators stay depends on whether anything of their block does.
            let is_private = !self.shape.parts[*index].tag.0.is_multiple_of(2);
            if is_private && left.is_some() == place.is_empty() {
                return None;
            }
            out.extend_from_slice(&self.written[from..place.start]);
            if let Some(element) = left {
                append_element(element, self.shape.transfer_syntax(), out);
            }
            from = place.end;
        }
        out.extend_from_slice(&self.written[from..]);
        Some(())
    }

    /// What was counted for the parts that an original says otherwise, when they were as in the first.
    fn counted(&self, wall: &Wall, known: &Known, fit: &Fit) -> Option<Counts> {
        let mut all = Counts::default();
        for index in &fit.varied {
            let first = || {
                let set = self.shape.first(*index)?;
                self.work(wall, known, &set, &[self.shape.parts[*index].tag]).map(|worked| worked.counts)
            };
            all.add(self.counts[*index].get_or_init(first).as_ref()?);
        }
        Some(all)
    }

    fn work(&self, wall: &Wall, known: &Known, set: &DataSet, tags: &[Tag]) -> Option<Worked> {
        let mut run = Run::new(wall, &self.shape.subject, &self.shape.sop_class, known, false);
        let place = Place { parent: None, strict: false };
        let of = |tag: &Tag| run.element(set, set.get(*tag)?, place).ok();
        let left = tags.iter().map(of).collect::<Option<_>>()?;
        Some(Worked { left, counts: run.counts() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::ready;
    use crate::{ProjectKey, Reason};
    use dicom::{TransferSyntax, Vr};

    fn file(instance: &str, number: &str) -> Bytes {
        let mut set = DataSet::new();
        for (tag, text) in [
            (tags::SOP_CLASS_UID, dicom::uids::CT_IMAGE_STORAGE),
            (tags::SOP_INSTANCE_UID, instance),
            (tags::STUDY_INSTANCE_UID, "1.2.3.4"),
            (tags::SERIES_INSTANCE_UID, "1.2.3.4.5"),
            (tags::MODALITY, "CT"),
            (tags::PATIENT_ID, "p1"),
            (tags::INSTANCE_NUMBER, number),
        ] {
            set.put_text(tag, text);
        }
        set.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![7; 64]);
        dicom::write_file(&set, &TransferSyntax::EXPLICIT_LE, None).into()
    }

    #[test]
    fn the_second_of_a_series_is_cast_and_one_that_is_cut_is_not() {
        let policy = ready::policy("basic").and_then(crate::Document::compile).expect("a policy");
        let (wall, mut known) = (Wall::new(policy, ProjectKey::from_bytes(&[7; 32])), Known::default());
        let [first, second] = [file("1.2.3.4.5.1", "1"), file("1.2.3.4.5.22", "22")];
        wall.learn(&dicom::read_header(&first).expect("a file"), &mut known);
        let cast = |file: &Bytes| wall.cast(file, file.len() as u64, &known);
        assert!(cast(&second).is_none());
        wall.deidentify(&first, &known).expect("nothing is withheld");
        let head = cast(&second).expect("it is like the first");
        assert_eq!(head.rest(), second.len() as u64 - 64..second.len() as u64);
        let cut = second.slice(..second.len() - 2);
        assert!(cast(&cut).is_none());
        assert!(wall.deidentify(&cut, &known).is_err_and(|withheld| withheld.reason == Reason::PixelsCut));
        assert!(wall.cast(&second, second.len() as u64, &Known::default()).is_none(), "others are known");
    }
}
