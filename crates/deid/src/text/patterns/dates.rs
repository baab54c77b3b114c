//! Dates and ages, in the languages that are most often met.

use super::{Needs, Spec, always, as_found, has_many, has_one};
use crate::text::Found;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Names of months that are no other word.
const MONTHS: &str = r"january|january|february|april|june|july|august|september|october|november|december|jan|feb|febr|apr|jun|jul|aug|sept|oct|nov|januar|jänner|februar|märz|mrz|juni|juli|oktober|okt|dezember|dez|janvier|janv|février|fevrier|févr|avril|avr|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre|déc|enero|ene|febrero|marzo|abril|abr|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|dic|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|augustus|augusti|desember|maj|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık";
/// And those that are: they need a year, or the th of a day.
const DOUBTFUL: &str = r"march|may|mar|sep|dec|mai|mei|mars|set|gen|ago";

static AGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?-u:\b)(\d{2,3})(?: ?|-)(?:y/?o|yrs?|years?|y\.o\.|jahre|jährige[rn]?|ans|años|anos|anni|jaar|år|lat|лет|歳|才|岁|歲|세|[mf])\b(?:[ -]old)?|(?-u:\b)(\d{2,3}) ?(?:歳|才|岁|歲|세)|\b(?:aged?|alter|âge|edad|età|leeftijd|ålder)[: ]*(\d{2,3})\b").ok()
});

pub(super) fn specs() -> Vec<Spec> {
    let (day, month) = (r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])");
    let (edge, year) = (r"(?-u:\b)", r"(?:18|19|20)\d\d");
    let clock = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?";
    let ordinal = r"(?:st|nd|rd|th|er|º|ª|\.)";
    let of = r"(?:[ ,/.-]|of |de |del |do |den )*";
    let any = format!("(?:{MONTHS}|{DOUBTFUL})");
    let date = |text: String| -> Spec { (Found::Date, Needs::Digits(2), may_be_month, text, as_found) };
    let digits =
        |least: usize, text: String| -> Spec { (Found::Date, Needs::Digits(least), always, text, as_found) };
    vec![
        digits(6, format!(r"{edge}{year}[-./ ]{month}[-./ ]{day}{clock}{edge}")),
        digits(4, format!(r"{edge}{day}[-./]{day}[-./](?:{year}|\d\d){clock}{edge}|{edge}{day} {month} {year}{edge}")),
        digits(5, format!(r"{edge}{month}[/-]{year}{edge}|{edge}{year}-(?:0[1-9]|1[0-2]){edge}")),
        // 18 Jan 2024, 18th of January '24, 18JAN2024, 18-Mar-24, 18 de enero de 2024
        date(format!(r"(?i){edge}{day}{ordinal}?{of}{any}\b\.?{of}(?:{year}|'?\d\d){edge}|(?i){edge}{day}{ordinal}?(?:{any}){year}{edge}")),
        date(format!(r"(?i){edge}{day}{ordinal}?{of}(?:{MONTHS})\b|(?i){edge}{day}(?:st|nd|rd|th)[ -]*(?:of )?{any}\b")),
        // January 18, 2024; Jan 18; 2024-Jan-18; January 2024
        date(format!(r"(?i)\b{any}\.?[ -]*{day}{ordinal}?(?:[ ,/.-]+(?:{year}|'\d\d)){edge}|(?i)\b(?:{MONTHS})\.? *{day}{ordinal}?{edge}")),
        date(format!(r"(?i){edge}{year}[ ./-]*{any}[ ./-]*{day}{edge}|(?i)\b{any}\.?{of}{year}{edge}")),
        digits(8, format!(r"{edge}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T?\d{{4}}(?:\d\d)?(?:\.\d+)?)?{edge}")),
        (Found::Date, Needs::Digits(2), |text| has_many(text, b"./", 2), r"\d{4} ?[年년] ?\d{1,2} ?[月월](?: ?\d{1,2} ?[日일号號])?|(?:明治|大正|昭和|平成|令和|民國|民国)\d{1,3} ?年 ?\d{1,2} ?月(?: ?\d{1,2} ?日)?|(?-u:\b)\d{1,2} ?[月월] ?\d{1,2} ?[日일号號]|(?-u:\b)[SHRM]\d{1,2}[./]\d{1,2}[./]\d{1,2}(?-u:\b)".into(), as_found),
        (Found::Date, Needs::Digits(4), may_be_birth, format!(r"(?i)\b(?:dob|d\.o\.b\.?|born|birth(?: ?date| ?day)?|geb(?:oren|\.)?(?: am)?|gebdat|né(?:e)? le|nacid[oa] el|nat[oa] il|född|生年月日)[ :.]*(\d[\d ./-]{{4,}}\d|{year}){edge}"), as_found),
    ]
}

/// How each month begins.
fn may_be_month(text: &str) -> bool {
    has_one(
        text,
        &[
            "jan", "feb", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "okt", "dez", "mrz", "fev", "avr",
            "jui", "aou", "dec", "ene", "mar", "abr", "may", "ago", "set", "dic", "mai", "out", "gen", "giu",
            "lug", "ott", "mag", "mei", "maj", "maa", "des", "sty", "lut", "kwi", "cze", "lip", "sie", "lis",
            "gru", "oca", "nis", "haz", "tem", "eki",
        ],
    )
}

/// A part of each cue.
fn may_be_birth(text: &str) -> bool {
    has_one(text, &["dob", "d.o.b", "born", "birth", "geb", "nacid", "nato il", "nata il"])
}

/// Whether a number stands in the text that may be an age above the cap.
pub(super) fn may_be_age(text: &str, cap: u16) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|run| matches!(run.len(), 2 | 3));
    numbers.filter_map(|run| run.parse::<u16>().ok()).any(|age| age > cap && age < 130)
}

/// Ages above the cap.
pub(super) fn ages(text: &str, cap: u16) -> Vec<(Range<usize>, Found)> {
    let Some(regex) = &*AGE else { return Vec::new() };
    let numbers =
        regex.captures_iter(text).filter_map(|c| c.get(1).or_else(|| c.get(2)).or_else(|| c.get(3)));
    let above =
        numbers.filter(|number| number.as_str().parse::<u16>().is_ok_and(|age| age > cap && age < 130));
    above.map(|number| (number.range(), Found::Age)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_pattern_of_ages_is_built() {
        assert!(super::AGE.is_some());
    }
}
