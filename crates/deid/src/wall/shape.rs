//! What the originals of a series have in common, byte for byte. Whoever has read one of them finds the few elements
//! that another one says otherwise without reading the rest again.

use super::original::Original;
use bytes::Bytes;
use dicom::read::{Span, parse, span};
use dicom::{Charset, DataSet, Element, ReadOptions, Tag, TransferSyntax, Vr, dictionary, open_file, tags};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Longer headers are not remembered.
const LONGEST: usize = 64 << 10;
/// How many are remembered at a time.
const MOST: usize = 16;

/// What says how the values behind it are to be read.
const PREFACE: &[Tag] = &[tags::SPECIFIC_CHARACTER_SET, tags::PIXEL_REPRESENTATION];

/// What decides about other elements, or about the object as a whole: an original that says otherwise has another shape.
const DECIDE: &[Tag] = &[
    tags::IMAGE_TYPE,
    tags::SOP_CLASS_UID,
    tags::ACCESSION_NUMBER,
    tags::MODALITY,
    tags::CONVERSION_TYPE,
    tags::PATIENT_NAME,
    tags::PATIENT_ID,
    tags::STUDY_INSTANCE_UID,
    tags::SERIES_INSTANCE_UID,
    tags::SAMPLES_PER_PIXEL,
    tags::BURNED_IN_ANNOTATION,
    tags::DIRECTORY_RECORD_SEQUENCE,
    tags::ENCAPSULATED_DOCUMENT,
];

/// The shape of an original, and what it says of itself. It identifies.
pub(super) struct Shape {
    transfer_syntax: TransferSyntax,
    pub sop_class: String,
    pub subject: String,
    charset: Charset,
    /// The data set of the one that was read, up to its pixels.
    raw: Bytes,
    pub parts: Vec<Part>,
    /// Tag, VR and length of pixel data, if there is any.
    pixels: Option<(Bytes, u64)>,
    /// The elements of [`PREFACE`] as they are written.
    preface: Vec<u8>,
    /// What other elements are judged by, the same in all of this shape.
    settled: Vec<Element>,
}

/// An element at the top.
pub(super) struct Part {
    pub tag: Tag,
    at: Range<usize>,
}

/// An original of a shape.
pub(super) struct Fit {
    /// The parts that are otherwise, by ascending tag.
    pub varied: Vec<usize>,
    /// Their elements and those that are settled.
    pub set: DataSet,
    /// Where its pixels are in the file.
    pub pixels: Option<Range<u64>>,
}

/// A file whose beginning was read.
pub(super) struct Opened<'a> {
    /// The file or its beginning.
    file: &'a Bytes,
    /// How long the file is.
    length: u64,
    data_set_at: usize,
    transfer_syntax: TransferSyntax,
}

impl<'a> Opened<'a> {
    pub(super) fn new(file: &'a Bytes, length: u64) -> Option<Self> {
        let opened = open_file(file).ok().filter(|opened| !dicom::file::is_dicomdir(&opened.meta))?;
        let data_set_at = usize::try_from(opened.data_set_at).ok()?;
        Some(Self { file, length, data_set_at, transfer_syntax: opened.transfer_syntax })
    }
}

impl Shape {
    /// The shape of an original; none of one that is written in an unusual way.
    pub(super) fn of(original: &Original) -> Option<Self> {
        let ts = &original.transfer_syntax;
        let data = original.source.file.get(original.source.data_set_at..)?;
        let Cut { parts, end, pixels } =
            cut(data, ts, original.source.length.checked_sub(original.source.data_set_at as u64)?)?;
        let set = &original.data_set;
        let read = set.iter().map(|element| element.tag).filter(|tag| *tag != tags::PIXEL_DATA);
        if end > LONGEST || !read.eq(parts.iter().map(|part| part.tag)) {
            return None;
        }
        let preface = parts.iter().filter(|part| PREFACE.contains(&part.tag));
        let preface = preface.flat_map(|part| &data[part.at.clone()]).copied().collect();
        let is_settled = |tag: Tag| DECIDE.contains(&tag) || dictionary::is_private_creator(tag);
        let settled = set.iter().filter(|element| is_settled(element.tag)).map(Element::detached).collect();
        Some(Self {
            transfer_syntax: ts.clone(),
            sop_class: original.sop_class.clone(),
            subject: original.subject.clone(),
            charset: *set.charset(),
            raw: Bytes::copy_from_slice(&data[..end]),
            parts,
            pixels: pixels.map(|(start, length)| (Bytes::copy_from_slice(start), length)),
            preface,
            settled,
        })
    }

