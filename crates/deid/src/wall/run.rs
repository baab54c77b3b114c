//! One pass over a data set, at every depth.

use super::outcome::{Counts, Explained, Outcome, Reason, Tally, Withheld};
use super::{Wall, stamp};
use crate::builtin;
use crate::dates::DateRule;
use crate::documents::{self, Fate};
use crate::iod::{Iod, Need};
use crate::pixels::Searched;
use crate::policy::{Action, Rule, Why};
use crate::table::{ProfileAction, ProfileOption};
use crate::text::{Known, Sweep};
use dicom::{DataSet, Element, Tag, Value, Vr, dictionary, tags};
use std::sync::Arc;

/// The state of one pass.
pub(super) struct Run<'a> {
    pub(super) wall: &'a Wall,
    pub(super) sweep: Sweep<'a>,
    pub(super) iod: Arc<Iod>,
    /// What becomes of dates that a rule cleans; nothing if the policy keeps none.
    pub(super) dates: Option<DateRule>,
    pub(super) age_cap: u16,
    code: String,
    counts: Counts,
    /// Where the pass is: sequences and the numbers of their items, outermost first.
    path: Vec<(Tag, usize)>,
    explained: Option<Vec<Explained>>,
}

/// Where an element stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The sequence around it.
    pub parent: Option<Tag>,
    /// Whether text here is replaced rather than cleaned.
    pub strict: bool,
}

/// What is left of an element, and what became of it.
pub(super) type Left = (Option<Element>, Outcome);

impl<'a> Run<'a> {
    pub(super) fn new(
        wall: &'a Wall,
        subject: &str,
        sop_class: &str,
        known: &'a Known,
        explain: bool,
    ) -> Self {
        Self {
            wall,
            sweep: wall.sweep(known),
            iod: Iod::of_class(sop_class),
            dates: wall.date_rule(subject),
            age_cap: wall.policy.document().dates.age_cap,
            code: wall.derived(subject).code,
            counts: Counts::default(),
            path: Vec::new(),
            explained: explain.then(Vec::new),
        }
    }

    pub(super) fn code(&self) -> &str {
        &self.code
    }

    pub(super) fn data_set(&mut self, set: &DataSet) -> Result<DataSet, Withheld> {
        self.within(set, Place { parent: None, strict: false })
    }

