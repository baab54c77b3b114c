//! Files (PS3.10 §7): preamble, group 2, data set — and files that lack some of it.

use crate::data_set::pad;
use crate::read::{self, Encoding, ReadError, ReadOptions, Stop, Stopped, element_header, parse_vr};
use crate::write::write_bytes;
use crate::{
    DataSet, Element, IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, Tag, TransferSyntax, Value, Vr,
    dictionary, tags, uids,
};
use bytes::Bytes;
use model::AeTitle;

const PREAMBLE: usize = 128;

/// Group 2 of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileMeta {
    /// Its elements, without the group length.
    pub elements: DataSet,
}

impl FileMeta {
    /// Media Storage SOP Class UID (0002,0002).
    #[must_use]
    pub fn sop_class(&self) -> Option<String> {
        self.elements.uid(tags::MEDIA_STORAGE_SOP_CLASS_UID)
    }

    /// Media Storage SOP Instance UID (0002,0003).
    #[must_use]
    pub fn sop_instance(&self) -> Option<String> {
        self.elements.uid(tags::MEDIA_STORAGE_SOP_INSTANCE_UID)
    }

    /// Transfer Syntax UID (0002,0010) as written, which the data set need not obey.
    #[must_use]
    pub fn transfer_syntax(&self) -> Option<String> {
        self.elements.uid(tags::TRANSFER_SYNTAX_UID)
    }
}

/// Where the parts of a file are.
#[derive(Debug, Clone)]
pub struct Part10 {
    /// Group 2; empty if the file has none.
    pub meta: FileMeta,
    /// The transfer syntax the data set is really in: as group 2 says, or by its looks
    /// where group 2 is missing or wrong.
    pub transfer_syntax: TransferSyntax,
    /// Offset of the data set: the bytes a C-STORE of the same object would carry.
    pub data_set_at: u64,
}

/// Everything of a file before its pixel data.
#[derive(Debug, Clone)]
pub struct Header {
    /// Group 2.
    pub meta: FileMeta,
    /// The elements before pixel data; for objects without pixel data, all.
    pub data_set: DataSet,
    /// The transfer syntax the data set is really in.
    pub transfer_syntax: TransferSyntax,
    /// Offset of the data set in the file.
    pub data_set_at: u64,
    /// Offset in the file of the element with (Float, Double Float) Pixel Data.
    /// `None` if there is none, and also if the data set is deflated; see [`Header::pixel_data`].
    pub pixel_data_at: Option<u64>,
    /// Which kind of pixel data there is, and its VR.
    pub pixel_data: Option<(Tag, Vr)>,
    /// False if the file ends before its pixel data does.
    pub complete: bool,
}

/// Reads group 2 and finds the data set. The preamble may be missing, the group length missing or wrong,
/// and group 2 itself missing if the bytes start like a data set.
///
/// # Errors
/// [`ReadError::NotDicom`], or that group 2 is cut short.
pub fn open_file(bytes: &Bytes) -> Result<Part10, ReadError> {
    open_prefix(bytes, bytes.len() as u64)
}

/// Reads the header of a whole file.
///
/// # Errors
/// [`ReadError`], saying what and where.
pub fn read_header(bytes: &Bytes) -> Result<Header, ReadError> {
    read_header_prefix(bytes, bytes.len() as u64)
}

/// Reads the header from the first bytes of a file of `file_length` bytes.
///
/// # Errors
/// [`ReadError::NeedMore`] if pixel data starts after them; otherwise what is wrong with the file.
pub fn read_header_prefix(bytes: &Bytes, file_length: u64) -> Result<Header, ReadError> {
    let Part10 { meta, transfer_syntax, data_set_at } = open_prefix(bytes, file_length)?;
    let start = data_set_at as usize;
    let opts = ReadOptions { stop: Stop::AtPixelData, ..ReadOptions::default() };
    if transfer_syntax.deflated() {
        return deflated_header(bytes, file_length, meta, transfer_syntax, data_set_at, &opts);
    }
    let encoding = Encoding::of(&transfer_syntax);
    let parsed = read::parse_file(bytes, start, file_length, encoding, &opts)?;
    let is_complete = |stopped: Stopped| pixel_data_is_complete(bytes, stopped.at, file_length, encoding);
    Ok(Header {
        meta,
        data_set: parsed.data_set,
        transfer_syntax,
        data_set_at,
        pixel_data_at: parsed.stopped.map(|stopped| stopped.at as u64),
        pixel_data: parsed.stopped.map(|stopped| (stopped.tag, stopped.vr)),
        complete: parsed.stopped.is_none_or(is_complete),
    })
}

