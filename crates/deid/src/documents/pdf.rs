//! PDF (ISO 32000): every text of every page is read, swept and written anew into a new file.
//!
//! Nothing of the old file's bytes passes: no object, font, metadata, script, attachment, earlier revision. What
//! remains are letters and their places; pictures, shapes and annotations do not.
//! Read in this order: `cmap`, `font`, `state`, `glyphs`, `lines`, `write`.

mod cmap;
mod font;
mod glyphs;
mod lines;
mod state;
mod write;

use super::{Cleaning, Doubt};
use crate::text::{Depth, Found};
use glyphs::Glyph;
use lopdf::{Dictionary, Document, LoadOptions, Object};

/// The most bytes that streams of a file may become together.
const MOST_BYTES: usize = 128 << 20;
/// Labels in place of names may bring together what stood apart: so often is the result swept again.
const ROUNDS: usize = 4;

/// A page as it is read and as it is written.
#[derive(Debug, Default, Clone)]
pub(super) struct Page {
    /// Corners in points: left, bottom, right, top.
    pub media_box: [f64; 4],
    /// Degrees by which it is turned when shown.
    pub rotate: i64,
    pub glyphs: Vec<Glyph>,
}

/// The document without identifiers.
pub(super) fn clean(bytes: &[u8], cleaning: &Cleaning<'_>) -> Result<Vec<u8>, Doubt> {
    let mut pages = read(bytes)?;
    if pages.iter().all(|page| page.glyphs.is_empty()) {
        return Err(Doubt("no text can be read in it"));
    }
    for _ in 0..ROUNDS {
        let swept = sweep(&pages, cleaning);
        let written = write::write(&swept);
        // What others will read is what counts.
        pages = read(&written)?;
        let left = |text: &str| cleaning.sweep.hits(text, Depth::Known);
        if lines::orders(&pages).iter().all(|order| left(&order.text).is_empty()) {
            return Ok(written);
        }
    }
    Err(Doubt("an identifier was still there in the end"))
}

/// The pages without the glyphs that identify; a label stands where a group of them began.
fn sweep(pages: &[Page], cleaning: &Cleaning<'_>) -> Vec<Page> {
    let mut gone: Vec<Vec<Option<Option<Found>>>> =
        pages.iter().map(|page| vec![None; page.glyphs.len()]).collect();
    for order in lines::orders(pages) {
        for (range, found) in cleaning.sweep.hits(&order.text, Depth::Patterns) {
            let mut label = Some(found);
            for (page, glyph) in order.glyphs_in(range) {
                let place = &mut gone[page][glyph];
                if place.is_none() {
                    *place = Some(label.take());
                }
                label = None;
            }
        }
    }
    pages.iter().zip(gone).map(|(page, gone)| without(page, &gone, cleaning)).collect()
}

fn without(page: &Page, gone: &[Option<Option<Found>>], cleaning: &Cleaning<'_>) -> Page {
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(page.glyphs.len());
    for (glyph, gone) in page.glyphs.iter().zip(gone) {
        match gone.map(|found| found.map(|found| cleaning.label(found))) {
            None => glyphs.push(glyph.clone()),
            Some(Some(label)) if !label.is_empty() => {
                glyphs.push(Glyph { text: label.into(), is_label: true, ..glyph.clone() });
            }
            // A label has the room of everything that it stands for.
            Some(_) => {
                if let Some(label) = glyphs.last_mut().filter(|last| last.is_label && last.run == glyph.run) {
                    label.to = glyph.to;
                }
            }
        }
    }
    Page { glyphs, ..*page }
}

/// All pages with what is written on them.
fn read(bytes: &[u8]) -> Result<Vec<Page>, Doubt> {
    let options = LoadOptions { max_decompressed_size: Some(MOST_BYTES), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::Unimplemented(_) | lopdf::Error::InvalidPassword => Doubt("it is encrypted"),
        _ => Doubt("it can't be read as PDF"),
    })?;
    if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(Doubt("it is encrypted"));
    }
    let mut reader = glyphs::Reader::new(&document, MOST_BYTES);
    let pages: Vec<_> = document.page_iter().collect();
    if pages.is_empty() {
        return Err(Doubt("it has no pages"));
    }
    pages
        .into_iter()
        .map(|id| {
            let page = document.get_dictionary(id).map_err(|_| Doubt("a page can't be read"))?;
            let (glyphs, pictured) = reader.page(page)?;
            let media_box = media_box(&document, page);
            let rotate = inherited(&document, page, b"Rotate").and_then(|r| r.as_i64().ok()).unwrap_or(0);
            check_pictures(&glyphs, pictured, media_box)?;
            Ok(Page { media_box, rotate: rotate.rem_euclid(360) / 90 * 90, glyphs })
        })
        .collect()
}

/// Pictures do not pass, but a page of which a picture is the greater part would say nothing without it.
fn check_pictures(
    glyphs: &[Glyph],
    pictured: f64,
    [left, bottom, right, top]: [f64; 4],
) -> Result<(), Doubt> {
    let page = (right - left) * (top - bottom);
    match pictured > page / 2.0 || (pictured > 0.0 && glyphs.is_empty()) {
        true => Err(Doubt("a page is a picture, which is not searched")),
        false => Ok(()),
    }
}

/// US Letter, which readers take where a page does not say.
const LETTER: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

fn media_box(document: &Document, page: &Dictionary) -> [f64; 4] {
    let corners = inherited(document, page, b"MediaBox").and_then(|object| {
        let numbers = object.as_array().ok()?.iter().filter_map(|number| real(document, number));
        let [a, b, c, d] = numbers.collect::<Vec<_>>().try_into().ok()?;
        Some([a.min(c), b.min(d), a.max(c), b.max(d)])
    });
    let is_sound = |[left, bottom, right, top]: &[f64; 4]| {
        let sound = |length: f64| (1.0..=20_000.0).contains(&length);
        sound(right - left) && sound(top - bottom) && left.abs() < 20_000.0 && bottom.abs() < 20_000.0
    };
    corners.filter(is_sound).unwrap_or(LETTER)
}

/// Attributes of pages may stand in the nodes above them (ISO 32000-1 §7.7.3.4).
fn inherited<'a>(document: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = page;
    for _ in 0..64 {
        if let Ok(object) = node.get_deref(key, document) {
            return Some(object);
        }
        node = node.get_deref(b"Parent", document).and_then(Object::as_dict).ok()?;
    }
    None
}

/// A number, which may stand elsewhere.
pub(super) fn real(document: &Document, object: &Object) -> Option<f64> {
    let (_, object) = document.dereference(object).ok()?;
    object.as_float().ok().map(f64::from).filter(|number| number.is_finite())
}
