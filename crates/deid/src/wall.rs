//! The wall: one original in, one de-identified object or a reason out.
//! Read in this order: `original`, [`decision`], `run`, `value`, `dummy`, `stamp`, `residue`, `outcome`; then how it
//! is spared for objects that are alike: `shape`, `mould`, `glance`.

pub mod decision;
mod dummy;
mod glance;
mod mould;
mod narrative;
mod original;
mod outcome;
mod residue;
mod run;
mod shape;
mod stamp;
mod value;

pub use glance::{Glance, Heard};
pub use original::{Original, Survey, subject_of};
pub use outcome::{Deidentified, Explained, Head, Outcome, Reason, Tally, Withheld};

use crate::dates::DateRule;
use crate::key::ProjectKey;
use crate::pixels::{self, Asked, Engines, Suggestion};
use crate::policy::Policy;
use crate::policy::document::Modified;
use crate::table::ProfileOption;
use crate::text::{Known, Sweep};
use bytes::Bytes;
use decision::Decisions;
use dicom::{Header, tags, uids};
use mould::Mould;
use run::Run;
use shape::Recent;
use stamp::Stamp;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A policy and a project key, ready for any number of objects at once.
pub struct Wall {
    policy: Policy,
    key: ProjectKey,
    /// UIDs that were derived: those of exams, series and frames of reference come again with each instance.
    uids: Mutex<HashMap<String, String>>,
    /// Codes and shifts of subjects that were derived.
    subjects: Mutex<HashMap<String, Subject>>,
    moulds: Recent<Mould>,
    stamp: Stamp,
    engines: Engines,
    decisions: Decisions,
}

/// What the key makes of a subject.
#[derive(Clone)]
struct Subject {
    code: String,
    /// The days by which its dates move.
    shift: i32,
}

/// Shows which policy, never a UID.
impl std::fmt::Debug for Wall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wall({})", self.policy.label())
    }
}

/// Voice, general and real-time audio: nobody has listened to them.
const SOUND: &[&str] = &[
    uids::BASIC_VOICE_AUDIO_WAVEFORM_STORAGE,
    uids::GENERAL_AUDIO_WAVEFORM_STORAGE,
    uids::AUDIO_WAVEFORM_REAL_TIME_COMMUNICATION,
];

/// When so many UIDs or subjects are remembered, all are forgotten.
const MOST_UIDS: usize = 16_384;

impl Wall {
    /// A wall for a project.
    #[must_use]
    pub fn new(policy: Policy, key: ProjectKey) -> Self {
        let (uids, subjects, stamp) = (Mutex::default(), Mutex::default(), Stamp::new(&policy));
        let (moulds, decisions) = (Recent::default(), Decisions::default());
        Self { policy, key, uids, subjects, moulds, stamp, engines: Engines::default(), decisions }
    }

    /// The same wall with engines that find and read text in pixels. Without a detector, images that may have text in
    /// their pixels are withheld under every policy that wants them searched.
    #[must_use]
    pub fn with_engines(mut self, engines: Engines) -> Self {
        self.engines = engines;
        self
    }

    /// Its policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What an object says of its patient, to be known when other objects of the same patient are cleaned.
    #[must_use]
    pub fn survey(&self, header: &Header) -> Survey {
        Survey::of(header, &self.policy)
    }

    /// What tells the patient of an object from others, if anything does; identifies.
    #[must_use]
    pub fn subject(&self, header: &Header) -> Option<model::Phi<String>> {
        original::subject(&header.data_set).map(model::Phi::new)
    }

    /// Reads an original. Before it is de-identified, others of the same patient can be read.
    ///
    /// # Errors
    /// [`Withheld`] with the reason, if it can't be read as a whole.
    pub fn open(&self, bytes: &Bytes) -> Result<Original, Withheld> {
        Original::read(bytes)
    }

    /// Adds what an original that was read says of its patient to what is known.
    pub fn learn_from(&self, original: &Original, known: &mut Known) {
        self.learn_set(&original.data_set, known);
    }

    /// Adds what an object says of its patient to what is known, as [`Wall::survey`] does for one alone.
    pub fn learn(&self, header: &Header, known: &mut Known) {
        self.learn_set(&header.data_set, known);
    }

