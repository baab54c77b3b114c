//! Reads what a file is: its names, and whether it is whole.

use crate::{
    body::Body,
    outcome::{Identity, Reason},
    shelf::ShelfError,
    sniff::{GLANCE, Looks, looks},
    tail,
};
use bytes::Bytes;
use dicom::{
    DataSet, Header, ReadError, ReadOptions, Stop, Tag, TransferSyntax, open_file, read::parse,
    read_header_prefix, tags,
};
use model::{SeriesInstanceUid, SopClassUid, SopInstanceUid, StudyInstanceUid, TransferSyntaxUid, UidError};
use std::sync::Arc;

/// First guess of how much of a file is header.
const FIRST_LOOK: usize = 16 << 10;

/// Headers in so many bytes are kept in memory for those who follow.
const LONGEST_KEPT: u64 = 64 << 10;

/// No header is read further than this; of a file with more before its pixel data (an
/// encapsulated PDF, a long waveform) only the elements up to the series are read.
const LONGEST_LOOK: u64 = 32 << 20;

/// Media Storage Directory Storage (PS3.4 Table B.5-1): a DICOMDIR.
const DICOMDIR_CLASS: &str = "1.2.840.10008.1.3.10";

/// Bytes of memory a kept header takes, about: those it was read from, and what points to them.
#[must_use]
pub fn weight_of(header: &Header, file_length: u64) -> usize {
    let length = header.pixel_data_at.unwrap_or(file_length);
    let read = if length < FIRST_LOOK as u64 { FIRST_LOOK as u64 } else { LONGEST_KEPT };
    (read.min(file_length) + 2 * length) as usize
}

/// An instance that can be kept.
pub(crate) struct Examined {
    pub(crate) identity: Identity,
    /// Where the data set starts in the file.
    pub(crate) data_set_at: u64,
    /// Its header, if that is short.
    pub(crate) header: Option<Arc<Header>>,
}

/// Why a file is not an instance that can be kept, and what could be read of it.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) reason: Reason,
    pub(crate) detail: String,
    pub(crate) sop_class: Option<SopClassUid>,
    pub(crate) instance: Option<SopInstanceUid>,
}

impl Refused {
    fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), sop_class: None, instance: None }
    }

    fn naming(mut self, data_set: &DataSet) -> Self {
        let read = |tag| data_set.uid(tag).unwrap_or_default();
        self.sop_class = SopClassUid::parse(&read(tags::SOP_CLASS_UID)).ok();
        self.instance = SopInstanceUid::parse(&read(tags::SOP_INSTANCE_UID)).ok();
        self
    }
}

/// Reads what a file of `length` bytes is.
pub(crate) async fn examine(body: &mut Body, length: u64) -> Result<Result<Examined, Refused>, ShelfError> {
    let (header, read) = match read_header(body, length).await? {
        Ok(header) => header,
        Err(error) => return Ok(Err(refused(body, length, &error).await?)),
    };
    if is_dicomdir(&header) {
        return Ok(Err(dicomdir()));
    }
    let identity = match identity(&header) {
        Ok(identity) => identity,
        Err(refused) => return Ok(Err(refused.naming(&header.data_set))),
    };
    if let Some(trouble) = behind_header(body, length, &header).await? {
        return Ok(Err(trouble.naming(&header.data_set)));
    }
    let data_set_at = header.data_set_at;
    let kept = read <= LONGEST_KEPT && !header.transfer_syntax.deflated();
    Ok(Ok(Examined { identity, data_set_at, header: kept.then(|| Arc::new(header)) }))
}

/// Reads more of the file until the header is in what was read; says how much that was.
async fn read_header(body: &mut Body, length: u64) -> Result<Result<(Header, u64), ReadError>, ShelfError> {
    let mut look = FIRST_LOOK as u64;
    loop {
        let mut prefix = body.read(0, look.min(length) as usize).await?;
        if look <= LONGEST_KEPT {
            // A copy: a header that is kept must not hold on to all that came with it.
            prefix = Bytes::copy_from_slice(&prefix);
        }
        match read_header_prefix(&prefix, length) {
            Err(ReadError::NeedMore { at_least }) if look < length.min(LONGEST_LOOK) => {
                look = at_least.max(look * 4).min(LONGEST_LOOK);
            }
            Err(ReadError::NeedMore { .. }) => return Ok(read_names(&prefix).map(|header| (header, look))),
            done => return Ok(done.map(|header| (header, look))),
        }
    }
}