fn deflated_header(
    bytes: &Bytes,
    file_length: u64,
    meta: FileMeta,
    transfer_syntax: TransferSyntax,
    data_set_at: u64,
    opts: &ReadOptions,
) -> Result<Header, ReadError> {
    if (bytes.len() as u64) < file_length {
        return Err(ReadError::NeedMore { at_least: file_length });
    }
    let deflated = &bytes[data_set_at as usize..];
    let parsed = read::inflate_until(deflated, opts, |inflated, whole| {
        read::parse_file(inflated, 0, whole, Encoding::EXPLICIT, opts)
    })?;
    Ok(Header {
        meta,
        data_set: parsed.data_set,
        transfer_syntax,
        data_set_at,
        pixel_data_at: None,
        pixel_data: parsed.stopped.map(|stopped| (stopped.tag, stopped.vr)),
        complete: parsed.complete && read::stream_ends(deflated, opts),
    })
}

/// Whether the element at `at` ends within the file. Fragments are followed as far as there are bytes.
fn pixel_data_is_complete(bytes: &[u8], at: usize, file_length: u64, encoding: Encoding) -> bool {
    let Ok(header) = element_header(&bytes[at..], encoding) else {
        return (bytes.len() as u64) < file_length;
    };
    let mut at = (at + header.size) as u64;
    if let Some(length) = header.length {
        return at + u64::from(length) <= file_length;
    }
    loop {
        let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        match element_header(rest, encoding) {
            Ok(item) if item.tag == Tag(0xFFFE, 0xE000) => {
                at += 8 + u64::from(item.length.unwrap_or(u32::MAX));
            }
            Ok(other) => return other.tag == Tag(0xFFFE, 0xE0DD),
            Err(needed) => return (bytes.len() as u64) < file_length && at + needed as u64 <= file_length,
        }
    }
}

fn open_prefix(bytes: &Bytes, file_length: u64) -> Result<Part10, ReadError> {
    let wanted = file_length.min(PREAMBLE as u64 + 256);
    if (bytes.len() as u64) < wanted {
        return Err(ReadError::NeedMore { at_least: wanted });
    }
    let start = match bytes.get(PREAMBLE..PREAMBLE + 4) {
        Some(b"DICM") => PREAMBLE + 4,
        _ if bytes.starts_with(b"DICM") => 4,
        _ => 0,
    };
    let (meta, data_set_at) = read_meta(bytes, start, file_length)?;
    let is_marked = start > 0 || !meta.elements.is_empty();
    let transfer_syntax =
        settle_syntax(&meta, &bytes[data_set_at..], file_length, is_marked).ok_or(ReadError::NotDicom)?;
    Ok(Part10 { meta, transfer_syntax, data_set_at: data_set_at as u64 })
}

/// Group 2, which is explicit VR little endian whatever follows; it ends where another group starts,
/// because its length is often wrong.
fn read_meta(bytes: &Bytes, start: usize, file_length: u64) -> Result<(FileMeta, usize), ReadError> {
    let mut elements = Vec::new();
    let mut at = start;
    let mut announced_end = None;
    while let Ok(header) = element_header(&bytes[at..], Encoding::EXPLICIT) {
        let deflated_starts = announced_end == Some(at) && is_deflated(&elements);
        if header.tag.0 != 2 || deflated_starts {
            break;
        }
        let value_at = at + header.size;
        let end = value_at.saturating_add(header.length.unwrap_or(u32::MAX) as usize);
        if end > bytes.len() {
            return Err(cut_short(header.tag, at, end, bytes.len(), file_length));
        }
        let value = bytes.slice(value_at..end);
        match (header.tag, value.as_ref()) {
            (Tag(2, 0), &[a, b, c, d]) => {
                announced_end = end.checked_add(u32::from_le_bytes([a, b, c, d]) as usize);
            }
            (Tag(2, 0), _) => {}
            (tag, _) => {
                let vr = header.vr.unwrap_or_else(|| dictionary::implicit_vr(tag, false));
                elements.push(Element { tag, vr, value: Value::Bytes(value) });
            }
        }
        at = end;
    }
    Ok((FileMeta { elements: elements.into_iter().collect() }, at))
}

fn cut_short(tag: Tag, at: usize, end: usize, have: usize, file_length: u64) -> ReadError {
    if (have as u64) < file_length && end as u64 <= file_length {
        return ReadError::NeedMore { at_least: end as u64 };
    }
    ReadError::Truncated { tag, at: at as u64 }
}

