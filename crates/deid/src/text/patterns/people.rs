//! People nobody told of: after a title or another cue, before what they have learnt, and as DICOM writes names.

use super::{Needs, Spec, always, has_one, is_imaging_term, is_word, never};
use crate::text::Found;
use regex::Captures;
use std::ops::Range;

/// A name: words with capitals, particles between them.
const NAME: &str = r"\p{Lu}[\p{L}'’.-]*(?:[ ,]+(?:van|von|der|den|de|la|del|dos|da|bin|al|el|ten|ter)\b)*(?:[ ,]{1,2}\p{Lu}[\p{L}'’.-]*){0,3}";

/// What may stand between the parts of a name.
const PARTICLES: &[&str] =
    &["van", "von", "der", "den", "de", "la", "del", "dos", "da", "bin", "al", "el", "ten", "ter"];

/// What may stand between a cue and a name.
const TITLES: &[&str] =
    &["Dr", "DR", "Prof", "PROF", "Mr", "Mrs", "MRS", "Ms", "Miss", "Doctor", "Frau", "Herr", "Mme"];

pub(super) fn specs() -> Vec<Spec> {
    let titled = format!(
        r"(?:\b(?:Dr|Drs|Dra|Mr|Mrs|Ms|Miss|Prof|Professor|Doctor|Frau|Herr|Mme|Mlle|Mevr|Dhr|Sr|Sra|Dott|Schwester|Rev|Fru|Pani|MRS|Dr med|Dr méd)\b\.?[ ]+|\b(?:DR|MR|MS|PROF|Dr|Mr|Mrs|Ms|Prof)\.[ ]*)({NAME})"
    );
    let small = r"\b(?:dr|prof|mrs)\.?[ ]+([a-z][\p{L}'’-]+)";
    let by = format!(
        r"\b(?i:referred by|reported by|read by|dictated by|verified by|signed by|performed by|approved by|reviewed by|scanned by|done by|seen by|entered by|transcribed by|typed by|requested by|ordered by|called by|accompanied by|spoke (?:to|with)|discussed with|informed|attn|cc|patient(?:'s)? name|pat(?:ient)? ?:|pt ?:|name ?:|operator ?:|tech(?:nologist|nician)? ?:|rt ?:|sonographer ?:|physician ?:|radiologist ?:|nurse ?:|reader ?:|observer ?:|author ?:|rad ?:|befundet von|untersucht von|überwiesen von|unters\.|mtra ?:|réf\. par|adressé par|lu par|referido por|realizado por|inviato da|eseguito da)[ :]*({NAME})"
    );
    let kin = format!(
        r"\b(?i:patient|pt|operator|technologist|tech|technician|physician|radiologist|nurse|sonographer|resident|fellow|attending|surgeon|oncologist|cardiologist|daughter|mother|father|wife|husband|son|spouse|sister|brother|uncle|aunt|neighbou?r|friend|guardian|caregiver|dated? by|named|known as|called|formerly|née|alias|aka)[ :,]+({NAME})"
    );
    let learned = r"(\p{Lu}[\p{L}'’.-]*(?:[ ]+\p{Lu}[\p{L}'’.-]*){0,3})(?:,[ ]*(?:MD|M\.D\.|DO|D\.O\.|RN|R\.N\.|NP|PA-C|PhD|Ph\.D\.|FRCR|FRCPC|MBBS|DDS|DVM|CNMT|RDMS|RT|R\.T\.|ARRT|MTRA|MTA)\b|[ ]+(?:MD|M\.D\.|RN|PhD|Ph\.D\.|FRCR|MBBS|CNMT|RDMS|RT\(R\))(?:[^\p{L}]|$))";
    let caret = r"\b\p{L}[\p{L}'’-]*\^+\p{L}[\p{L}\^'’.-]*";
    let polite = r"([\p{Han}]{1,4}[ 　]?[\p{Han}\p{Hiragana}\p{Katakana}]{1,4})(?:様|さん|先生|殿|医師|技師|女士|医生|醫師|大夫)|([\p{Hangul}]{2,5})(?:님| 선생님| 씨|씨| 교수| 의사)|(?:患者名|氏名|姓名|患者姓名|担当医|技師|検査者|主治医|报告医生|이름|성명|환자명)[ :：]*([\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{2,6})";
    vec![
        (Found::Name, Needs::Letters, may_be_titled, titled, after_title),
        (Found::Name, Needs::Letters, may_be_titled, small.into(), after_weak_cue),
        (Found::Name, Needs::Letters, may_be_cued, by, after_title),
        (Found::Name, Needs::Letters, may_be_kin, kin, after_weak_cue),
        (Found::Name, Needs::Letters, may_be_learned, learned.into(), before_degree),
        (Found::Name, Needs::Byte(b'^'), always, caret.into(), with_carets),
        (Found::Name, Needs::Letters, never, polite.into(), polite_name),
    ]
}