    /// What was counted so far.
    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }

    /// Notes what the stamp has put, and what stood there before.
    pub(super) fn stamped(&mut self, original: &DataSet, clean: &DataSet) {
        for tag in stamp::STAMPED {
            let Some(element) = clean.get(*tag) else { continue };
            let Some(explained) = &mut self.explained else { return };
            let before = original.get(*tag).map(|before| shown(original, before)).unwrap_or_default();
            explained.push(Explained {
                path: format!("({:04X},{:04X})", tag.0, tag.1),
                keyword: dictionary::keyword(*tag).unwrap_or("—"),
                vr: element.vr,
                creator: None,
                outcome: Outcome::Added,
                by: Why::Stamp,
                why: self.wall.policy.explain(Why::Stamp),
                before: model::Phi::new(before),
                after: shown(clean, element),
            });
        }
    }

    pub(super) fn finish(self) -> (Tally, Vec<Explained>) {
        let mut tally = self.counts.tally();
        tally.0.insert(Outcome::Added, stamp::STAMPED.len() as u64);
        (tally, self.explained.unwrap_or_default())
    }

    /// Tells what became of pixels where they were masked.
    pub(super) fn note_pixels(&mut self, pixels: &Searched) {
        let Searched::Masked { masks, .. } = pixels else { return };
        let is_pixels = |one: &&mut Explained| one.keyword == "PixelData" && !one.path.contains('.');
        if let Some(one) = self.explained.iter_mut().flatten().find(is_pixels) {
            let boxes: usize = masks.masks.iter().map(|frame| frame.boxes.len()).sum();
            one.outcome = Outcome::Cleaned;
            one.why = format!("pixels.burned-in of the policy: {boxes} boxes with text masked");
        }
    }

    /// Puts the document as it is without identifiers, where the policy has documents cleaned.
    pub(super) fn document(&mut self, original: &DataSet, clean: &mut DataSet) -> Result<(), Withheld> {
        if !original.contains(tags::ENCAPSULATED_DOCUMENT)
            || documents::fate(&self.wall.policy) != Fate::Clean
        {
            return Ok(());
        }
        let date = |text: &str| self.dates.and_then(|rule| rule.date_time(text));
        let cleaning = documents::Cleaning {
            sweep: self.sweep,
            code: self.code(),
            uid: &|uid| self.wall.new_uid(uid),
            characteristics: self.wall.policy.has(ProfileOption::RetainPatientCharacteristics),
            date: &date,
        };
        let mut document = documents::clean(original, &cleaning).map_err(Reason::from)?;
        let length = u32::try_from(document.len()).map_err(|_| Reason::TooLarge)?;
        if !document.len().is_multiple_of(2) {
            document.push(0);
        }
        clean.put_bytes(tags::ENCAPSULATED_DOCUMENT, Vr::OB, document);
        clean.put_bytes(tags::ENCAPSULATED_DOCUMENT_LENGTH, Vr::UL, length.to_le_bytes().to_vec());
        self.note_document();
        Ok(())
    }

    fn note_document(&mut self) {
        let is_document =
            |one: &&mut Explained| one.keyword == "EncapsulatedDocument" && !one.path.contains('.');
        if let Some(one) = self.explained.iter_mut().flatten().find(is_document) {
            one.outcome = Outcome::Cleaned;
            one.why = "the policy has documents read, swept and written anew".into();
            one.after = "a document without identifiers".into();
        }
    }

    fn within(&mut self, set: &DataSet, place: Place) -> Result<DataSet, Withheld> {
        let mut kept = Vec::with_capacity(set.len());
        for element in set.iter().filter(|element| !dictionary::is_private_creator(element.tag)) {
            if let Some(element) = self.element(set, element, place)? {
                kept.push(element);
            }
        }
        self.creators(set, &mut kept);
        Ok(DataSet::from_elements(kept, *set.charset()))
    }

    /// Creators stay where something of their block does.
    fn creators(&mut self, set: &DataSet, kept: &mut Vec<Element>) {
        for creator in set.iter().filter(|element| dictionary::is_private_creator(element.tag)) {
            let reserves = |e: &Element| e.tag.0 == creator.tag.0 && e.tag.1 >> 8 == creator.tag.1;
            let is_used = kept.iter().any(reserves);
            let outcome = if is_used { Outcome::Kept } else { Outcome::Removed };
            let left = is_used.then(|| creator.clone());
            self.note(set, creator, left.as_ref(), outcome, Why::PrivateUnlisted);
            kept.extend(left);
        }
    }

    pub(super) fn element(
        &mut self,
        set: &DataSet,
        element: &Element,
        place: Place,
    ) -> Result<Option<Element>, Withheld> {
        // The stamp puts these anew.
        if stamp::STAMPED.contains(&element.tag) && place.parent.is_none() {
            return Ok(None);
        }
        let rule = self.rule(set, element.tag);
        let known = with_known_vr(element);
        let (left, outcome) = self.apply(set, known.as_ref().unwrap_or(element), rule, place)?;
        self.note(set, element, left.as_ref(), outcome, rule.why);
        Ok(left)
    }

    fn rule(&self, set: &DataSet, tag: Tag) -> Rule {
        if tag.0.is_multiple_of(2) {
            return self.wall.policy.rule(tag);
        }
        self.wall.policy.private_rule(set.private_creator(tag).as_deref(), tag)
    }

    fn apply(
        &mut self,
        set: &DataSet,
        element: &Element,
        rule: Rule,
        place: Place,
    ) -> Result<Left, Withheld> {
        match rule.action {
            Action::Keep => self.keep(set, element, place),
            Action::Clean(otherwise) => match self.clean(set, element, place)? {
                Some(left) => Ok(left),
                None => self.profile(set, element, otherwise, place),
            },
            Action::Profile(action) => self.profile(set, element, action, place),
            Action::Code => Ok(self.coded(set, element, place)),
            Action::Dummy => self.dummy(set, element),
            Action::Remove => Ok((None, Outcome::Removed)),
            Action::Empty => Ok(self.emptied(set, element, place)),
        }
    }

    /// What the profile says, by the type the attribute has here.
    pub(super) fn profile(
        &mut self,
        set: &DataSet,
        element: &Element,
        action: ProfileAction,
        place: Place,
    ) -> Result<Left, Withheld> {
        use ProfileAction::{D, U, X, Xd, Xz, Xzd, Xzu, Z, Zd};
        let need = self.iod.need(place.parent, element.tag);
        match action {
            U => self.uids(set, element, place),
            Xzu if need != Need::Optional => self.uids(set, element, place),
            D => self.dummy(set, element),
            Z | Zd | Xz | Xd | Xzd if need.of_value() => self.dummy(set, element),
            // The table removes some that a few IODs insist on: nothing of them stays but their place.
            X if need == Need::Valued => self.dummy(set, element),
            X if need == Need::Present => Ok((Some(empty(element)), Outcome::Emptied)),
            Z | Zd => Ok((Some(empty(element)), Outcome::Emptied)),
            Xz | Xd | Xzd if need != Need::Optional => Ok((Some(empty(element)), Outcome::Emptied)),
            X | Xz | Xd | Xzd | Xzu => Ok((None, Outcome::Removed)),
        }
    }

    /// Goes into the items of a sequence.
    pub(super) fn items(&mut self, tag: Tag, items: &[DataSet], strict: bool) -> Result<Element, Withheld> {
        let mut clean = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            self.path.push((tag, index));
            let strict = strict || (tag == tags::CONTENT_SEQUENCE && is_identity(item));
            clean.push(self.within(item, Place { parent: Some(tag), strict })?);
            self.path.pop();
        }
        Ok(Element { tag, vr: dicom::Vr::SQ, value: Value::Items(clean) })
    }

    fn note(&mut self, set: &DataSet, before: &Element, after: Option<&Element>, outcome: Outcome, why: Why) {
        self.counts.count(outcome);
        let Some(explained) = &mut self.explained else { return };
        let of = |(tag, index): &(Tag, usize)| format!("({:04X},{:04X})[{index}].", tag.0, tag.1);
        let path: String = self.path.iter().map(of).collect();
        explained.push(Explained {
            path: format!("{path}({:04X},{:04X})", before.tag.0, before.tag.1),
            keyword: dictionary::keyword(before.tag).unwrap_or("—"),
            vr: before.vr,
            creator: set.private_creator(before.tag),
            outcome,
            by: why,
            why: self.wall.policy.explain(why),
            before: model::Phi::new(shown(set, before)),
            after: after.map(|element| shown(set, element)).unwrap_or_default(),
        });
    }
}

