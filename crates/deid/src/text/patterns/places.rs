//! Streets, towns with their codes, and houses.

use super::{Needs, Spec, as_found, has_one, is_imaging_term, is_word, never};
use crate::text::Found;
use regex::Captures;
use std::ops::Range;

pub(super) fn specs() -> Vec<Spec> {
    let street = r"(?-u:\b)\d{1,5}[a-zA-Z]?[ ,]+((?:\p{Lu}[\p{L}.'’-]*[ ]+){1,4})(?i:st|street|ave|avenue|rd|road|ln|lane|blvd|boulevard|dr|drive|ct|court|row|way|place|pl|sq|square|terrace|hwy|highway|parkway|pkwy|circle|cir|crescent|close|gardens|mews|trail)\b\.?(?:[ ,]+(?:Apt|Suite|Unit|#)\.? ?\w+)?(?:[ ,]+\p{Lu}\p{L}+){0,3}(?:[ ,]+[A-Z]{2}\b)?(?:[ ,]+\d{5}(?:-\d{4})?(?-u:\b))?";
    let foreign = r"\b\p{Lu}[\p{L}.-]+(?:straße|strasse|str\.|gatan|gata|vägen|gasse|allee|platz|weg|laan|straat|vej|gade|veien|katu)\s+\d+\b ?[a-z]?\b(?:[ ,]+\d{4,5} \p{Lu}\p{L}+)?|\b(?i:rue|avenue|via|viale|piazza|calle|avenida|rua|ulica|ul\.)(?: (?:de|du|des|della|del|la|le|les|los|da|do))* \p{Lu}[\p{L}'’-]*(?: \p{L}+){0,2}[ ,]+\d{1,4}\b|\b\d{1,4}[ ,]+(?:bis )?(?:rue|boulevard|avenue|allée|place|chemin|quai)(?: (?:de|du|des|de la|la|le|les))* \p{Lu}[\p{L}'’-]*(?: \p{L}+){0,3}";
    let town = r"(?:, ?\p{Lu}[\p{L} .'-]{2,30})?, ?[A-Z]{2} \d{5}(?:-\d{4})?(?-u:\b)|\b(?i:p\.? ?o\.? box|postfach|bp) ?\d+\b";
    let cued = r"(?i)\b(?:address|addr|adresse|anschrift|dirección|direccion|indirizzo|住所|地址|주소|lives at|residing at|resides at|wohnhaft(?: in)?)\b?[ :]+([^;\n\r]{2,200}?[\p{L}\p{N}]{3})(?:\.(?:\s|$)|[;\r\n]|$)";
    let noun = r"(?i:hospital|hospitals|clinic|clinics|medical (?:center|centre|group|college)|health (?:system|center|centre|care)|healthcare|infirmary|hospice|sanatorium|krankenhaus|klinikum|klinik|spital|sjukhus|sjukhuset|sygehus|sykehus|ziekenhuis|imaging (?:center|centre)|cancer (?:center|centre)|radiology (?:associates|partners|group))";
    let house = format!(r"((?:\p{{Lu}}[\p{{L}}'’.&-]*[ ]+){{1,5}}{noun})\b");
    let named = r"\b(?i:hôpital|hopital|hospital|klinikum|krankenhaus|klinik|ospedale|clínica|clinica|clinique|policlinico|chu|centre hospitalier|universitätsklinikum|szpital)(?: (?:de|del|di|du|la|le|of|am|der|des|San|Santa|Saint|Sankt|St\.?))* (\p{Lu}[\p{L}'’-]+(?:[ -]\p{Lu}[\p{L}'’-]+){0,2})|\b\p{Lu}\p{L}+(?:klinikum|klinik|krankenhaus|sjukhus|sjukhuset|spital|ziekenhuis)\b";
    let eastern = r"[\p{Han}\p{Katakana}\p{Hiragana}]{2,12}(?:病院|医院|醫院|クリニック|診療所)|\p{Hangul}{2,12}(?:병원|의원)";
    vec![
        (Found::Address, Needs::Digits(1), may_be_street, street.into(), street_of),
        (Found::Address, Needs::Digits(1), may_be_foreign_street, foreign.into(), as_found),
        (Found::Address, Needs::Digits(1), may_be_town, town.into(), as_found),
        (Found::Address, Needs::Letters, may_be_cued, cued.into(), as_found),
        (Found::Place, Needs::Letters, may_be_house, house, house_of),
        (Found::Place, Needs::Letters, may_be_named, named.into(), house_named),
        (Found::Place, Needs::Letters, never, eastern.into(), as_found),
    ]
}

