//! An original, read whole, or the reason why it can't be.

use super::decision::Decided;
use super::outcome::{Reason, Withheld};
use crate::documents::{self, Fate};
use crate::pixels::{self, Act};
use crate::policy::{Action, BurnedIn, Policy, UnknownCreator};
use crate::text::Known;
use bytes::Bytes;
use dicom::read::parse;
use dicom::write::value_start;
use dicom::{DataSet, Element, Header, ReadOptions, TransferSyntax, Value, Vr, dictionary, open_file, tags};
use std::ops::Range;

/// An original that was read. It identifies.
pub struct Original {
    pub(super) source: Source,
    pub(super) data_set: DataSet,
    pub(super) transfer_syntax: TransferSyntax,
    pub(super) sop_class: String,
    /// What tells its patient from others: the Patient ID, or the exam if there is none.
    pub(super) subject: String,
    instance: String,
}

/// Where an original was read from.
pub(super) struct Source {
    /// The file, or its beginning.
    pub file: Bytes,
    /// How long the file is.
    pub length: u64,
    /// Where the data set starts.
    pub data_set_at: usize,
    /// Where its pixels are, if they were not read: they are the last thing in the file.
    pub pixels: Option<Range<u64>>,
}

impl Original {
    pub(super) fn read(bytes: &Bytes) -> Result<Self, Withheld> {
        let file = open_file(bytes).map_err(Reason::Unreadable)?;
        let data_set_at = usize::try_from(file.data_set_at).unwrap_or(bytes.len()).min(bytes.len());
        let data_set = bytes.slice(data_set_at..);
        let parsed =
            parse(&data_set, &file.transfer_syntax, &ReadOptions::default()).map_err(Reason::Unreadable)?;
        if dicom::file::is_dicomdir(&file.meta) || parsed.data_set.contains(tags::DIRECTORY_RECORD_SEQUENCE) {
            return Err(Reason::Directory.into());
        }
        if !parsed.complete {
            return Err(Reason::PixelsCut.into());
        }
        let source = Source { file: bytes.clone(), length: bytes.len() as u64, data_set_at, pixels: None };
        Self::of(parsed.data_set, file.transfer_syntax, source)
    }

    fn of(set: DataSet, transfer_syntax: TransferSyntax, source: Source) -> Result<Self, Withheld> {
        let instance = set.uid(tags::SOP_INSTANCE_UID).ok_or(Reason::NotAnInstance)?;
        Ok(Self {
            sop_class: set.uid(tags::SOP_CLASS_UID).ok_or(Reason::NotAnInstance)?,
            subject: subject(&set).ok_or(Reason::NoSubject)?,
            instance,
            source,
            transfer_syntax,
            data_set: set,
        })
    }

    /// The original without its pixels, from the beginning of a file: if they are plain values, nobody will look at
    /// them under the policy, and nothing stands behind them. An empty value stands for them.
    pub(super) fn head(bytes: &Bytes, length: u64, policy: &Policy) -> Option<Self> {
        let unseen = policy.document().pixels.burned_in != BurnedIn::Search
            && policy.rule(tags::PIXEL_DATA).action == Action::Keep;
        let header =
            dicom::read_header_prefix(bytes, length).ok().filter(|header| unseen && header.complete)?;
        let vr = header.pixel_data.filter(|(tag, vr)| *tag == tags::PIXEL_DATA && *vr == Vr::OW)?.1;
        let at = usize::try_from(header.pixel_data_at?).ok()?;
        let pixels = |size: usize| at as u64 + size as u64..length;
        let starts = |size: usize| {
            let pixels = pixels(size);
            let start = value_start(
                tags::PIXEL_DATA,
                vr,
                pixels.end.checked_sub(pixels.start)?,
                &header.transfer_syntax,
            )?;
            (bytes.get(at..at + size)? == start).then_some(pixels)
        };
        // Whatever is written otherwise than it would be written is read as a whole.
        let pixels = starts(12).or_else(|| starts(8)).filter(|pixels| !pixels.is_empty())?;
        let mut set = header.data_set;
        let is_last = set.iter().next_back().is_none_or(|last| last.tag < tags::PIXEL_DATA);
        let is_other =
            dicom::file::is_dicomdir(&header.meta) || set.contains(tags::DIRECTORY_RECORD_SEQUENCE);
        if !is_last || is_other {
            return None;
        }
        set.insert(Element { tag: tags::PIXEL_DATA, vr, value: Value::Bytes(Bytes::new()) });
        let data_set_at = usize::try_from(header.data_set_at).ok()?;
        let source = Source { file: bytes.clone(), length, data_set_at, pixels: Some(pixels) };
        Self::of(set, header.transfer_syntax, source).ok()
    }

