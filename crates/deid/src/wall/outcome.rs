//! What comes out.

use crate::pixels::{DetectorError, OcrError, Searched};
use crate::policy::Why;
use bytes::Bytes;
use dicom::{DataSet, ReadError, Tag, Vr, dictionary, tags};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

/// Pieces up to this are cheaper to copy than to write alone.
const SMALL: usize = 64 << 10;

/// An object without identity. Only a policy that ran to its end makes one.
#[derive(Clone)]
pub struct Deidentified {
    pieces: Vec<Bytes>,
    study: String,
    series: String,
    instance: String,
    subject: String,
    code: String,
    tally: Tally,
    pixels: Searched,
}

impl Deidentified {
    pub(super) fn new(
        pieces: Vec<Bytes>,
        clean: &DataSet,
        subject: String,
        tally: Tally,
        pixels: Searched,
    ) -> Self {
        let uid = |tag| clean.uid(tag).unwrap_or_default();
        Self {
            pieces,
            study: uid(tags::STUDY_INSTANCE_UID),
            series: uid(tags::SERIES_INSTANCE_UID),
            instance: uid(tags::SOP_INSTANCE_UID),
            code: clean.text(tags::PATIENT_ID).unwrap_or_default(),
            subject,
            tally,
            pixels,
        }
    }

    /// What is told of it, without its bytes.
    pub(super) fn without_bytes(&self) -> Self {
        Self { pieces: Vec::new(), ..self.clone() }
    }

    /// Another one of the same series and subject.
    pub(super) fn like(other: &Self, start: Bytes, instance: String, tally: Tally) -> Self {
        Self { pieces: vec![start], instance, tally, ..other.clone() }
    }

    /// The file, in pieces to be written one after the other; pixel data is shared with the original.
    #[must_use]
    pub fn pieces(&self) -> &[Bytes] {
        &self.pieces
    }

    /// Writes the file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        if let [all] = &self.pieces[..] {
            return out.write_all(all);
        }
        // Few calls of the system: small pieces are put together, pixels are written from where they are.
        let mut small = Vec::new();
        for piece in &self.pieces {
            if piece.len() <= SMALL {
                small.extend_from_slice(piece);
                continue;
            }
            out.write_all(&small)?;
            small.clear();
            out.write_all(piece)?;
        }
        out.write_all(&small)
    }

    /// The file in one piece.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.pieces.concat()
    }

    /// The new Study Instance UID.
    #[must_use]
    pub fn study(&self) -> &str {
        &self.study
    }

    /// The new Series Instance UID.
    #[must_use]
    pub fn series(&self) -> &str {
        &self.series
    }

    /// The new SOP Instance UID.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// The subject's code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Who it was; identifies.
    #[must_use]
    pub fn subject(&self) -> model::Phi<String> {
        model::Phi::new(self.subject.clone())
    }

    /// What became of its pixels.
    #[must_use]
    pub const fn pixels(&self) -> &Searched {
        &self.pixels
    }

    /// What was done how often.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }
}

/// The beginning of an object without identity: what stands before its pixel data, whose bytes are those of the
/// original to the end of the file.
pub struct Head {
    done: Deidentified,
    rest: Range<u64>,
}

impl Head {
    pub(super) const fn new(done: Deidentified, rest: Range<u64>) -> Self {
        Self { done, rest }
    }

    /// The whole object, of the whole file. Few pixels are copied, so that it is one piece.
    pub(super) fn with_pixels_of(mut self, file: &Bytes) -> Option<Deidentified> {
        let (start, end) = (usize::try_from(self.rest.start).ok()?, usize::try_from(self.rest.end).ok()?);
        let pixels = file.get(start..end).map(|_| file.slice(start..end))?;
        match self.done.pieces.pop().map(Vec::from) {
            Some(mut head) if pixels.len() <= SMALL => {
                head.extend_from_slice(&pixels);
                self.done.pieces.push(head.into());
            }
            head => self.done.pieces.extend(head.map(Bytes::from).into_iter().chain([pixels])),
        }
        Some(self.done)
    }

    /// Writes what stands before the bytes that are left of the original.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        self.done.write_to(out)
    }

    /// Where the pixels are in the original.
    #[must_use]
    pub fn rest(&self) -> Range<u64> {
        self.rest.clone()
    }

    /// What it is; its pieces are those of the beginning.
    #[must_use]
    pub const fn object(&self) -> &Deidentified {
        &self.done
    }
}

impl std::fmt::Debug for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Head({})", self.done.instance)
    }
}

impl std::fmt::Debug for Deidentified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Deidentified({})", self.instance)
    }
}

/// What became of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is as it was.
    Kept,
    /// Identifiers were taken out of its text.
    Cleaned,
    /// It is gone.
    Removed,
    /// It is empty.
    Emptied,
    /// It has a value that says nothing.
    Dummy,
    /// UIDs were replaced.
    UidReplaced,
    /// It is the subject's code.
    Coded,
    /// A date was moved or cut to the year, an age put under the cap.
    Shifted,
    /// It was added.
    Added,
}

/// How often each outcome was.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Tally(pub BTreeMap<Outcome, u64>);

/// The same while it is being counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts([u32; Outcome::ALL.len()]);