/// A part of each word for a street.
fn may_be_street(text: &str) -> bool {
    has_one(
        text,
        &[
            "st",
            "ave",
            "rd",
            "road",
            "ln",
            "lane",
            "blvd",
            "boulevard",
            "dr",
            "ct",
            "court",
            "row",
            "way",
            "pl",
            "sq",
            "ter",
            "hwy",
            "highway",
            "park",
            "pkwy",
            "cir",
            "crescent",
            "close",
            "gardens",
            "mews",
            "trail",
        ],
    )
}

/// The same of other languages.
fn may_be_foreign_street(text: &str) -> bool {
    has_one(
        text,
        &[
            "strasse",
            "str.",
            "gata",
            "gasse",
            "allee",
            "platz",
            "weg",
            "laan",
            "straat",
            "vej",
            "gade",
            "veien",
            "katu",
            "rue",
            "avenue",
            "via",
            "piazza",
            "calle",
            "avenida",
            "rua",
            "ul",
            "boulevard",
            "place",
            "chemin",
            "quai",
        ],
    )
}

/// What stands before a code, or the word for a box.
fn may_be_town(text: &str) -> bool {
    has_one(text, &[",", "box", "postfach", "bp"])
}

/// A part of each cue.
fn may_be_cued(text: &str) -> bool {
    has_one(
        text,
        &[
            "addr",
            "adresse",
            "anschrift",
            "direccion",
            "indirizzo",
            "lives at",
            "residing at",
            "resides at",
            "wohnhaft",
        ],
    )
}

/// A part of each word for a house.
fn may_be_house(text: &str) -> bool {
    has_one(
        text,
        &[
            "hospi",
            "clinic",
            "medical ",
            "health",
            "infirmary",
            "sanatorium",
            "krankenhaus",
            "klini",
            "spital",
            "sjukhus",
            "sygehus",
            "sykehus",
            "ziekenhuis",
            "imaging cent",
            "cancer cent",
            "radiology ",
        ],
    )
}

/// The same where the name stands behind it.
fn may_be_named(text: &str) -> bool {
    has_one(
        text,
        &[
            "pital",
            "klini",
            "krankenhaus",
            "ospedale",
            "clinica",
            "clinique",
            "policlinico",
            "chu",
            "centre hosp",
            "sjukhus",
            "ziekenhuis",
        ],
    )
}

/// `2 View Chest CT` looks like a street, but is made of words.
fn street_of(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let name = captures.get(1)?.as_str();
    let is_name = !name.split_whitespace().any(is_imaging_term);
    is_name.then(|| captures.get(0).map(|hit| hit.range()))?
}

/// The house without the words before its name: `Transfer from Northgate General Hospital`.
fn house_of(text: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let hit = captures.get(1)?;
    let mut start = hit.start();
    for word in hit.as_str().split_inclusive(' ') {
        // What a house is called begins with a word that names.
        if !is_word(word.trim_end().trim_matches(|c: char| !c.is_alphabetic())) || is_saint(word) {
            return (start < hit.end()).then(|| start..hit.end()).filter(|range| names(&text[range.clone()]));
        }
        start += word.len();
    }
    None
}

fn is_saint(word: &str) -> bool {
    matches!(
        word.trim_end().trim_end_matches('.').to_lowercase().as_str(),
        "saint" | "st" | "north" | "south" | "east" | "west" | "university" | "royal" | "city"
    )
}

/// Whether a word of it names something; `University Hospital` alone does as well.
fn names(house: &str) -> bool {
    house.split_whitespace().count() > 1
}

fn house_named(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    match captures.get(1) {
        Some(name) if name.as_str().split_whitespace().all(is_word) => None,
        _ => captures.get(0).map(|hit| hit.range()),
    }
}