/// An attribute of the standard that was written without its VR has the one of the dictionary (PS3.5 §6.2.2).
fn with_known_vr(element: &Element) -> Option<Element> {
    if element.vr != Vr::UN || !element.tag.0.is_multiple_of(2) || element.value.bytes().is_none() {
        return None;
    }
    let vr = dictionary::implicit_vr(element.tag, false);
    (!matches!(vr, Vr::UN | Vr::SQ)).then(|| Element { vr, ..element.clone() })
}

/// Whether an item of structured content says who or what somebody or something is.
fn is_identity(item: &DataSet) -> bool {
    item.items(tags::CONCEPT_NAME_CODE_SEQUENCE).first().is_some_and(|name| {
        let text = |tag| name.text(tag).unwrap_or_default();
        builtin::identifies(&text(tags::CODING_SCHEME_DESIGNATOR), &text(tags::CODE_VALUE))
    })
}

pub(super) fn empty(element: &Element) -> Element {
    let value = match element.value {
        Value::Items(_) => Value::Items(Vec::new()),
        _ => Value::Bytes(bytes::Bytes::new()),
    };
    Element { value, ..element.clone() }
}

/// A value for people: text, or how much there is.
fn shown(set: &DataSet, element: &Element) -> String {
    set.text_of(element).unwrap_or_else(|| format!("{:?}", element.value))
}
