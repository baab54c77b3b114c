//! A new file with nothing but text: the same pages and places always give the same bytes.

use super::Page;
use super::font::{Face, Style, standard_width};
use super::glyphs::Glyph;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The fonts that every reader has (ISO 32000-1 §9.6.2.2).
const STYLES: [(Style, &str); 6] = [
    (Style { face: Face::Sans, bold: false }, "Helvetica"),
    (Style { face: Face::Sans, bold: true }, "Helvetica-Bold"),
    (Style { face: Face::Serif, bold: false }, "Times-Roman"),
    (Style { face: Face::Serif, bold: true }, "Times-Bold"),
    (Style { face: Face::Mono, bold: false }, "Courier"),
    (Style { face: Face::Mono, bold: true }, "Courier-Bold"),
];

/// Codes 80 to 9F of WinAnsiEncoding; 0 where there is none.
const WIN_ANSI: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0, 0x017E, 0x0178,
];

/// Codes of a font of other letters: as many as there are places behind the space.
const FIRST: usize = 33;
const PER_FONT: usize = 222;

/// Letters that WinAnsiEncoding does not have, each with its number.
struct Others(BTreeMap<char, usize>);

impl Others {
    fn of(pages: &[Page]) -> Self {
        let letters = pages.iter().flat_map(|page| &page.glyphs).flat_map(|glyph| glyph.text.chars());
        let others: std::collections::BTreeSet<char> = letters.filter(|c| win_ansi(*c).is_none()).collect();
        Self(others.into_iter().zip(0..).collect())
    }

    fn fonts(&self) -> usize {
        self.0.len().div_ceil(PER_FONT)
    }

    /// The font, counted from those of WinAnsiEncoding on, and the code.
    fn code(&self, style: Style, letter: char) -> (usize, u8) {
        if let Some(code) = win_ansi(letter) {
            let font = STYLES.iter().position(|(one, _)| *one == style).unwrap_or(0);
            return (font, code);
        }
        let number = self.0.get(&letter).copied().unwrap_or(0);
        (STYLES.len() + number / PER_FONT, (FIRST + number % PER_FONT) as u8)
    }

    fn of_font(&self, font: usize) -> impl Iterator<Item = char> {
        self.0.keys().copied().skip(font * PER_FONT).take(PER_FONT)
    }
}

fn win_ansi(letter: char) -> Option<u8> {
    match letter as u32 {
        code @ (0x20..=0x7E | 0xA0..=0xFF) => u8::try_from(code).ok(),
        code => {
            WIN_ANSI.iter().position(|one| *one != 0 && u32::from(*one) == code).map(|at| 0x80 + at as u8)
        }
    }
}

/// The file.
pub(super) fn write(pages: &[Page]) -> Vec<u8> {
    let others = Others::of(pages);
    let fonts = STYLES.len() + others.fonts();
    // Each font of other letters has its map behind it.
    let first_page = 3 + STYLES.len() + 2 * others.fonts();
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", first_page + 2 * page)).collect();
    objects.push(format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.trim_end(), pages.len()));
    for (_, name) in STYLES {
        objects
            .push(format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"));
    }
    for font in 0..others.fonts() {
        let letters: Vec<_> = others.of_font(font).collect();
        objects.push(other_font(&letters, objects.len() + 2));
        objects.push(stream(&to_unicode(&letters)));
    }
    let number = |font: usize| match font.checked_sub(STYLES.len()) {
        None => 3 + font,
        Some(other) => 3 + STYLES.len() + 2 * other,
    };
    let named: String = (0..fonts).map(|font| format!("/F{font} {} 0 R ", number(font))).collect();
    for page in pages {
        let [left, bottom, right, top] = page.media_box.map(short);
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [{left} {bottom} {right} {top}] /Rotate {} \
             /Resources << /Font << {named}>> >> /Contents {} 0 R >>",
            page.rotate,
            objects.len() + 2
        ));
        objects.push(stream(&content(page, &others)));
    }
    file(&objects)
}