/// A part of each title.
fn may_be_titled(text: &str) -> bool {
    has_one(
        text,
        &[
            "dr",
            "mr",
            "ms",
            "miss",
            "prof",
            "doctor",
            "frau",
            "herr",
            "mme",
            "mlle",
            "mevr",
            "dhr",
            "sr",
            "dott",
            "schwester",
            "rev",
            "fru",
            "pani",
        ],
    )
}

/// A part of each cue; most have a colon or a `by`.
fn may_be_cued(text: &str) -> bool {
    has_one(
        text,
        &[
            " by",
            "name",
            "spoke",
            "discussed",
            "informed",
            "attn",
            "cc",
            " von",
            "unters.",
            " par",
            " por",
            " da",
            ":",
        ],
    )
}

/// A part of each word for a person who is somebody to the patient.
fn may_be_kin(text: &str) -> bool {
    has_one(
        text,
        &[
            "patient",
            "pt",
            "operator",
            "tech",
            "physician",
            "radiologist",
            "nurse",
            "sonographer",
            "resident",
            "fellow",
            "attending",
            "surgeon",
            "oncologist",
            "cardiologist",
            "daughter",
            "mother",
            "father",
            "wife",
            "husband",
            "son",
            "spouse",
            "sister",
            "brother",
            "uncle",
            "aunt",
            "neighbo",
            "friend",
            "guardian",
            "caregiver",
            " by",
            "named",
            "known as",
            "called",
            "formerly",
            "alias",
            "aka",
        ],
    )
}

/// What stands before each degree, with its first letter.
fn may_be_learned(text: &str) -> bool {
    has_one(
        text,
        &[",", " md", " m.d.", " rn", " phd", " ph.d.", " frcr", " mbbs", " cnmt", " rdms", " rt(r)"],
    )
}

/// After a title everything is a name but words of imaging; what follows is one as long as it is no word.
fn after_title(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    run_of_names(captures, is_no_person)
}

/// Words of imaging and short words of everyday: `Dr. May` is someone, `DR. THE` is not.
fn is_no_person(word: &str) -> bool {
    is_imaging_term(word)
        || (word.len() < 6 && is_word(word) && word.chars().all(char::is_lowercase))
        || matches!(
            word.to_lowercase().as_str(),
            "the"
                | "and"
                | "for"
                | "was"
                | "has"
                | "is"
                | "at"
                | "on"
                | "in"
                | "of"
                | "to"
                | "not"
                | "no"
                | "unknown"
                | "none"
                | "name"
                | "removed"
        )
}

/// After other cues a name is what no word is.
fn after_weak_cue(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    run_of_names(captures, is_word)
}

/// The words of the hit from its start, until one of them is no name any more.
fn run_of_names(captures: &Captures<'_>, is_none: fn(&str) -> bool) -> Option<Range<usize>> {
    let hit = captures.get(1)?;
    let (mut start, mut at) = (hit.start(), hit.start());
    let mut end = start;
    for piece in hit.as_str().split_inclusive([' ', ',']) {
        let word = piece.trim_matches(|c: char| !c.is_alphabetic());
        if end == start && TITLES.contains(&word) {
            at += piece.len();
            (start, end) = (at, at);
            continue;
        }
        let stops = if end == start {
            is_none(word)
        } else {
            !word.is_empty() && is_word(word) && !PARTICLES.contains(&word)
        };
        if stops {
            break;
        }
        at += piece.len();
        if !word.is_empty() {
            end = at - (piece.len() - piece.trim_end_matches([' ', ',']).len());
        }
    }
    (end > start).then_some(start..end)
}

/// The words right before a degree that are no words: `CT CHEST Anna Berg, MD`.
fn before_degree(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let hit = captures.get(1)?;
    let mut start = hit.end();
    for piece in hit.as_str().rsplit(' ') {
        let word = piece.trim_matches(|c: char| !c.is_alphabetic());
        if !word.is_empty() && is_word(word) {
            break;
        }
        start = (piece.as_ptr() as usize) - (hit.as_str().as_ptr() as usize) + hit.start();
    }
    (start < hit.end()).then_some(start..hit.end())
}

/// Scanners put carets into names of protocols too: `Thorax^Routine`.
fn with_carets(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    let hit = captures.get(0)?;
    let words: Vec<&str> = hit.as_str().split(['^', ' ']).filter(|word| !word.is_empty()).collect();
    let is_protocol =
        words.iter().any(|word| is_imaging_term(word)) || words.iter().all(|word| is_word(word));
    (!is_protocol).then(|| hit.range())
}

fn polite_name(_: &str, captures: &Captures<'_>) -> Option<Range<usize>> {
    (1..4).find_map(|group| captures.get(group)).map(|hit| hit.range())
}
