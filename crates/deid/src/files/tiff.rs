//! TIFF and SVS: the tiles and the numbers that describe them are written into a new file, one image after the other.
//! Of slides the label, the macro and the thumbnail do not pass; of descriptions only magnification and resolution.

use super::Refused;
use std::collections::BTreeMap;

const UNREADABLE: Refused = Refused("it can't be read as TIFF");

/// Images in a file.
const MOST_IMAGES: usize = 64;
/// Values of one entry: a tile each.
const MOST_VALUES: u64 = 1 << 22;

/// Entries of numbers that make the image (TIFF 6.0; colours, layout and compression).
const NUMBERS: &[u16] = &[
    254, 256, 257, 258, 259, 262, 266, 274, 277, 278, 282, 283, 284, 296, 317, 320, 321, 322, 323, 338, 339,
    530, 531, 532,
];
const DESCRIPTION: u16 = 270;
const STRIPS: (u16, u16) = (273, 279);
const TILES: (u16, u16) = (324, 325);
const COMPRESSION: u16 = 259;
const JPEG_TABLES: u16 = 347;

/// An entry with its values as they stand in the file.
struct Entry {
    kind: u16,
    count: u64,
    bytes: Vec<u8>,
}

struct Image {
    entries: BTreeMap<u16, Entry>,
}

/// How numbers are written in the file.
#[derive(Clone, Copy)]
struct Form {
    big_endian: bool,
    wide: bool,
}

impl Form {
    fn number(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if self.big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
    }

    fn put(self, out: &mut Vec<u8>, number: u64, length: usize) {
        let all = if self.big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
        out.extend_from_slice(if self.big_endian { &all[8 - length..] } else { &all[..length] });
    }

    const fn word(self) -> usize {
        if self.wide { 8 } else { 4 }
    }
}

pub(super) fn clean(bytes: &[u8], vouched: bool) -> Result<Vec<u8>, Refused> {
    let (form, images) = read(bytes)?;
    let is_tiled = |image: &Image| image.entries.contains_key(&TILES.0);
    let first = images.first().ok_or(UNREADABLE)?;
    let is_slide = is_tiled(first) && description(first).starts_with("Aperio");
    if !is_slide && !vouched {
        return Err(Refused("a picture may have text in its pixels, and the policy does not vouch for it"));
    }
    // Only levels are tiled in slides; labels, macros and thumbnails are strips.
    let kept: Vec<_> = images.iter().filter(|image| !is_slide || is_tiled(image)).collect();
    if kept.iter().any(|image| names_a_label(image)) {
        return Err(Refused("one of its images may show the label of a slide"));
    }
    write(bytes, form, &kept, is_slide)
}

fn names_a_label(image: &Image) -> bool {
    let said = description(image).to_lowercase();
    ["label", "macro", "overview"].iter().any(|word| said.contains(word))
}

fn description(image: &Image) -> String {
    image
        .entries
        .get(&DESCRIPTION)
        .map(|e| String::from_utf8_lossy(&e.bytes).into_owned())
        .unwrap_or_default()
}

fn read(bytes: &[u8]) -> Result<(Form, Vec<Image>), Refused> {
    let big_endian = match bytes.get(..2) {
        Some(b"II") => false,
        Some(b"MM") => true,
        _ => return Err(UNREADABLE),
    };
    let narrow = Form { big_endian, wide: false };
    let form = match narrow.number(slice(bytes, 2, 2)?) {
        42 => narrow,
        43 => Form { wide: true, ..narrow },
        _ => return Err(UNREADABLE),
    };
    let mut at = form.number(if form.wide { slice(bytes, 8, 8)? } else { slice(bytes, 4, 4)? });
    let mut images = Vec::new();
    while at != 0 {
        if images.len() >= MOST_IMAGES {
            return Err(UNREADABLE);
        }
        let (image, next) = image(bytes, form, at)?;
        images.push(image);
        at = next;
    }
    Ok((form, images))
}

fn image(bytes: &[u8], form: Form, at: u64) -> Result<(Image, u64), Refused> {
    let (head, each) = if form.wide { (8, 20) } else { (2, 12) };
    let count = form.number(slice(bytes, at, head)?);
    if count > 4096 {
        return Err(UNREADABLE);
    }
    let mut entries = BTreeMap::new();
    for index in 0..count {
        let raw = slice(bytes, at + head + index * each, each)?;
        let (tag, kind) = (form.number(&raw[..2]) as u16, form.number(&raw[2..4]) as u16);
        let word = form.word();
        let count = form.number(&raw[4..4 + word]);
        let length = count.checked_mul(size(kind)).filter(|_| count <= MOST_VALUES).ok_or(UNREADABLE)?;
        let inside = &raw[4 + word..];
        let value = match length <= word as u64 {
            true => &inside[..length as usize],
            false => slice(bytes, form.number(inside), length)?,
        };
        entries.insert(tag, Entry { kind, count, bytes: value.to_vec() });
    }
    let next = form.number(slice(bytes, at + head + count * each, form.word() as u64)?);
    Ok((Image { entries }, next))
}

/// Bytes of a value of each type (TIFF 6.0 §2, BigTIFF).
const fn size(kind: u16) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => 1,
    }
}

fn slice(bytes: &[u8], at: u64, length: u64) -> Result<&[u8], Refused> {
    let from = usize::try_from(at).map_err(|_| UNREADABLE)?;
    let to = usize::try_from(length).ok().and_then(|length| from.checked_add(length)).ok_or(UNREADABLE)?;
    bytes.get(from..to).ok_or(Refused("it is cut short"))
}