fn file(objects: &[String]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::with_capacity(objects.len());
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(out, "{place:010} 00000 n ");
    }
    let _ =
        write!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.into_bytes()
}

fn stream(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// A font that names each of its letters by its number in Unicode.
fn other_font(letters: &[char], map: usize) -> String {
    let names: String = letters
        .iter()
        .map(|letter| match *letter as u32 {
            code @ 0..=0xFFFF => format!("/uni{code:04X} "),
            code => format!("/u{code:05X} "),
        })
        .collect();
    let widths = "556 ".repeat(letters.len());
    format!(
        "<< /Type /Font /Subtype /TrueType /BaseFont /Arial /FirstChar {FIRST} /LastChar {} /Widths [{widths}] \
         /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{FIRST} {names}] >> /ToUnicode {map} 0 R >>",
        FIRST + letters.len() - 1
    )
}

fn to_unicode(letters: &[char]) -> String {
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Other def\n/CMapType 2 def\n\
         1 begincodespacerange\n<00> <FF>\nendcodespacerange\n",
    );
    for (group, letters) in letters.chunks(100).enumerate() {
        let _ = writeln!(out, "{} beginbfchar", letters.len());
        for (index, letter) in letters.iter().enumerate() {
            let units: String =
                letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("{unit:04X}")).collect();
            let _ = writeln!(out, "<{:02X}> <{units}>", FIRST + group * 100 + index);
        }
        out.push_str("endbfchar\n");
    }
    out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}

/// Glyphs of a run that follow each other are one string.
fn content(page: &Page, others: &Others) -> String {
    let mut out = String::from("BT\n");
    for run in page.glyphs.chunk_by(|a, b| a.run == b.run && !a.is_label && !b.is_label && follows(a, b)) {
        shown(run, others, &mut out);
    }
    out.push_str("ET");
    out
}

/// Whether the next one stands where this one ends, but for what lies between letters and words.
fn follows(glyph: &Glyph, next: &Glyph) -> bool {
    let gap = (next.from.0 - glyph.to.0).hypot(next.from.1 - glyph.to.1);
    gap < 0.17 * glyph.size && glyph.style == next.style
}

fn shown(run: &[Glyph], others: &Others, out: &mut String) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
    let letters = run.iter().flat_map(|glyph| glyph.text.chars());
    let natural: f64 = letters.map(|c| standard_width(first.style, c)).sum::<f64>() / 1000.0 * first.size;
    let (dx, dy) = (last.to.0 - first.from.0, last.to.1 - first.from.1);
    let length = dx.hypot(dy);
    // A label must not lie over what follows.
    let most = if first.is_label { 1.0 } else { 5.0 };
    let stretch = if natural > 0.0 { (length / natural).clamp(0.2, most) } else { 1.0 };
    let (cos, sin) = if length > 1e-6 { (dx / length, dy / length) } else { (1.0, 0.0) };
    let size = if first.size > 0.05 { first.size } else { 1.0 };
    let _ = writeln!(
        out,
        "{} {} {} {} {} {} Tm {} Tz",
        short(cos),
        short(sin),
        short(-sin),
        short(cos),
        short(first.from.0),
        short(first.from.1),
        short(stretch * 100.0)
    );
    let codes: Vec<_> =
        run.iter().flat_map(|glyph| glyph.text.chars()).map(|c| others.code(first.style, c)).collect();
    for same in codes.chunk_by(|a, b| a.0 == b.0) {
        let _ = write!(out, "/F{} {} Tf (", same[0].0, short(size));
        same.iter().for_each(|(_, code)| escaped(*code, out));
        out.push_str(") Tj\n");
    }
}

fn escaped(code: u8, out: &mut String) {
    match code {
        b'(' | b')' | b'\\' => {
            out.push('\\');
            out.push(char::from(code));
        }
        0x20..=0x7E => out.push(char::from(code)),
        code => {
            let _ = write!(out, "\\{code:03o}");
        }
    }
}

/// Hundredths of a point are finer than any printer; numbers are written one way only.
fn short(number: f64) -> f64 {
    let rounded = (number * 10_000.0).round() / 10_000.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}
