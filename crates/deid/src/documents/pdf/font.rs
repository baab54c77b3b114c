//! Fonts: what their codes say and how wide they are (ISO 32000-1 §9.6 to §9.10).

use super::super::Doubt;
use super::cmap::Map;
use super::real;
use crate::text::folded_words;
use lopdf::{Dictionary, Document, Encoding, Object, dictionary};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization as _;

/// How letters look, as far as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub(in crate::documents) enum Face {
    #[default]
    Sans,
    Serif,
    Mono,
}

/// A face, bold or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub(in crate::documents) struct Style {
    pub face: Face,
    pub bold: bool,
}

/// A font as it is read.
pub(super) struct Font {
    reading: Reading,
    widths: HashMap<u32, f64>,
    default_width: f64,
    pub style: Style,
}

/// What codes say.
enum Reading {
    /// One byte each.
    Simple(Box<[Option<String>; 256]>),
    /// Two bytes each, by a map.
    Mapped(Map),
    /// Two bytes each, which are UTF-16 themselves.
    Utf16,
}

/// One code of a string.
pub(super) struct Code {
    /// What it says; nothing if nobody knows.
    pub text: Option<String>,
    /// In thousandths of the font's size.
    pub width: f64,
    /// Word spacing applies to it.
    pub is_space: bool,
}

const UNREADABLE: Doubt = Doubt("a font does not tell what its letters are");
const TWO_WAYS: Doubt = Doubt("a font says one thing and shows another");

impl Font {
    pub(super) fn read(document: &Document, font: &Dictionary, limit: usize) -> Result<Self, Doubt> {
        let base = font.get_deref(b"BaseFont", document).and_then(Object::as_name).unwrap_or_default();
        let style = style(base);
        let to_unicode = to_unicode(document, font, limit)?;
        if font.get_deref(b"Subtype", document).and_then(Object::as_name).ok() == Some(b"Type0") {
            return composite(document, font, to_unicode, style);
        }
        let reading = simple(document, font, to_unicode.as_ref(), limit)?;
        let mut widths = simple_widths(document, font);
        if widths.is_empty() {
            let of = |(code, text): (usize, &Option<String>)| {
                Some((code as u32, standard_width(style, text.as_ref()?.chars().next()?)))
            };
            widths = reading.iter().enumerate().filter_map(of).collect();
        }
        Ok(Self { reading: Reading::Simple(reading), widths, default_width: 500.0, style })
    }

    /// The codes of a string.
    pub(super) fn codes(&self, bytes: &[u8]) -> Vec<Code> {
        let wide = |code: u32| self.widths.get(&code).copied().unwrap_or(self.default_width);
        let pair = |pair: &[u8]| pair.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
        match &self.reading {
            Reading::Simple(table) => {
                let one = |byte: &u8| Code {
                    text: table[usize::from(*byte)].clone(),
                    width: wide(u32::from(*byte)),
                    is_space: *byte == b' ',
                };
                bytes.iter().map(one).collect()
            }
            Reading::Mapped(map) => {
                let one = |code: u32| Code {
                    text: map.get(code, [2, 1]).and_then(|text| readable(&text)),
                    width: wide(code),
                    is_space: false,
                };
                bytes.chunks(2).map(pair).map(one).collect()
            }
            Reading::Utf16 => {
                let units = bytes.chunks(2).map(|two| pair(two) as u16);
                let one = |c: Result<char, _>| Code {
                    text: c.ok().map(String::from),
                    width: self.default_width,
                    is_space: false,
                };
                char::decode_utf16(units).map(one).collect()
            }
        }
    }
}

/// Text that says something; ligatures as the letters they stand for.
fn readable(text: &str) -> Option<String> {
    let is_sign = |c: char| c == '\u{FFFD}' || c.is_control() || ('\u{E000}'..='\u{F8FF}').contains(&c);
    if text.is_empty() || text.chars().any(is_sign) {
        return None;
    }
    let has_ligature = text.chars().any(|c| ('\u{FB00}'..='\u{FB06}').contains(&c));
    Some(if has_ligature { text.nfkc().collect() } else { text.to_owned() })
}

/// The map to Unicode, if there is one; one that can't be read withholds the document.
fn to_unicode(document: &Document, font: &Dictionary, limit: usize) -> Result<Option<Map>, Doubt> {
    let Ok(object) = font.get_deref(b"ToUnicode", document) else { return Ok(None) };
    let Ok(stream) = object.as_stream() else { return Ok(None) };
    let content = stream.get_plain_content_with_limit(limit).map_err(|_| UNREADABLE)?;
    Map::parse(&content).map(Some).ok_or(UNREADABLE)
}