fn values(form: Form, entry: &Entry) -> Vec<u64> {
    entry.bytes.chunks(size(entry.kind) as usize).map(|value| form.number(value)).collect()
}

fn write(bytes: &[u8], form: Form, images: &[&Image], is_slide: bool) -> Result<Vec<u8>, Refused> {
    let mut out = bytes.get(..if form.wide { 8 } else { 4 }).ok_or(UNREADABLE)?.to_vec();
    let mut link = out.len();
    form.put(&mut out, 0, form.word());
    for image in images {
        let entries = entries(bytes, form, image, is_slide, &mut out)?;
        pad(&mut out);
        let start = out.len() as u64;
        patch(&mut out, form, link, start)?;
        form.put(&mut out, entries.len() as u64, if form.wide { 8 } else { 2 });
        for (tag, entry, place) in entries {
            form.put(&mut out, u64::from(tag), 2);
            form.put(&mut out, u64::from(entry.kind), 2);
            form.put(&mut out, entry.count, form.word());
            match place {
                Some(place) => form.put(&mut out, place, form.word()),
                None => {
                    out.extend_from_slice(&entry.bytes);
                    out.resize(out.len() + form.word() - entry.bytes.len(), 0);
                }
            }
        }
        link = out.len();
        form.put(&mut out, 0, form.word());
    }
    Ok(out)
}

fn pad(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(8), 0);
}

fn patch(out: &mut [u8], form: Form, at: usize, number: u64) -> Result<(), Refused> {
    if !form.wide && u32::try_from(number).is_err() {
        return Err(UNREADABLE);
    }
    let mut word = Vec::new();
    form.put(&mut word, number, form.word());
    out.get_mut(at..at + word.len()).ok_or(UNREADABLE)?.copy_from_slice(&word);
    Ok(())
}

type Placed = (u16, Entry, Option<u64>);

/// Copies the pixels of an image, then what describes them; gives the entries with where their values are.
fn entries(
    bytes: &[u8],
    form: Form,
    image: &Image,
    is_slide: bool,
    out: &mut Vec<u8>,
) -> Result<Vec<Placed>, Refused> {
    let (offsets, lengths) = if image.entries.contains_key(&TILES.0) { TILES } else { STRIPS };
    let of = |tag| image.entries.get(&tag).map(|entry| values(form, entry)).ok_or(UNREADABLE);
    let mut places = Vec::new();
    let (from, sizes) = (of(offsets)?, of(lengths)?);
    if from.len() != sizes.len() {
        return Err(UNREADABLE);
    }
    let is_jpeg = of(COMPRESSION).is_ok_and(|how| how == [7]);
    for (at, length) in from.into_iter().zip(&sizes) {
        let piece = slice(bytes, at, *length)?;
        if is_jpeg && !piece.is_empty() {
            check_piece(piece)?;
        }
        pad(out);
        places.push(if *length == 0 { 0 } else { out.len() as u64 });
        out.extend_from_slice(piece);
    }
    let mut kept: BTreeMap<u16, Entry> = BTreeMap::new();
    for (tag, entry) in &image.entries {
        let is_number = NUMBERS.contains(tag) && !matches!(entry.kind, 2 | 7);
        if is_number || *tag == JPEG_TABLES {
            let bytes = if *tag == JPEG_TABLES { tables(&entry.bytes)? } else { entry.bytes.clone() };
            kept.insert(
                *tag,
                Entry { kind: entry.kind, count: bytes.len() as u64 / size(entry.kind), bytes },
            );
        }
    }
    for (tag, numbers) in [(offsets, places), (lengths, sizes)] {
        let (kind, width) = if form.wide { (16, 8) } else { (4, 4) };
        let mut raw = Vec::new();
        numbers.iter().for_each(|number| form.put(&mut raw, *number, width));
        kept.insert(tag, Entry { kind, count: numbers.len() as u64, bytes: raw });
    }
    if is_slide {
        let text = aperio(&description(image)) + "\0";
        kept.insert(DESCRIPTION, Entry { kind: 2, count: text.len() as u64, bytes: text.into_bytes() });
    }
    Ok(kept.into_iter().map(|(tag, entry)| placed(form, tag, entry, out)).collect())
}

fn placed(form: Form, tag: u16, entry: Entry, out: &mut Vec<u8>) -> Placed {
    if entry.bytes.len() <= form.word() {
        return (tag, entry, None);
    }
    pad(out);
    let place = out.len() as u64;
    out.extend_from_slice(&entry.bytes);
    (tag, entry, Some(place))
}

/// A tile passes byte for byte, so it must be nothing but a picture.
fn check_piece(piece: &[u8]) -> Result<(), Refused> {
    let picture = super::picture::jpeg(piece)?;
    let behind = piece.strip_prefix(picture.as_slice());
    match behind.is_some_and(|behind| behind.iter().all(|byte| matches!(byte, 0 | 0xFF))) {
        true => Ok(()),
        false => Err(Refused("a tile holds more than its pixels")),
    }
}

/// The tables that tiles share are a JPEG without a picture.
fn tables(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    super::picture::jpeg(bytes)
}

/// What the description of a slide says in numbers.
fn aperio(said: &str) -> String {
    let numbers = ["AppMag", "MPP"].into_iter().filter_map(|key| {
        let value =
            said.split('|').find_map(|part| part.trim().strip_prefix(key)?.trim().strip_prefix('='))?;
        let number: f64 = value.trim().parse().ok().filter(|number: &f64| number.is_finite())?;
        Some(format!("|{key} = {number}"))
    });
    format!("Aperio Image Library{}", numbers.collect::<String>())
}