    /// What tells its patient from others; identifies.
    #[must_use]
    pub fn subject(&self) -> model::Phi<String> {
        model::Phi::new(self.subject.clone())
    }

    /// Its SOP Instance UID.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Whether the policy lets an object of this kind through at all.
    pub(super) fn check(&self, policy: &Policy, decided: &Decided) -> Result<(), Withheld> {
        let unknown = match &decided.creators {
            Some(Act::Withhold) => return Err(Reason::KeptBack.into()),
            Some(_) => UnknownCreator::Remove,
            None => policy.document().private.unknown_creator,
        };
        check_nested(&self.data_set, policy, unknown)?;
        if self.data_set.contains(tags::ENCAPSULATED_DOCUMENT) && documents::fate(policy) == Fate::Withheld {
            return Err(Reason::Document("the policy does not clean documents").into());
        }
        let rule = policy.document().pixels.burned_in;
        if rule == BurnedIn::Search || decided.pixels.is_some() {
            return Ok(());
        }
        pixels::burned_in_risk(&self.data_set, rule).map_or(Ok(()), |why| Err(Reason::BurnedIn(why).into()))
    }
}

/// Shows no value.
impl std::fmt::Debug for Original {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Original({:?})", self.data_set)
    }
}

/// A sequence of the standard that can't be read as one may hold anything; so may the blocks of a creator
/// that the policy does not know, where it wants to know them all.
pub(super) fn check_nested(
    data_set: &DataSet,
    policy: &Policy,
    creators: UnknownCreator,
) -> Result<(), Withheld> {
    let strict = creators == UnknownCreator::Quarantine;
    for element in data_set {
        let is_sequence = element.vr == Vr::UN && dictionary::implicit_vr(element.tag, false) == Vr::SQ;
        match &element.value {
            Value::Bytes(bytes) if is_sequence && !bytes.is_empty() => {
                return Err(Reason::SequenceUnreadable(element.tag).into());
            }
            Value::Items(items) => items.iter().try_for_each(|item| check_nested(item, policy, creators))?,
            _ => {}
        }
        let is_creator = strict && dictionary::is_private_creator(element.tag);
        let unknown = |name: String| !policy.knows_creator(&name);
        if is_creator && data_set.text_of(element).is_none_or(unknown) {
            return Err(Reason::UnknownCreator(element.tag).into());
        }
    }
    Ok(())
}

/// The Patient ID; where there is none, the exam: its objects then stay together.
pub(super) fn subject(data_set: &DataSet) -> Option<String> {
    let id = data_set.text(tags::PATIENT_ID).unwrap_or_default();
    let study = data_set.uid(tags::STUDY_INSTANCE_UID);
    subject_of(&id, study.as_deref().unwrap_or_default()).map(|subject| subject.reveal().clone())
}

/// What tells a patient from others, by Patient ID and the Study Instance UID of an exam; both may be empty.
#[must_use]
pub fn subject_of(patient_id: &str, study: &str) -> Option<model::Phi<String>> {
    let subject = match (patient_id.trim(), study) {
        ("", "") => return None,
        ("", study) => format!("exam {study}"),
        (id, _) => format!("patient {id}"),
    };
    Some(model::Phi::new(subject))
}

/// What an object says of its patient.
#[derive(Debug, Clone)]
pub struct Survey {
    /// What tells its patient from others; identifies.
    pub subject: Option<model::Phi<String>>,
    /// Its SOP Instance UID.
    pub sop_instance: Option<String>,
    /// What is known of its people.
    pub known: Known,
}

impl Survey {
    pub(super) fn of(header: &Header, policy: &Policy) -> Self {
        Self {
            subject: subject(&header.data_set).map(model::Phi::new),
            sop_instance: header.data_set.uid(tags::SOP_INSTANCE_UID),
            known: Known::of(&header.data_set, policy),
        }
    }
}