    /// How a file says what is written in it in this shape, if it does.
    pub(super) fn fit(&self, opened: &Opened<'_>) -> Option<Fit> {
        if opened.transfer_syntax != self.transfer_syntax {
            return None;
        }
        let data = opened.file.get(opened.data_set_at..)?;
        let mut changed = Vec::new();
        let end = self.walk(data, |index, at| changed.push((index, at)))?;
        let pixels = self.pixels_behind(data, end, opened)?;
        let set = self.read(changed.iter().map(|(_, at)| &data[at.clone()]))?;
        Some(Fit { varied: changed.into_iter().map(|(index, _)| index).collect(), set, pixels })
    }

    /// Walks over both, tells what is otherwise, and where the pixels must start.
    fn walk(&self, data: &[u8], mut changed: impl FnMut(usize, Range<usize>)) -> Option<usize> {
        let (mut index, mut at) = (0, 0);
        loop {
            let from = self.parts.get(index).map_or(self.raw.len(), |part| part.at.start);
            let reached = from + alike(data.get(at..)?, &self.raw[from..]);
            index += self.parts[index..].partition_point(|part| part.at.end <= reached);
            let Some(part) = self.parts.get(index) else { return Some(at + self.raw.len() - from) };
            at += part.at.start - from;
            let other = span(data, at, &self.transfer_syntax)
                .filter(|other| other.tag == part.tag && may_vary(other.tag) && other.end <= data.len())?;
            changed(index, at..other.end);
            (index, at) = (index + 1, other.end);
        }
    }

    /// Pixels of the same length to the end of the file, if there are any; nothing else may follow.
    fn pixels_behind(&self, data: &[u8], end: usize, opened: &Opened<'_>) -> Option<Option<Range<u64>>> {
        let at = (opened.data_set_at + end) as u64;
        let Some((start, length)) = &self.pixels else { return (at == opened.length).then_some(None) };
        let at = at + start.len() as u64;
        let fits = data[end..].starts_with(start) && at + length == opened.length;
        fits.then_some(Some(at..opened.length))
    }

    /// Elements that stand alone, read as if the others stood around them.
    fn read<'a>(&self, elements: impl ExactSizeIterator<Item = &'a [u8]>) -> Option<DataSet> {
        let expected = self.settled.len() + elements.len();
        let mut bytes = self.preface.clone();
        elements.for_each(|element| bytes.extend_from_slice(element));
        let read = parse(&bytes.into(), &self.transfer_syntax, &ReadOptions::default()).ok()?.data_set;
        let varied = read.iter().filter(|element| !PREFACE.contains(&element.tag)).cloned();
        let all: Vec<_> = self.settled.iter().cloned().chain(varied).collect();
        (all.len() == expected).then(|| DataSet::from_elements(all, self.charset))
    }

    /// A part as it was in the one that was read, with what is settled.
    pub(super) fn first(&self, index: usize) -> Option<DataSet> {
        self.read(std::iter::once(&self.raw[self.parts[index].at.clone()]))
    }

    /// The element that says in which character set text is, as it is written.
    pub(super) fn character_set(&self) -> Option<&[u8]> {
        let part = self.parts.iter().find(|part| part.tag == tags::SPECIFIC_CHARACTER_SET)?;
        Some(&self.raw[part.at()])
    }

    pub(super) const fn transfer_syntax(&self) -> &TransferSyntax {
        &self.transfer_syntax
    }
}