/// A deflated stream may by chance start like group 2, so there the group length is believed.
fn is_deflated(elements: &[Element]) -> bool {
    let syntax = elements.iter().find(|element| element.tag == tags::TRANSFER_SYNTAX_UID);
    syntax.and_then(|element| element.value.bytes()).is_some_and(|uid| {
        std::str::from_utf8(uid).is_ok_and(|uid| TransferSyntax::or_unknown(uid).deflated())
    })
}

/// The syntax group 2 declares, unless the first element shows that it can't be; by looks alone
/// where nothing is declared. `None` if that doesn't look like a data set.
fn settle_syntax(
    meta: &FileMeta,
    data_set: &[u8],
    file_length: u64,
    is_marked: bool,
) -> Option<TransferSyntax> {
    let declared = meta.transfer_syntax().map(|uid| TransferSyntax::or_unknown(&uid));
    let looks = looks_like(data_set, file_length);
    match (declared, looks) {
        (Some(declared), Some(looks)) if !declared.deflated() && contradicts(&declared, &looks) => {
            Some(looks)
        }
        (Some(declared), _) => Some(declared),
        (None, Some(looks)) => Some(looks),
        (None, None) if is_marked => Some(TransferSyntax::IMPLICIT_LE),
        (None, None) => None,
    }
}

fn contradicts(declared: &TransferSyntax, looks: &TransferSyntax) -> bool {
    let (declared, looks) = (Encoding::of(declared), Encoding::of(looks));
    declared != looks
}

/// The native syntax a data set seems to be in, from its first element: a low even group,
/// and a VR or a length that can be.
fn looks_like(data_set: &[u8], file_length: u64) -> Option<TransferSyntax> {
    let &[g0, g1, e0, e1, v0, v1, l0, l1] = data_set.first_chunk::<8>()?;
    let has_vr = parse_vr([v0, v1]).is_some();
    let little = Tag(u16::from_le_bytes([g0, g1]), u16::from_le_bytes([e0, e1]));
    let length = u64::from(u32::from_le_bytes([v0, v1, l0, l1]));
    match ([g0, g1], has_vr) {
        ([0x04..=0x20, 0], true) => Some(TransferSyntax::EXPLICIT_LE),
        ([0, 0x04..=0x20], true) => Some(TransferSyntax::EXPLICIT_BE),
        ([0x04..=0x20, 0], false) if length <= file_length && is_known(little) => {
            Some(TransferSyntax::IMPLICIT_LE)
        }
        _ => None,
    }
}

fn is_known(tag: Tag) -> bool {
    tag.1 == 0 || dictionary::attribute(tag).is_some()
}

/// Preamble, `DICM` and group 2 of a file (PS3.10 §7.1); the same arguments give the same bytes.
#[must_use]
pub fn file_meta(sop_class: &str, sop_instance: &str, ts: &str, source: Option<&AeTitle>) -> Vec<u8> {
    let text = |tag, vr, text: &str| (tag, vr, pad(text.as_bytes().to_vec(), vr));
    let source = source.map(|source| text(tags::SOURCE_APPLICATION_ENTITY_TITLE, Vr::AE, source.as_str()));
    let elements = [
        (tags::FILE_META_INFORMATION_VERSION, Vr::OB, vec![0, 1]),
        text(tags::MEDIA_STORAGE_SOP_CLASS_UID, Vr::UI, sop_class),
        text(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, Vr::UI, sop_instance),
        text(tags::TRANSFER_SYNTAX_UID, Vr::UI, ts),
        text(tags::IMPLEMENTATION_CLASS_UID, Vr::UI, IMPLEMENTATION_CLASS_UID),
        text(tags::IMPLEMENTATION_VERSION_NAME, Vr::SH, IMPLEMENTATION_VERSION_NAME),
    ];
    let mut out = Vec::with_capacity(512);
    out.resize(PREAMBLE, 0);
    out.extend_from_slice(b"DICM\x02\0\0\0UL\x04\0\0\0\0\0");
    let start = out.len();
    for (tag, vr, value) in elements.into_iter().chain(source) {
        write_bytes(tag, vr, &value, Encoding::EXPLICIT, &mut out);
    }
    let length = (out.len() - start) as u32;
    out[start - 4..start].copy_from_slice(&length.to_le_bytes());
    out
}

