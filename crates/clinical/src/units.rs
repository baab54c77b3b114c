//! Units as people and machines write them, and the UCUM code that means the same (<https://ucum.org/ucum>).
//!
//! A unit is only ever named anew: a spelling is in the table when its UCUM code is the very same unit, so that no
//! value has to be converted. What is UCUM already is known by its grammar.

use std::collections::HashMap;
use std::sync::OnceLock;

/// The code system of UCUM.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// The UCUM code of a unit, however it is spelled; none where nobody can be sure.
#[must_use]
pub fn ucum(written: &str) -> Option<&str> {
    let written = written.trim();
    let spelled = || spellings().get(folded(written).as_str()).copied();
    let exact = exact().get(written).copied();
    exact.or_else(spelled).or_else(|| is_ucum(written).then_some(written))
}

/// Spellings whose case matters, as they are.
fn exact() -> &'static HashMap<&'static str, &'static str> {
    static EXACT: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    EXACT.get_or_init(|| {
        rows().filter_map(|(written, code)| Some((written.strip_prefix('=')?, code))).collect()
    })
}

fn spellings() -> &'static HashMap<String, &'static str> {
    static SPELLINGS: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    SPELLINGS.get_or_init(|| {
        let spelled = rows().filter(|(written, _)| !written.starts_with('='));
        // `MG/DL` too; a single letter may be another unit in capitals.
        let themselves = rows().filter(|(_, code)| code.len() > 1).map(|(_, code)| (code, code));
        themselves.chain(spelled).map(|(written, code)| (folded(written), code)).collect()
    })
}

/// The table: spellings and their code, line by line.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("../data/units.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).flat_map(|(code, spellings)| {
        spellings.split('|').map(str::trim).filter(|one| !one.is_empty()).map(move |one| (one, code))
    })
}

/// Lower case, without spaces; one sign for each of the signs that look alike.
fn folded(written: &str) -> String {
    let letters = written.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
    letters
        .map(|c| match c {
            'µ' | 'μ' => 'u',
            '×' | '✕' => 'x',
            '²' => '2',
            '³' => '3',
            '·' | '⋅' => '.',
            '⁄' | '∕' => '/',
            other => other,
        })
        .collect()
}

/// Units with a metric prefix (UCUM §29 to §46, those that are met in records).
const METRIC: [&str; 44] = [
    "m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S",
    "Wb", "Cel", "T", "H", "lm", "lx", "Bq", "Gy", "Sv", "L", "l", "t", "bar", "u", "eV", "eq", "osm", "kat",
    "U", "[iU]", "[IU]", "cal", "dyn", "Ci", "REM",
];

/// Units without one.
const PLAIN: [&str; 75] = [
    "10*",
    "10^",
    "%",
    "[ppth]",
    "[ppm]",
    "[ppb]",
    "deg",
    "'",
    "''",
    "min",
    "h",
    "d",
    "a",
    "wk",
    "mo",
    "[pi]",
    "mo_j",
    "a_j",
    "[in_i]",
    "[ft_i]",
    "[yd_i]",
    "[mi_i]",
    "[lb_av]",
    "[oz_av]",
    "[gr]",
    "[degF]",
    "[pH]",
    "[arb'U]",
    "[Amb'a'1'U]",
    "[CFU]",
    "[cfu]",
    "[PFU]",
    "[pfu]",
    "[FFU]",
    "[TCID_50]",
    "[CCID_50]",
    "[EID_50]",
    "[USP'U]",
    "[APL'U]",
    "[GPL'U]",
    "[MPL'U]",
    "[beth'U]",
    "[anti'Xa'U]",
    "[todd'U]",
    "[dye'U]",
    "[smgy'U]",
    "[bdsk'U]",
    "[ka'U]",
    "[knk'U]",
    "[mclg'U]",
    "[tb'U]",
    "[LPF]",
    "[HPF]",
    "[drp]",
    "[hnsf'U]",
    "[MET]",
    "[diop]",
    "[p'diop]",
    "[car_Au]",
    "[HP]",
    "[Ch]",
    "[CAG]",
    "[fl_oz_us]",
    "[cup_us]",
    "[tbs_us]",
    "[tsp_us]",
    "[pt_us]",
    "[qt_us]",
    "[gal_us]",
    "[cin_i]",
    "[sft_i]",
    "[BAU]",
    "[ELU]",
    "[pwr'tot]",
    "[RFC'U]",
];

/// Column heights are metric: `mm[Hg]`, `cm[H2O]`.
const COLUMNS: [&str; 2] = ["m[Hg]", "m[H2O]"];

const PREFIXES: [&str; 20] =
    ["Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y"];

/// True for text that UCUM's grammar makes (§3 to §12), of units that are met in records.
#[must_use]
pub fn is_ucum(text: &str) -> bool {
    let plain = text.is_ascii() && !text.is_empty() && text.len() <= 60 && !text.contains(' ');
    plain && matches!(terms(text), Some("")) && text.bytes().any(|byte| !byte.is_ascii_digit())
}