/// Reads the elements up to the Series Instance UID alone.
fn read_names(prefix: &Bytes) -> Result<Header, ReadError> {
    let part10 = open_file(prefix)?;
    let start = part10.data_set_at as usize;
    let options = ReadOptions { stop: Stop::Before(Tag(0x0020, 0x0010)), ..ReadOptions::default() };
    let parsed = parse(&prefix.slice(start..), &part10.transfer_syntax, &options)?;
    let next = parsed.stopped.ok_or(ReadError::NeedMore { at_least: prefix.len() as u64 })?;
    Ok(Header {
        meta: part10.meta,
        data_set: parsed.data_set,
        transfer_syntax: part10.transfer_syntax,
        data_set_at: part10.data_set_at,
        pixel_data_at: Some((start + next.at) as u64),
        pixel_data: None,
        complete: true,
    })
}

/// Says why a header could not be read.
async fn refused(body: &mut Body, length: u64, error: &ReadError) -> Result<Refused, ShelfError> {
    let first = body.read(0, GLANCE.min(length as usize)).await?;
    let meta = open_file(&first).map(|part10| part10.meta).unwrap_or_default();
    if meta.sop_class().as_deref() == Some(DICOMDIR_CLASS) {
        return Ok(dicomdir());
    }
    if looks(&first) != Looks::Dicom {
        return Ok(Refused::new(Reason::NotDicom, "nothing in it looks like DICOM"));
    }
    let reason = match error {
        ReadError::Truncated { .. } | ReadError::CutHeader { .. } | ReadError::Unclosed => Reason::Truncated,
        _ => Reason::Unreadable,
    };
    Ok(Refused::new(reason, error.to_string()))
}

fn dicomdir() -> Refused {
    Refused::new(Reason::Dicomdir, "a DICOMDIR lists other files")
}

fn is_dicomdir(header: &Header) -> bool {
    header.meta.sop_class().as_deref() == Some(DICOMDIR_CLASS)
        || header.data_set.contains(tags::DIRECTORY_RECORD_SEQUENCE)
            && !header.data_set.contains(tags::SOP_INSTANCE_UID)
}

/// Whether the file is whole behind its header.
async fn behind_header(body: &mut Body, length: u64, header: &Header) -> Result<Option<Refused>, ShelfError> {
    if header.transfer_syntax.deflated() {
        let cut = Refused::new(Reason::Truncated, "the deflated data set ends early");
        return Ok((!header.complete).then_some(cut));
    }
    let Some(at) = header.pixel_data_at else { return Ok(None) };
    let trouble = tail::follow(body, at, length, &header.transfer_syntax).await?;
    Ok(trouble.map(|trouble| Refused::new(trouble.reason, trouble.detail)))
}

fn identity(header: &Header) -> Result<Identity, Refused> {
    let data_set = &header.data_set;
    Ok(Identity {
        sop_class: name(data_set, tags::SOP_CLASS_UID, SopClassUid::parse, Reason::MissingSopClassUid)?,
        instance: name(
            data_set,
            tags::SOP_INSTANCE_UID,
            SopInstanceUid::parse,
            Reason::MissingSopInstanceUid,
        )?,
        study: name(
            data_set,
            tags::STUDY_INSTANCE_UID,
            StudyInstanceUid::parse,
            Reason::MissingStudyInstanceUid,
        )?,
        series: name(
            data_set,
            tags::SERIES_INSTANCE_UID,
            SeriesInstanceUid::parse,
            Reason::MissingSeriesInstanceUid,
        )?,
        transfer_syntax: transfer_syntax(&header.transfer_syntax)?,
    })
}

/// Reads one UID. One of dots alone breaks no rule of characters but is no name, least of all in a path.
fn name<T: AsRef<str>>(
    data_set: &DataSet,
    tag: Tag,
    parse: impl Fn(&str) -> Result<T, UidError>,
    missing: Reason,
) -> Result<T, Refused> {
    let text = data_set.uid(tag).unwrap_or_default();
    match parse(&text) {
        Ok(uid) if uid.as_ref().bytes().any(|b| b != b'.') => Ok(uid),
        Ok(_) => Err(Refused::new(Reason::InvalidUid, format!("{tag}: the UID has no digit"))),
        Err(UidError::Empty) => Err(Refused::new(missing, format!("{tag} is missing or empty"))),
        Err(error) => Err(Refused::new(Reason::InvalidUid, format!("{tag}: {error}"))),
    }
}

fn transfer_syntax(syntax: &TransferSyntax) -> Result<TransferSyntaxUid, Refused> {
    TransferSyntaxUid::parse(syntax.uid())
        .map_err(|error| Refused::new(Reason::InvalidUid, format!("(0002,0010): {error}")))
}