impl Counts {
    pub(super) const fn count(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(times, more)| *times += more);
    }

    fn times(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize].into()
    }

    pub(super) fn tally(&self) -> Tally {
        let counted = Outcome::ALL.iter().zip(self.0).filter(|(_, times)| *times > 0);
        Tally(counted.map(|(outcome, times)| (*outcome, times.into())).collect())
    }
}

impl Outcome {
    const ALL: [Self; 9] = [
        Self::Kept,
        Self::Cleaned,
        Self::Removed,
        Self::Emptied,
        Self::Dummy,
        Self::UidReplaced,
        Self::Coded,
        Self::Shifted,
        Self::Added,
    ];
}

impl Tally {
    /// The same with `more` instead of `less`.
    pub(super) fn with(&self, less: &Counts, more: &Counts) -> Self {
        let times = |outcome| self.0.get(&outcome).copied().unwrap_or_default() + more.times(outcome);
        let counted =
            Outcome::ALL.map(|outcome| (outcome, times(outcome).saturating_sub(less.times(outcome))));
        Self(counted.into_iter().filter(|(_, times)| *times > 0).collect())
    }

    /// Adds another one.
    pub fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(outcome, times)| *self.0.entry(*outcome).or_default() += times);
    }
}

/// What became of one attribute, and why.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Where it is: `(0008,1110)[0].(0008,1155)`.
    pub path: String,
    /// Its keyword, or `—`.
    pub keyword: &'static str,
    /// Its VR in the original, or in the result if it was added.
    pub vr: Vr,
    /// Of a private attribute: who reserved its block.
    pub creator: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Which rule decided.
    pub by: Why,
    /// The same in words.
    pub why: String,
    /// What it said; identifies.
    pub before: model::Phi<String>,
    /// What it says now.
    pub after: String,
}

/// An object that may not leave, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct Withheld {
    /// Why.
    #[from]
    pub reason: Reason,
}

/// Why an object is withheld. Never carries a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It can't be read as DICOM, or not to its end.
    #[error("it can't be read: {0}")]
    Unreadable(#[source] ReadError),
    /// The file ends before its pixel data does.
    #[error("its pixel data is cut short")]
    PixelsCut,
    /// A sequence that can't be read may hold anything.
    #[error("the sequence {} can't be read", name(*.0))]
    SequenceUnreadable(Tag),
    /// The directory of a medium (PS3.10 §8) lists names.
    #[error("it is the directory of a medium")]
    Directory,
    /// It names no SOP class or no SOP instance.
    #[error("it has no SOP Class UID or no SOP Instance UID")]
    NotAnInstance,
    /// It has neither a Patient ID nor a Study Instance UID.
    #[error("it has neither a Patient ID nor a Study Instance UID: nobody knows whose it is")]
    NoSubject,
    /// Text may be burned into its pixels.
    #[error("text may be burned into its pixels: {0}")]
    BurnedIn(&'static str),
    /// Its pixels can't be decoded, so that nobody knows what is written in them.
    #[error("its pixels can't be decoded, so nobody knows what is written in them")]
    PixelsUnreadable,
    /// Its pixels could not be searched for text.
    #[error("its pixels could not be searched for text: {0}")]
    DetectorUnavailable(#[source] DetectorError),
    /// The text in its pixels could not be read.
    #[error("the text in its pixels could not be read: {0}")]
    OcrUnavailable(#[source] OcrError),
    /// A document that the policy does not let pass, or that can't be cleaned.
    #[error("it holds a document: {0}")]
    Document(&'static str),
    /// Somebody may be heard saying a name.
    #[error("it is a recording of sound, in which names may be spoken")]
    Sound,
    /// Somebody looked at it, or at one like it, and decided so.
    #[error("somebody looked at it, or at an image like it, and keeps it back")]
    KeptBack,
    /// The policy wants to know every private creator.
    #[error("the policy knows nothing of the private creator in {}", name(*.0))]
    UnknownCreator(Tag),
    /// Nobody can read it whole to see what is in it.
    #[error("it is too large to be read whole")]
    TooLarge,
    /// An identifier of the original was still there in the end.
    #[error("an identifier of the original was still in the result")]
    Residue,
}

impl Reason {
    /// A short name for reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(ReadError::NotDicom) => "not-dicom",
            Self::Unreadable(_) => "unreadable",
            Self::PixelsCut => "pixels-cut",
            Self::SequenceUnreadable(_) => "sequence-unreadable",
            Self::Directory => "directory",
            Self::NotAnInstance => "not-an-instance",
            Self::NoSubject => "no-subject",
            Self::BurnedIn(_) => "burned-in-text",
            Self::PixelsUnreadable => "pixels-unreadable",
            Self::DetectorUnavailable(_) => "detector-unavailable",
            Self::OcrUnavailable(_) => "ocr-unavailable",
            Self::KeptBack => "kept-back",
            Self::Document(_) => "document",
            Self::Sound => "sound",
            Self::UnknownCreator(_) => "unknown-creator",
            Self::TooLarge => "too-large",
            Self::Residue => "residue",
        }
    }
}

fn name(tag: Tag) -> String {
    let number = format!("({:04X},{:04X})", tag.0, tag.1);
    dictionary::keyword(tag).map_or(number.clone(), |keyword| format!("{keyword} {number}"))
}