/// Terms joined by `.` and `/`; what is left behind them.
fn terms(text: &str) -> Option<&str> {
    let mut rest = component(text.strip_prefix('/').unwrap_or(text))?;
    while let Some(more) = rest.strip_prefix(['.', '/']) {
        rest = component(more)?;
    }
    Some(rest)
}

fn component(text: &str) -> Option<&str> {
    if let Some(inner) = text.strip_prefix('(') {
        return terms(inner)?.strip_prefix(')');
    }
    if text.starts_with('{') {
        return annotation(text);
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    // `10*` and `10^` are units; other numbers are factors.
    if digits > 0 && !text.starts_with("10*") && !text.starts_with("10^") {
        let rest = &text[digits..];
        return if rest.starts_with('{') { annotation(rest) } else { Some(rest) };
    }
    let end = symbol_end(text);
    let rest = &text[end..];
    let (symbol, power) = powered(&text[..end]);
    if !is_symbol(symbol) || !power {
        return None;
    }
    if rest.starts_with('{') { annotation(rest) } else { Some(rest) }
}

/// `{cells}`: printable, closed.
fn annotation(text: &str) -> Option<&str> {
    let (inner, rest) = text.strip_prefix('{')?.split_once('}')?;
    (!inner.contains('{')).then_some(rest)
}

/// Where a symbol ends: brackets may hold anything.
fn symbol_end(text: &str) -> usize {
    let mut within = false;
    for (at, c) in text.char_indices() {
        match c {
            '[' => within = true,
            ']' => within = false,
            '.' | '/' | '(' | ')' | '{' if !within => return at,
            _ => {}
        }
    }
    text.len()
}

/// A symbol and its exponent: `m2`, `s-1`, `10*-6`. False when there is a sign without digits.
fn powered(text: &str) -> (&str, bool) {
    let symbol = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let whole = |symbol: &str| symbol.starts_with("10*") || symbol.starts_with("10^") || is_symbol(symbol);
    let digits = text.len() - symbol.len();
    match symbol.strip_suffix(['+', '-']) {
        Some(bare) if digits > 0 && whole(bare) => (bare, true),
        Some(_) => (symbol, false),
        None => (symbol, true),
    }
}

fn is_symbol(symbol: &str) -> bool {
    let metric = |symbol: &str| METRIC.contains(&symbol) || COLUMNS.contains(&symbol);
    let prefixed = || PREFIXES.iter().any(|prefix| symbol.strip_prefix(prefix).is_some_and(metric));
    PLAIN.contains(&symbol) || metric(symbol) || prefixed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ucum_makes_is_ucum() {
        for text in [
            "mg/dL",
            "mmol/L",
            "10*3/uL",
            "10*9/L",
            "/min",
            "mm[Hg]",
            "cm[H2O]",
            "kg/m2",
            "mL/min/{1.73_m2}",
            "%",
            "U/L",
            "m[IU]/L",
            "[in_i]",
            "[degF]",
            "Cel",
            "{score}",
            "mg/(24.h)",
            "mosm/kg",
            "s-1",
            "g{creat}",
            "1",
            "fL",
            "pg",
            "umol/L",
            "ng/mL{FEU}",
            "meq/L",
            "k[IU]/L",
            "/[HPF]",
            "10*-6",
            "L/min/m2",
            "HU{x}",
        ] {
            let expected = !matches!(text, "1" | "HU{x}");
            assert_eq!(is_ucum(text), expected, "{text}");
        }
    }

    #[test]
    fn what_it_does_not_make_is_not() {
        for text in [
            "", "mg/dl%", "cells", "mg dL", "m-", "mg//dL", "(mg", "{open", "percent", "mcg", "x10^3/uL", "é",
        ] {
            assert!(!is_ucum(text), "{text}");
        }
    }

    #[test]
    fn every_code_of_the_table_is_ucum_and_no_spelling_means_two() {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (written, code) in rows() {
            assert!(is_ucum(code), "{code}");
            let key = if written.starts_with('=') { written.to_owned() } else { folded(written) };
            let before = seen.insert(key, code);
            assert!(before.is_none_or(|known| known == code), "{written} means {before:?} and {code}");
        }
        assert!(seen.len() > 250, "{}", seen.len());
    }

    #[test]
    fn spellings_are_known_whatever_their_case_and_spaces() {
        for (written, code) in [
            ("MG/DL", "mg/dL"),
            ("mcg / mL", "ug/mL"),
            ("µg/L", "ug/L"),
            ("x10^3/uL", "10*3/uL"),
            ("K/uL", "10*3/uL"),
            ("mmHg", "mm[Hg]"),
            ("mIU/L", "m[IU]/L"),
            ("mL/min/1.73m²", "mL/min/{1.73_m2}"),
            ("lbs", "[lb_av]"),
            ("deg C", "Cel"),
            ("mmol/L", "mmol/L"),
            ("mEq/L", "meq/L"),
        ] {
            assert_eq!(ucum(written), Some(code), "{written}");
        }
    }

    #[test]
    fn what_may_mean_two_things_is_left_alone() {
        for written in ["unit", "", "index", "IU", "mg%x", "count", "M"] {
            assert!(ucum(written).is_none_or(|code| code == "[IU]"), "{written}");
        }
    }
}
