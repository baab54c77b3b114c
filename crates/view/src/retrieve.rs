//! Instances as files: as they were received where that is acceptable, else in another transfer syntax.

use std::sync::Arc;

use bytes::Bytes;
use catalog::Located;
use dicom::pixel::{Limits, can_decode, can_encode, is_native, transcode};
use dicom::uids;
use futures::stream::{self, Stream, StreamExt};

use crate::files::announced;
use crate::multipart::Part;
use crate::{Accepted, ByteStream, View, ViewError};

/// The media type of an instance.
pub const DICOM: &str = "application/dicom";
/// The media type of an exam or a series as one file.
pub const ZIP: &str = "application/zip";

/// Files up to this size are read whole, several at a time.
const SMALL: u64 = 4 << 20;
/// Bytes and files read in one go.
const BATCH_BYTES: u64 = 1 << 20;
const BATCH_FILES: usize = 64;

/// The preamble of a file (PS3.10 §7.1).
static PREAMBLE: [u8; 132] = {
    let mut preamble = [0; 132];
    [preamble[128], preamble[129], preamble[130], preamble[131]] = *b"DICM";
    preamble
};

/// How instances are packed in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// `multipart/related`.
    Multipart,
    /// One instance alone.
    Single,
    /// `application/zip`.
    Zip,
}

/// The form an instance is given in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// The bytes as they were received, behind the preamble and group 2 if they came without.
    AsReceived,
    /// In this transfer syntax.
    In(String),
}

/// What is given of what was asked for.
#[derive(Debug)]
pub struct Selection {
    /// How they are packed.
    pub packing: Packing,
    /// The instances and their forms.
    pub instances: Vec<(Located, Form)>,
    /// Instances that can't be had in any form accepted.
    pub left_out: usize,
}

/// Chooses a form for each instance.
///
/// A range without `transfer-syntax` means Explicit VR Little Endian (PS3.18 §8.7.3.5.2): what is
/// compressed is decoded for it, unless that is impossible (video); a range that names nothing at
/// all takes instances as they are.
///
/// # Errors
/// [`ViewError::NotAcceptable`] when nothing can be given.
pub fn select(accepted: &Accepted, located: Vec<Located>, single: bool) -> Result<Selection, ViewError> {
    let ranges: Vec<_> = accepted.0.iter().filter(|range| range.takes(DICOM) || range.takes(ZIP)).collect();
    let Some(first) = ranges.first() else {
        return Err(ViewError::NotAcceptable(offer()));
    };
    let packing = match first {
        range if !range.takes(DICOM) => Packing::Zip,
        range if single && !range.multipart && !range.is_any() => Packing::Single,
        _ => Packing::Multipart,
    };
    let total = located.len();
    let instances: Vec<_> = located
        .into_iter()
        .filter_map(|located| {
            let form = ranges.iter().find_map(|range| {
                form(&located, range.transfer_syntax.as_deref(), range.is_any() || !range.takes(DICOM))
            })?;
            Some((located, form))
        })
        .collect();
    if instances.is_empty() && total > 0 {
        return Err(ViewError::NotAcceptable(offer()));
    }
    Ok(Selection { packing, left_out: total - instances.len(), instances })
}

fn offer() -> String {
    format!(
        "multipart/related; type=\"{DICOM}\" with transfer-syntax=* or {}, and {ZIP}",
        uids::EXPLICIT_VR_LITTLE_ENDIAN
    )
}

/// The form for one range, if the instance can be had in it.
fn form(located: &Located, asked: Option<&str>, anything: bool) -> Option<Form> {
    let own = located.transfer_syntax.as_str();
    let plain = matches!(own, uids::IMPLICIT_VR_LITTLE_ENDIAN | uids::EXPLICIT_VR_LITTLE_ENDIAN);
    match asked {
        Some("*") => Some(Form::AsReceived),
        Some(uid) if uid == own => Some(Form::AsReceived),
        Some(uid) if can_encode(uid) && can_decode(own) => Some(Form::In(uid.to_owned())),
        Some(_) => None,
        None if anything => Some(Form::AsReceived),
        // What came without group 2 is not a file others can open (PS3.10 §7.1).
        None if plain && located.data_set_at > 0 => Some(Form::AsReceived),
        None if can_decode(own) || is_native(own) => {
            Some(Form::In(uids::EXPLICIT_VR_LITTLE_ENDIAN.to_owned()))
        }
        None => Some(Form::AsReceived),
    }
}