fn composite(
    document: &Document,
    font: &Dictionary,
    to_unicode: Option<Map>,
    style: Style,
) -> Result<Font, Doubt> {
    let encoding = font.get_deref(b"Encoding", document).and_then(Object::as_name).unwrap_or_default();
    let is_unicode =
        encoding.starts_with(b"Uni") && encoding.ends_with(b"-H") && !encoding.ends_with(b"UTF8-H");
    let reading = match to_unicode {
        _ if is_unicode => Reading::Utf16,
        Some(map) if encoding == b"Identity-H" => Reading::Mapped(map),
        _ => return Err(UNREADABLE),
    };
    let descendant = font
        .get_deref(b"DescendantFonts", document)
        .and_then(Object::as_array)
        .ok()
        .and_then(|fonts| document.dereference(fonts.first()?).ok()?.1.as_dict().ok());
    let default_width = descendant.and_then(|font| real(document, font.get(b"DW").ok()?)).unwrap_or(1000.0);
    let widths = descendant.map(|font| composite_widths(document, font)).unwrap_or_default();
    Ok(Font { reading, widths, default_width, style })
}

/// `W`: `first [w w …]` or `first last w` (ISO 32000-1 §9.7.4.3).
fn composite_widths(document: &Document, font: &Dictionary) -> HashMap<u32, f64> {
    let Ok(array) = font.get_deref(b"W", document).and_then(Object::as_array) else { return HashMap::new() };
    let mut widths = HashMap::new();
    let mut rest = array.iter();
    while let (Some(first), Some(next)) = (rest.next(), rest.next()) {
        let Some(first) = real(document, first).map(|first| first as u32) else { break };
        let Ok((_, next)) = document.dereference(next) else { break };
        if let Ok(list) = next.as_array() {
            let each = (first..).zip(list).filter_map(|(code, width)| Some((code, real(document, width)?)));
            widths.extend(each);
            continue;
        }
        let (Some(last), Some(width)) =
            (real(document, next), rest.next().and_then(|width| real(document, width)))
        else {
            break;
        };
        widths.extend((first..=(last as u32).min(0xFFFF)).map(|code| (code, width)));
    }
    widths
}

fn simple_widths(document: &Document, font: &Dictionary) -> HashMap<u32, f64> {
    let first = font.get(b"FirstChar").ok().and_then(|first| real(document, first)).unwrap_or(0.0) as u32;
    let Ok(array) = font.get_deref(b"Widths", document).and_then(Object::as_array) else {
        return HashMap::new();
    };
    // The glyphs of type 3 have a measure of their own.
    let matrix = font.get_deref(b"FontMatrix", document).and_then(Object::as_array).ok();
    let scale = matrix.and_then(|matrix| real(document, matrix.first()?)).map_or(1.0, |scale| scale * 1000.0);
    let widths = array.iter().take(256).map(|width| real(document, width).unwrap_or(0.0) * scale);
    (first..).zip(widths).collect()
}

/// What the bytes say by the encoding and by the map; where both say something it must be the same.
fn simple(
    document: &Document,
    font: &Dictionary,
    to_unicode: Option<&Map>,
    limit: usize,
) -> Result<Box<[Option<String>; 256]>, Doubt> {
    let encoded = encoded(document, font, limit)?;
    if encoded.is_none() && to_unicode.is_none() {
        return Err(UNREADABLE);
    }
    let mut table: Box<[Option<String>; 256]> = Box::new([const { None }; 256]);
    for (code, place) in table.iter_mut().enumerate() {
        let by_encoding = encoded.as_ref().and_then(|encoded| encoded[code].clone());
        let by_map = to_unicode.and_then(|map| readable(&map.get(code as u32, [1, 2])?));
        if let (Some(one), Some(other)) = (&by_encoding, &by_map)
            && folded_words(one) != folded_words(other)
        {
            return Err(TWO_WAYS);
        }
        *place = by_map.or(by_encoding);
    }
    Ok(table)
}

type Table = Vec<Option<String>>;