    fn learn_set(&self, set: &dicom::DataSet, known: &mut Known) {
        if known.covers(set, &self.policy) {
            return;
        }
        let own = Known::of(set, &self.policy);
        if !known.has_all(&own) {
            known.add(&own);
        }
    }

    /// Code and shift of a subject.
    fn derived(&self, subject: &str) -> Subject {
        let mut subjects = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = subjects.get(subject) {
            return known.clone();
        }
        let range = self.policy.document().dates.shift_days;
        let derived = Subject { code: self.code(subject), shift: self.key.shift(subject, range) };
        if subjects.len() >= MOST_UIDS {
            subjects.clear();
        }
        subjects.insert(subject.to_owned(), derived.clone());
        derived
    }

    /// The code of a subject.
    #[must_use]
    pub fn code(&self, subject: &str) -> String {
        let subjects = &self.policy.document().subjects;
        format!("{}{}", subjects.prefix, self.key.code(subject, subjects.length))
    }

    /// The UID that stands for another one.
    #[must_use]
    pub fn uid(&self, original: &str) -> String {
        if let Some(uid) = self.uids.lock().unwrap_or_else(PoisonError::into_inner).get(original) {
            return uid.clone();
        }
        let uid = self.key.uid(original);
        let mut uids = self.uids.lock().unwrap_or_else(PoisonError::into_inner);
        if uids.len() >= MOST_UIDS {
            uids.clear();
        }
        uids.insert(original.to_owned(), uid.clone());
        uid
    }

    /// The UID an object has on this side.
    #[must_use]
    pub fn new_uid(&self, original: &str) -> String {
        if self.policy.has(ProfileOption::RetainUids) { original.to_owned() } else { self.uid(original) }
    }

    /// What a search would mask in an image, for somebody who looks at it and decides.
    ///
    /// # Errors
    /// The reason why its pixels can't be looked at.
    pub fn suggest(&self, original: &Bytes, known: &Known) -> Result<Suggestion, Withheld> {
        let original = Original::read(original)?;
        let all = self.with_own(&original, known);
        let run = Run::new(self, &original.subject, &original.sop_class, &all, false);
        let suggested =
            pixels::suggest(&original.data_set, &original.transfer_syntax, run.sweep, &self.engines);
        Ok(suggested?)
    }

    /// De-identifies an object. `known` is what other objects say of the same patient; what the object
    /// itself says is added.
    ///
    /// # Errors
    /// [`Withheld`] with the reason; nothing of the object then leaves.
    pub fn deidentify(&self, original: &Bytes, known: &Known) -> Result<Deidentified, Withheld> {
        let like_others = || self.cast(original, original.len() as u64, known)?.with_pixels_of(original);
        like_others().map_or_else(|| self.whole_way(&Original::read(original)?, known), Ok)
    }

    /// As [`Wall::deidentify`], of the beginning of a file of `length` bytes; pixels are not read at all. `None` if
    /// that can't be: pixels must be plain values that nobody looks at under the policy, and the last thing in
    /// the file. Then, or if the object is withheld, the whole file has to be read.
    #[must_use]
    pub fn deidentify_head(&self, bytes: &Bytes, length: u64, known: &Known) -> Option<Head> {
        if self.has_decisions() {
            return None;
        }
        if let Some(head) = self.cast(bytes, length, known).filter(|head| !head.rest().is_empty()) {
            return Some(head);
        }
        let original = self.open_head(bytes, length)?;
        let pixels = original.source.pixels.clone()?;
        Some(Head::new(self.whole_way(&original, known).ok()?, pixels))
    }

    /// Reads the beginning of an original whose pixels need not be read; see [`Wall::deidentify_head`].
    #[must_use]
    pub fn open_head(&self, bytes: &Bytes, length: u64) -> Option<Original> {
        Original::head(bytes, length, &self.policy)
    }

    fn whole_way(&self, original: &Original, known: &Known) -> Result<Deidentified, Withheld> {
        let (done, _) = self.pass(original, known, false)?;
        self.remember(original, known, &done);
        Ok(done)
    }