/// A data set cut into its elements.
pub(super) struct Cut<'a> {
    pub parts: Vec<Part>,
    /// Where pixel data starts, or the end.
    pub end: usize,
    /// What stands before the pixels, and their length.
    pub pixels: Option<(&'a [u8], u64)>,
}

/// Cuts a data set of `length` bytes, of which not all need be there. None of one that has more than the elements of
/// usual objects by ascending tag, and at the end perhaps pixels that are not encapsulated.
pub(super) fn cut<'a>(data: &'a [u8], ts: &TransferSyntax, length: u64) -> Option<Cut<'a>> {
    if ts.deflated() || ts.big_endian() {
        return None;
    }
    let (mut parts, mut at) = (Vec::<Part>::with_capacity(256), 0);
    while (at as u64) < length {
        let next = span(data, at, ts)?;
        if next.tag.0 >= tags::PIXEL_DATA.0 {
            let pixels = start_of_pixels(data, at, next, length)?;
            return Some(Cut { parts, end: at, pixels: Some(pixels) });
        }
        if next.end > data.len() || parts.last().is_some_and(|last| last.tag >= next.tag) {
            return None;
        }
        parts.push(Part { tag: next.tag, at: at..next.end });
        at = next.end;
    }
    Some(Cut { parts, end: at, pixels: None })
}

fn start_of_pixels(data: &[u8], at: usize, pixels: Span, length: u64) -> Option<(&[u8], u64)> {
    let is_plain = pixels.tag == tags::PIXEL_DATA
        && pixels.is_defined
        && pixels.vr.is_none_or(|vr| matches!(vr, Vr::OB | Vr::OW))
        && pixels.end as u64 == length;
    let size = (pixels.end - pixels.value_at) as u64;
    (is_plain && size.is_multiple_of(2)).then(|| (&data[at..pixels.value_at], size))
}

impl Part {
    pub(super) fn at(&self) -> Range<usize> {
        self.at.clone()
    }
}

fn may_vary(tag: Tag) -> bool {
    !(DECIDE.contains(&tag) || PREFACE.contains(&tag) || dictionary::is_private_creator(tag))
}

/// How many bytes two texts have in common at their beginning.
fn alike(a: &[u8], b: &[u8]) -> usize {
    const STEP: usize = 64;
    let steps = a.chunks_exact(STEP).zip(b.chunks_exact(STEP)).take_while(|(a, b)| a == b).count() * STEP;
    steps + a[steps..].iter().zip(&b[steps..]).take_while(|(a, b)| a == b).count()
}

/// The latest few, of which the newest is asked first.
pub(super) struct Recent<T>(Mutex<Arc<Vec<Arc<T>>>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Recent<T> {
    pub(super) fn find<R>(&self, fits: impl FnMut(&Arc<T>) -> Option<R>) -> Option<R> {
        let all = Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
        all.iter().rev().find_map(fits)
    }

    pub(super) fn add(&self, one: T) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.len().saturating_sub(MOST - 1);
        *all = Arc::new(all[kept..].iter().cloned().chain([Arc::new(one)]).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_counted_to_the_byte() {
        let text = vec![7; 200];
        for at in [0, 1, 63, 64, 65, 127, 128, 199] {
            let mut other = text.clone();
            other[at] = 8;
            assert_eq!((alike(&text, &other), alike(&text, &text[..at])), (at, at));
        }
    }

    #[test]
    fn the_latest_are_kept() {
        let recent = Recent::default();
        (0..=MOST).for_each(|number| recent.add(number));
        let has = |wanted: usize| recent.find(|number| (**number == wanted).then_some(())).is_some();
        assert!(!has(0) && has(1) && has(MOST));
    }
}