/// What the bytes say by the encoding, if that is known.
fn encoded(document: &Document, font: &Dictionary, limit: usize) -> Result<Option<Table>, Doubt> {
    let subtype = font.get_deref(b"Subtype", document).and_then(Object::as_name).unwrap_or_default();
    let encoding = font.get_deref(b"Encoding", document).ok();
    let base = match encoding {
        Some(Object::Name(name)) => Some(name.as_slice()),
        Some(Object::Dictionary(encoding)) => {
            encoding.get_deref(b"BaseEncoding", document).and_then(Object::as_name).ok()
        }
        _ => None,
    };
    let default: Option<&[u8]> = match subtype {
        b"TrueType" => Some(b"WinAnsiEncoding"),
        b"Type3" => None,
        _ => Some(b"StandardEncoding"),
    };
    let own = has_own_encoding(document, font);
    let named = base.or(default.filter(|_| !own));
    let mut table: Table = match named {
        Some(name) => (0..=255).map(|code| by_name(name, code, limit)).collect(),
        None => vec![None; 256],
    };
    let Some(Object::Dictionary(encoding)) = encoding else {
        return Ok(named.map(|_| table));
    };
    let Ok(differences) = encoding.get_deref(b"Differences", document).and_then(Object::as_array) else {
        return Ok(named.map(|_| table));
    };
    let mut code = 0_usize;
    for object in differences {
        match document.dereference(object).map_err(|_| UNREADABLE)?.1 {
            Object::Name(name) => {
                *table.get_mut(code).ok_or(UNREADABLE)? = glyph_name(name);
                code += 1;
            }
            number => code = number.as_i64().ok().and_then(|n| usize::try_from(n).ok()).ok_or(UNREADABLE)?,
        }
    }
    Ok(Some(table))
}

/// Whether the font's program says what its codes are, which is not read.
fn has_own_encoding(document: &Document, font: &Dictionary) -> bool {
    let descriptor = font.get_deref(b"FontDescriptor", document).and_then(Object::as_dict);
    descriptor.is_ok_and(|descriptor| {
        [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| descriptor.has(key))
    })
}

fn by_name(name: &[u8], code: u8, limit: usize) -> Option<String> {
    let font = dictionary! { "Type" => "Font", "Encoding" => Object::Name(name.to_vec()) };
    decoded(&font, code, limit)
}

fn decoded(font: &Dictionary, code: u8, limit: usize) -> Option<String> {
    let nothing = Document::new();
    let encoding = font.get_font_encoding_with_limit(&nothing, limit).ok()?;
    if matches!(encoding, Encoding::SimpleEncoding(_)) {
        return None;
    }
    readable(&encoding.bytes_to_string(&[code]).ok()?)
}

/// What a glyph is by its name, as Adobe's list has it or as `uni0041`, `u00041`.
fn glyph_name(name: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(name).ok()?;
    let stem = text.split('.').next().unwrap_or(text);
    let hex = |digits: &str| {
        let is_hex = digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32).map(String::from)
    };
    if let Some(c) = stem.strip_prefix("uni").or_else(|| stem.strip_prefix('u')).and_then(hex) {
        return readable(&c);
    }
    let ligature = match stem {
        "f_f" | "ff" => Some("ff"),
        "f_i" | "fi" => Some("fi"),
        "f_l" | "fl" => Some("fl"),
        "f_f_i" | "ffi" => Some("ffi"),
        "f_f_l" | "ffl" => Some("ffl"),
        _ => None,
    };
    if let Some(letters) = ligature {
        return Some(letters.to_owned());
    }
    // Letters are no names of glyphs that somebody made up.
    let encoding = dictionary! {
        "Type" => "Encoding",
        "Differences" => vec![Object::Integer(0), Object::Name(stem.as_bytes().to_vec())],
    };
    let font = dictionary! { "Type" => "Font", "Encoding" => encoding };
    let nothing = Document::new();
    match font.get_font_encoding(&nothing).ok()? {
        Encoding::Differences(differences) => {
            let unit = differences.map.get(&0)?.utf16_code_unit();
            readable(&String::from_utf16(&[unit]).ok()?)
        }
        _ => None,
    }
}

fn style(base: &[u8]) -> Style {
    let name = String::from_utf8_lossy(base).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let face = if has(&["courier", "mono", "consol", "typewriter"]) {
        Face::Mono
    } else if has(&["times", "serif", "roman", "georgia", "garamond", "cambria", "cmr"]) && !has(&["sans"]) {
        Face::Serif
    } else {
        Face::Sans
    };
    Style { face, bold: has(&["bold", "black", "heavy"]) }
}

/// Of U+0020 to U+007E in Helvetica and Times, as their makers measured them.
const SANS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const SERIF: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333,
    389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469,
    500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389,
    278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// How wide a letter is in one of the standard fonts, in thousandths; accents do not count.
pub(super) fn standard_width(style: Style, letter: char) -> f64 {
    let plain = std::iter::once(letter).nfd().next().unwrap_or(letter);
    let index = (plain as usize).wrapping_sub(0x20);
    let table = match style.face {
        Face::Mono => return 600.0,
        Face::Sans => &SANS,
        Face::Serif => &SERIF,
    };
    f64::from(table.get(index).copied().unwrap_or(556))
}