impl View {
    /// The content of one instance in a form.
    ///
    /// # Errors
    /// [`ViewError::Pixel`] where it can't be transcoded after all, [`ViewError::Archive`].
    pub async fn content(&self, located: &Located, form: &Form) -> Result<ByteStream, ViewError> {
        match form {
            Form::AsReceived if located.locator.length > SMALL => {
                let mut bytes = self.files.stream(&located.locator, 0..located.locator.length);
                let first = bytes.next().await.transpose()?.unwrap_or_default();
                Ok(openable(located, first).chain(bytes).boxed())
            }
            Form::AsReceived => Ok(openable(located, self.files.read_all(&located.locator).await?)),
            Form::In(uid) => Ok(whole(self.transcoded(located, uid).await?)),
        }
    }

    pub(crate) async fn transcoded(&self, located: &Located, to: &str) -> Result<Bytes, ViewError> {
        let file = self.files.read_all(&located.locator).await?;
        let to = to.to_owned();
        self.work(move || Ok(transcode(&file, &to, &Limits::default())?)).await
    }

    /// Instances as parts, read ahead a little.
    pub fn parts(
        &self,
        instances: Vec<(Located, Form)>,
        base: Arc<str>,
    ) -> impl Stream<Item = Result<Part, ViewError>> + Send + 'static {
        let view = self.clone();
        announced(self.files.clone(), instances, |(located, _)| &located.locator)
            .flat_map(|group| stream::iter(batches(group)))
            .map(move |batch| {
                let (view, base) = (view.clone(), base.clone());
                async move {
                    let parts = view.batch(batch, &base).await;
                    stream::iter(
                        parts.map_or_else(
                            |error| vec![Err(error)],
                            |parts| parts.into_iter().map(Ok).collect(),
                        ),
                    )
                }
            })
            .buffered(2)
            .flatten()
    }

    async fn batch(&self, batch: Vec<(Located, Form)>, base: &str) -> Result<Vec<Part>, ViewError> {
        if let [(located, form)] = batch.as_slice()
            && (*form != Form::AsReceived || located.locator.length > SMALL)
        {
            return Ok(vec![part(located, form, base, self.content(located, form).await?)]);
        }
        let wanted: Vec<_> = batch.iter().map(|(located, _)| located.locator.clone()).collect();
        let files = self.files.pieces(&wanted).await?;
        let parts = batch.iter().zip(files);
        Ok(parts.map(|((located, form), file)| part(located, form, base, in_pieces(located, file))).collect())
    }
}

fn part(located: &Located, form: &Form, base: &str, content: ByteStream) -> Part {
    let uid = match form {
        Form::AsReceived => &located.transfer_syntax,
        Form::In(uid) => uid,
    };
    Part {
        media_type: format!("{DICOM}; transfer-syntax={uid}"),
        location: Some(address(base, located)),
        content,
    }
}

/// Small files that stay as they are go in batches, read in one go; everything else alone.
fn batches(instances: Vec<(Located, Form)>) -> Vec<Vec<(Located, Form)>> {
    let mut batches: Vec<Vec<(Located, Form)>> = Vec::new();
    let mut room = 0;
    for (located, form) in instances {
        let length = if form == Form::AsReceived { located.locator.length } else { u64::MAX };
        match batches.last_mut() {
            Some(batch) if length <= room && batch.len() < BATCH_FILES => batch.push((located, form)),
            _ => {
                room = BATCH_BYTES;
                batches.push(vec![(located, form)]);
            }
        }
        room = room.saturating_sub(length);
    }
    batches
}

/// The beginning of a file, with the preamble and group 2 it came without: nobody else could open it
/// otherwise (PS3.10 §7.1). The data set stays as it came.
fn openable(located: &Located, first: Bytes) -> ByteStream {
    let head = missing_head(located, &first);
    if head.is_empty() { whole(first) } else { stream::iter([Ok(head), Ok(first)]).boxed() }
}

/// What a file that begins like this came without.
pub(crate) fn missing_head(located: &Located, first: &[u8]) -> Bytes {
    match first.get(PREAMBLE.len() - 4..PREAMBLE.len()) {
        Some(b"DICM") => Bytes::new(),
        _ if located.data_set_at > 0 => Bytes::from_static(&PREAMBLE),
        _ => dicom::file_meta(&located.sop_class, &located.sop, &located.transfer_syntax, None).into(),
    }
}

/// As [`openable`], of a whole file.
fn in_pieces(located: &Located, file: Vec<Bytes>) -> ByteStream {
    let head = missing_head(located, file.first().map_or(&[], |first| first));
    let head = (!head.is_empty()).then_some(head);
    stream::iter(head.into_iter().chain(file).map(Ok)).boxed()
}

fn whole(bytes: Bytes) -> ByteStream {
    stream::once(async { Ok(bytes) }).boxed()
}

/// The address of an instance under the base of the DICOMweb door.
#[must_use]
pub fn address(base: &str, located: &Located) -> String {
    format!("{base}/studies/{}/series/{}/instances/{}", located.study, located.series, located.sop)
}