/// Whether these UIDs name the directory of a medium rather than an image or document (PS3.10 §8).
#[must_use]
pub fn is_dicomdir(meta: &FileMeta) -> bool {
    meta.sop_class().as_deref() == Some(uids::MEDIA_STORAGE_DIRECTORY_STORAGE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write_file;

    fn image(ts: &TransferSyntax) -> Vec<u8> {
        let mut set = DataSet::new();
        set.put_text(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2");
        set.put_text(tags::SOP_INSTANCE_UID, "1.2.3.4");
        set.put_text(tags::PATIENT_ID, "p1");
        set.put_bytes(tags::PIXEL_DATA, Vr::OW, vec![7; 1000]);
        write_file(&set, ts, None)
    }

    #[test]
    fn a_header_ends_before_pixel_data() {
        let bytes = Bytes::from(image(&TransferSyntax::EXPLICIT_LE));
        let header = read_header(&bytes).expect("it is a file");
        assert!(header.complete && header.pixel_data == Some((tags::PIXEL_DATA, Vr::OW)));
        assert_eq!(header.data_set.uid(tags::SOP_INSTANCE_UID), header.meta.sop_instance());
        let at = header.pixel_data_at.expect("it has pixels") as usize;
        assert_eq!(&bytes[at..at + 6], b"\xE0\x7F\x10\0OW");
    }

    #[test]
    fn a_prefix_asks_for_more_until_pixel_data_starts() {
        let bytes = Bytes::from(image(&TransferSyntax::IMPLICIT_LE));
        let whole = bytes.len() as u64;
        let pixels = read_header(&bytes).ok().and_then(|h| h.pixel_data_at).expect("it has pixels") as usize;
        for len in 0..pixels {
            let outcome = read_header_prefix(&bytes.slice(..len), whole);
            assert!(matches!(outcome, Err(ReadError::NeedMore { .. })), "{len} {outcome:?}");
        }
        assert!(read_header_prefix(&bytes.slice(..(pixels + 8).max(384)), whole).is_ok_and(|h| h.complete));
    }

    #[test]
    fn cut_pixel_data_is_told() {
        let bytes = Bytes::from(image(&TransferSyntax::EXPLICIT_LE));
        let cut = bytes.slice(..bytes.len() - 10);
        assert!(read_header(&cut).is_ok_and(|header| !header.complete));
    }

    #[test]
    fn deflated_headers_have_no_pixel_offset_in_the_file() {
        let header = read_header(&Bytes::from(image(&TransferSyntax::DEFLATED_LE))).expect("it is a file");
        assert_eq!((header.pixel_data_at, header.pixel_data.is_some()), (None, true));
        assert_eq!(header.data_set.text(tags::PATIENT_ID).as_deref(), Some("p1"));
    }

    #[test]
    fn a_deflated_stream_without_its_end_is_told() {
        let bytes = Bytes::from(image(&TransferSyntax::DEFLATED_LE));
        assert!(read_header(&bytes).is_ok_and(|header| header.complete));
        let cut = bytes.slice(..bytes.len() - 6);
        assert!(!read_header(&cut).is_ok_and(|header| header.complete));
    }

    #[test]
    fn preamble_and_group_2_may_be_missing() {
        for ts in [TransferSyntax::IMPLICIT_LE, TransferSyntax::EXPLICIT_LE, TransferSyntax::EXPLICIT_BE] {
            let bytes = Bytes::from(image(&ts));
            let at = open_file(&bytes).expect("it is a file").data_set_at as usize;
            for start in [128, 132, at] {
                let header = read_header(&bytes.slice(start..)).expect("still readable");
                assert_eq!(header.transfer_syntax, ts);
                assert_eq!(header.data_set.uid(tags::SOP_INSTANCE_UID).as_deref(), Some("1.2.3.4"));
            }
        }
    }

    #[test]
    fn a_wrong_group_length_does_not_matter() {
        let mut bytes = image(&TransferSyntax::EXPLICIT_LE);
        bytes[140..144].copy_from_slice(&[1, 2, 3, 4]);
        assert!(read_header(&Bytes::from(bytes)).is_ok_and(|h| h.data_set.len() == 3));
    }

    #[test]
    fn a_wrong_transfer_syntax_is_seen_through() {
        let mut set = DataSet::new();
        set.put_text(tags::SOP_INSTANCE_UID, "1.2.3.4");
        let mut bytes = file_meta("1.2", "1.2.3.4", uids::EXPLICIT_VR_LITTLE_ENDIAN, None);
        crate::write_data_set(&set, &TransferSyntax::IMPLICIT_LE, &mut bytes);
        let header = read_header(&Bytes::from(bytes)).expect("it is a file");
        assert_eq!(header.transfer_syntax, TransferSyntax::IMPLICIT_LE);
        assert_eq!(header.data_set, set);
    }

    #[test]
    fn what_is_not_dicom_is_refused() {
        for bytes in [&b""[..], b"hello, this is text and not DICOM", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"] {
            assert_eq!(read_header(&Bytes::copy_from_slice(bytes)).err(), Some(ReadError::NotDicom));
        }
    }
}
