//! Numbers of people, orders and devices; telephones; addresses on the network.

use super::{Needs, Spec, always, as_found, has_many, has_one};
use crate::registry::is_registered;
use crate::text::Found;
use regex::Captures;
use std::ops::Range;

/// Words that lead to a number which belongs to someone or something.
const ID_CUES: &str = r"mrn|m\.r\.n\.?|mr ?#|medical record|chart|hospital|ssn|social security|nhs|nhi|acc(?:ession|n)?|pid|pat(?:ient)?[ .-]?(?:id|nr|no|number)|case ?(?:id|no|nr|number)|id|visit ?(?:id|no|number)|encounter|episode|order ?(?:id|no|number)|req(?:uisition)? ?(?:id|no|number)|ins(?:urance)? ?(?:id|no|number)|policy ?(?:no|number)|member ?(?:id|no|number)|medicare|medicaid|serial|s/n|sn|licen[sc]e|account|acct|passport|specimen|fall[ -]?(?:nr|nummer)|patienten?-?(?:nr|nummer|id)|auftrags?-?(?:nr|nummer)|versicherten-?(?:nr|nummer)|personnummer|dossier|num[ée]ro|historia|expediente|cartella|患者番号|患者id|病歴番号|病历号|住院号|등록번호|환자번호";

pub(super) fn specs() -> Vec<Spec> {
    let cued = format!(
        r"(?i)(?:\b|^)(?:{ID_CUES})\b?(?:[ .]?(?:no|nr|num|number|id))?[ #:.=№-]*([A-Za-z]{{0,6}}[ -]?\d(?:[\w/-]| \d\d)+)"
    );
    let phone = r"(?:\+|(?-u:\b)00)\d{1,3}[ .-]?(?:\(0\)[ ]?)?(?:\(?\d{1,4}\)?[ ./-]{0,2}){2,6}\d(?-u:\b)|\(\d{2,5}\)[ .-]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}(?-u:\b)|(?-u:\b)\d{3}[ .-]\d{3}[ .-]\d{4}(?-u:\b)|(?-u:\b)0\d{1,4}[ /-]{1,3}\d{2,8}(?:[ -]\d{2,4}){0,3}(?-u:\b)|(?-u:\b)0[1-9](?:[ .]\d\d){4}(?-u:\b)";
    let called = r"(?i)\b(?:tel(?:efon|ephone|éfono|efono)?|tél(?:éphone)?|phone|fax|ph|cell|mobile?|handy|pager|beeper|bleep|ext(?:ension)?|rufnummer|contact|call(?:ed)?(?: back)?(?: at| on| from)?|電話|电话|전화)\b?[ .:#-]*(\+?\d[\d ().-]{2,}\d)";
    vec![
        (Found::Address, Needs::Byte(b'@'), always, r"(?i)[\p{L}\d_.+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+".into(), as_found),
        (Found::Address, Needs::Byte(b'.'), may_be_link, r"(?i)(?:\bhttps?://|\bftp://|\bwww\.)[^\s,;]+".into(), as_found),
        (Found::Address, Needs::Digits(4), |text| has_many(text, b".", 3), r"(?i)(?-u:\b)(?:ip[ :]*)?(?:\d{1,3}\.){3}\d{1,3}(?-u:\b)".into(), network),
        (Found::Address, Needs::Digits(2), |text| has_many(text, b":-", 5), r"(?i)(?-u:\b)(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?-u:\b)".into(), as_found),
        (Found::Id, Needs::Digits(8), |text| has_many(text, b".", 5), r"(?-u:\b)[0-2](?:\.(?:0|[1-9]\d{0,38})){5,}(?-u:\b)".into(), uid),
        (Found::Id, Needs::Digits(9), always, r"(?-u:\b)\d{3}[- ]\d{2}[- ]\d{4}(?-u:\b)".into(), as_found),
        (Found::Id, Needs::Digits(10), always, r"(?-u:\b)(?:\d{2})?\d{6}[-+]\d{4}(?-u:\b)|(?-u:\b)\d{6}-[1-4]\d{6}(?-u:\b)".into(), as_found),
        (Found::Id, Needs::Digits(7), always, r"(?-u:\b)[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z](?-u:\b)".into(), as_found),
        (Found::Phone, Needs::Digits(8), always, phone.into(), long_enough),
        (Found::Phone, Needs::Digits(4), may_be_called, called.into(), called_number),
        (Found::Id, Needs::Digits(2), may_be_cued, cued, identifying),
        (Found::Id, Needs::Digits(6), always, r"(?-u:\b)\d{7,}(?-u:\b)|(?-u:\b)[A-Z]{1,4}-?\d{6,}[A-Z]?(?-u:\b)|(?-u:\b)[A-Z]{1,4}-?\d{2}-\d{4,}(?-u:\b)|(?-u:\b)[A-Z]{2,4}-\d{4,}(?-u:\b)".into(), as_found),
    ]
}

/// How each address on the network begins.
fn may_be_link(text: &str) -> bool {
    has_one(text, &["http", "ftp:", "www."])
}

/// A part of each word that leads to a telephone.
fn may_be_called(text: &str) -> bool {
    has_one(
        text,
        &[
            "tel",
            "phone",
            "fax",
            "ph",
            "cell",
            "mobil",
            "handy",
            "pager",
            "beeper",
            "bleep",
            "ext",
            "rufnummer",
            "contact",
            "call",
        ],
    )
}

/// A part of each of the cues.
fn may_be_cued(text: &str) -> bool {
    has_one(
        text,
        &[
            "mrn",
            "m.r.n",
            "mr",
            "record",
            "chart",
            "hospital",
            "ssn",
            "social",
            "nhs",
            "nhi",
            "acc",
            "pid",
            "pat",
            "case",
            "id",
            "visit",
            "encounter",
            "episode",
            "order",
            "req",
            "ins",
            "policy",
            "member",
            "medica",
            "serial",
            "s/n",
            "sn",
            "licen",
            "acct",
            "passport",
            "specimen",
            "fall",
            "auftrag",
            "versicher",
            "personnummer",
            "dossier",
            "numero",
            "historia",
            "expediente",
            "cartella",
        ],
    )
}

/// Versions of software look like addresses of IPv4, but their parts are small.
fn network(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let hit = captures.get(0)?;
    let digits = hit.as_str().trim_start_matches(|c: char| !c.is_ascii_digit());
    let parts: Vec<u32> = digits.split('.').filter_map(|part| part.parse().ok()).collect();
    let named = digits.len() < hit.as_str().len();
    let is_address = parts.len() == 4 && parts.iter().all(|part| *part < 256);
    let is_likely = matches!(parts.first(), Some(10 | 127 | 172 | 192))
        || parts.iter().filter(|part| **part > 31).count() > 1;
    (is_address && (named || is_likely)).then(|| hit.range())
}

/// A UID that the standard does not have names an instance of something.
fn uid(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let hit = captures.get(0)?;
    (hit.len() >= 14 && !is_registered(hit.as_str())).then(|| hit.range())
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn long_enough(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let hit = captures.get(0)?;
    (digits(hit.as_str()) >= 8).then(|| hit.range())
}

fn called_number(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let hit = captures.get(1)?;
    let is_decimal = hit.as_str().parse::<f64>().is_ok() && hit.as_str().contains('.');
    (digits(hit.as_str()) >= 4 && !is_decimal).then(|| hit.range())
}

/// Two digits after a cue are a number of slices more often than one of a patient.
fn identifying(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let hit = captures.get(1)?;
    (digits(hit.as_str()) >= 3).then(|| hit.range())
}