    /// As [`Wall::deidentify`], telling for each attribute what became of it and by which rule.
    ///
    /// # Errors
    /// As [`Wall::deidentify`].
    pub fn explain(
        &self,
        original: &Bytes,
        known: &Known,
    ) -> Result<(Deidentified, Vec<Explained>), Withheld> {
        self.pass(&Original::read(original)?, known, true)
    }

    /// How texts are swept under the policy.
    pub(crate) fn sweep<'a>(&self, known: &'a Known) -> Sweep<'a> {
        let document = self.policy.document();
        let dates = !self.policy.has(ProfileOption::RetainFullDates);
        let (replacement, age_cap) = (document.text.replacement, document.dates.age_cap);
        Sweep { known, replacement, dates, age_cap }
    }

    /// What becomes of a subject's dates; nothing if the policy keeps none.
    #[must_use]
    pub fn date_rule(&self, subject: &str) -> Option<DateRule> {
        let dates = &self.policy.document().dates;
        match dates.modified {
            _ if self.policy.has(ProfileOption::RetainFullDates) => Some(DateRule::Keep),
            _ if !self.policy.has(ProfileOption::RetainModifiedDates) => None,
            Modified::Shift => Some(DateRule::Shift(self.derived(subject).shift)),
            Modified::Year => Some(DateRule::Year),
        }
    }

    /// What is known, with what the object itself says.
    fn with_own<'a>(&self, original: &Original, known: &'a Known) -> Cow<'a, Known> {
        if known.covers(&original.data_set, &self.policy) {
            return Cow::Borrowed(known);
        }
        let own = Known::of(&original.data_set, &self.policy);
        if known.has_all(&own) {
            return Cow::Borrowed(known);
        }
        let mut all = known.clone();
        all.add(&own);
        Cow::Owned(all)
    }

    fn pass(
        &self,
        original: &Original,
        known: &Known,
        explain: bool,
    ) -> Result<(Deidentified, Vec<Explained>), Withheld> {
        let decided = self.decided(original);
        original.check(&self.policy, &decided)?;
        if SOUND.contains(&original.sop_class.as_str()) {
            return Err(Reason::Sound.into());
        }
        let all = self.with_own(original, known);
        let mut run = Run::new(self, &original.subject, &original.sop_class, &all, explain);
        let mut clean = run.data_set(&original.data_set)?;
        let asked = Asked {
            pixels: &self.policy.document().pixels,
            sweep: run.sweep,
            engines: &self.engines,
            decided: decided.pixels.as_ref(),
        };
        let (pixels, transfer_syntax) =
            pixels::clean(&original.data_set, &original.transfer_syntax, &mut clean, &asked)?;
        run.note_pixels(&pixels);
        run.document(&original.data_set, &mut clean)?;
        self.stamp.put(&mut clean, &self.policy, run.code(), &pixels);
        run.stamped(&original.data_set, &clean);
        let pieces = self.written(original, &mut clean, &transfer_syntax)?;
        // Deflated bytes show nothing: they are searched as they would be otherwise.
        match transfer_syntax.deflated() {
            true => {
                let plain = dicom::write::write_file_pieces(&clean, &dicom::TransferSyntax::EXPLICIT_LE);
                residue::check(&original.data_set, &plain, self)?;
            }
            false => residue::check(&original.data_set, &pieces, self)?,
        }
        let (tally, explained) = run.finish();
        Ok((Deidentified::new(pieces, &clean, original.subject.clone(), tally, pixels), explained))
    }

    /// The file, or as much of it as stands before pixels that were not read.
    fn written(
        &self,
        original: &Original,
        clean: &mut dicom::DataSet,
        to: &dicom::TransferSyntax,
    ) -> Result<Vec<Bytes>, Withheld> {
        let Some(pixels) = &original.source.pixels else {
            return Ok(dicom::write::write_file_pieces(clean, to));
        };
        let start = clean
            .remove(tags::PIXEL_DATA)
            .and_then(|element| {
                dicom::write::value_start(element.tag, element.vr, pixels.end - pixels.start, to)
            })
            .ok_or(Reason::PixelsUnreadable)?;
        let mut pieces = dicom::write::write_file_pieces(clean, to);
        pieces.push(start.into());
        Ok(pieces)
    }
}
