//! A laboratory value in the unit it is usually told in: glucose in mg/dL whether it came as 7 mmol/L, 1.26 g/L or
//! 126 mg/dL. The value as it came stays; this one stands beside it.
//!
//! Mass and amount of substance are only exchanged where the table (`data/usual.tsv`) has the analyte's molar mass.

use crate::units::ucum;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The code system of LOINC.
const LOINC: &str = "http://loinc.org";

/// A value in the usual unit of its analyte.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// The value.
    pub value: f64,
    /// The unit, in UCUM.
    pub unit: &'static str,
    /// Whether it came in another unit.
    pub converted: bool,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoUsual {
    /// The table has no usual unit for the code.
    #[error("no usual unit is known for the code")]
    Code,
    /// It came without a unit.
    #[error("the value came without a unit")]
    NoUnit,
    /// The unit can't be made the usual one: it is unknown, or of another kind.
    #[error("the unit can't be converted to the usual one")]
    Unit,
}

impl NoUsual {
    /// The same as a word for a column.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Code => "no usual unit",
            Self::NoUnit => "no unit",
            Self::Unit => "unit not convertible",
        }
    }
}

/// The value of an observation with a LOINC code, in its usual unit.
///
/// # Errors
/// [`NoUsual`].
pub fn usual(loinc: &str, value: f64, unit: &str) -> Result<Usual, NoUsual> {
    let analyte = analytes().get(loinc).ok_or(NoUsual::Code)?;
    if unit.trim().is_empty() {
        return Err(NoUsual::NoUnit);
    }
    let code = ucum(unit).ok_or(NoUsual::Unit)?;
    if code == analyte.unit {
        return Ok(Usual { value, unit: analyte.unit, converted: false });
    }
    let value = analyte.convert(value, code).ok_or(NoUsual::Unit)?;
    Ok(Usual { value, unit: analyte.unit, converted: true })
}

/// The number of an Observation (FHIR R4) in the usual unit of its LOINC code; nothing where it has no number.
#[must_use]
pub fn of_observation(content: &Value) -> Option<Result<Usual, NoUsual>> {
    let quantity = &content["valueQuantity"];
    let value = quantity["value"].as_f64()?;
    let unit = quantity["code"].as_str().or_else(|| quantity["unit"].as_str()).unwrap_or_default();
    let codings = content["code"]["coding"].as_array().into_iter().flatten();
    let loinc = codings.filter(|coding| coding["system"] == LOINC);
    let known = loinc.filter_map(|coding| coding["code"].as_str());
    // Of several codes the first that the table knows.
    let told = known.map(|code| usual(code, value, unit)).find(|told| *told != Err(NoUsual::Code));
    Some(told.unwrap_or(Err(NoUsual::Code)))
}

#[derive(Debug, Clone, Copy)]
struct Analyte {
    unit: &'static str,
    molar_mass: Option<f64>,
    valence: Option<f64>,
    /// Another unit, slope and offset.
    other: Option<(&'static str, f64, f64)>,
}

impl Analyte {
    fn convert(&self, value: f64, from: &str) -> Option<f64> {
        if let Some((_, slope, offset)) = self.other.filter(|(unit, ..)| *unit == from) {
            return Some(rounded(slope * value + offset));
        }
        let (from, to) = (Measured::of(from)?, Measured::of(self.unit)?);
        let bridge = if from.below == to.below { self.bridge(from.above, to.above)? } else { return None };
        Some(rounded(value * bridge * from.factor / to.factor))
    }

    /// What an amount of one kind is in another.
    fn bridge(&self, from: Base, to: Base) -> Option<f64> {
        match (from, to) {
            (from, to) if from == to => Some(1.0),
            (Base::Mole, Base::Gram) => self.molar_mass,
            (Base::Gram, Base::Mole) => self.molar_mass.map(|mass| 1.0 / mass),
            (Base::Equivalent, Base::Mole) => self.valence.map(|valence| 1.0 / valence),
            (Base::Equivalent, Base::Gram) => Some(self.molar_mass? / self.valence?),
            // The international unit of an enzyme is the unit (IUB 1964).
            (Base::International, Base::Unit) => Some(1.0),
            _ => None,
        }
    }
}

fn analytes() -> &'static HashMap<&'static str, Analyte> {
    static ANALYTES: OnceLock<HashMap<&'static str, Analyte>> = OnceLock::new();
    ANALYTES.get_or_init(|| {
        let lines = include_str!("../data/usual.tsv").lines().filter(|line| !line.starts_with('#'));
        let codes = |(analyte, codes): (Analyte, &'static str)| {
            codes.split(' ').map(move |code| (code, analyte)).collect::<Vec<_>>()
        };
        lines.filter_map(read).flat_map(codes).collect()
    })
}

fn read(line: &'static str) -> Option<(Analyte, &'static str)> {
    let mut cells = line.split('\t');
    let mut next = || cells.next();
    let (unit, mass, valence, other, codes) = (next()?, next()?, next()?, next()?, next()?);
    let mut words = other.split(' ');
    let mut other = || Some((words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?));
    let [molar_mass, valence] = [mass, valence].map(|cell| cell.parse().ok());
    Some((Analyte { unit, molar_mass, valence, other: other() }, codes))
}

/// What is counted or measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    One,
    Gram,
    Mole,
    Equivalent,
    /// Of catalytic activity: µmol/min.
    Unit,
    International,
    Osmole,
    Litre,
    Metre,
    SquareMetre,
    Pascal,
}

/// A unit in these: `mg/dL` is 0.01 gram below litre.
#[derive(Debug, Clone, Copy)]
struct Measured {
    above: Base,
    below: Base,
    factor: f64,
}

impl Measured {
    fn of(code: &str) -> Option<Self> {
        let (above, below) = code.split_once('/').unwrap_or((code, ""));
        if below.contains('/') {
            return None;
        }
        let ((above, much), (below, part)) = (simple(above)?, simple(below)?);
        // A share of the same is a number; of moles it is another quantity with equations of its own.
        let share = above == below && above != Base::Mole;
        let (above, below) = if share { (Base::One, Base::One) } else { (above, below) };
        Some(Self { above, below, factor: much / part })
    }
}

const PREFIXES: [(&str, f64); 8] =
    [("", 1.0), ("k", 1e3), ("d", 1e-1), ("c", 1e-2), ("m", 1e-3), ("u", 1e-6), ("n", 1e-9), ("p", 1e-12)];
const FEMTO: (&str, f64) = ("f", 1e-15);

const BASES: [(&str, Base, f64); 16] = [
    ("g", Base::Gram, 1.0),
    ("mol", Base::Mole, 1.0),
    ("eq", Base::Equivalent, 1.0),
    ("U", Base::Unit, 1.0),
    // 1 kat is 1 mol/s.
    ("kat", Base::Unit, 6e7),
    ("[IU]", Base::International, 1.0),
    ("[iU]", Base::International, 1.0),
    ("osm", Base::Osmole, 1.0),
    ("L", Base::Litre, 1.0),
    ("l", Base::Litre, 1.0),
    ("m", Base::Metre, 1.0),
    ("m2", Base::SquareMetre, 1.0),
    ("Pa", Base::Pascal, 1.0),
    ("m[Hg]", Base::Pascal, 133_322.387_415),
    ("[in_i]", Base::Metre, 0.0254),
    ("[lb_av]", Base::Gram, 453.592_37),
];

/// A unit without a slash.
fn simple(code: &str) -> Option<(Base, f64)> {
    let whole = match code {
        "" | "1" | "{cells}" => Some((Base::One, 1.0)),
        "%" => Some((Base::One, 1e-2)),
        "10*3" | "10^3" => Some((Base::One, 1e3)),
        "10*6" | "10^6" => Some((Base::One, 1e6)),
        "10*9" | "10^9" => Some((Base::One, 1e9)),
        "10*12" | "10^12" => Some((Base::One, 1e12)),
        // A cubic millimetre is a microlitre.
        "mm3" => Some((Base::Litre, 1e-6)),
        "cm3" => Some((Base::Litre, 1e-3)),
        _ => None,
    };
    let prefixed = |(name, base, factor): &(&str, Base, f64)| {
        let prefix = code.strip_suffix(name)?;
        let known = PREFIXES.iter().chain(std::iter::once(&FEMTO)).find(|(one, _)| *one == prefix)?;
        Some((*base, known.1 * factor))
    };
    whole.or_else(|| BASES.iter().find_map(prefixed))
}

/// Twelve digits: what a product of factors adds behind them was never measured.
fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(loinc: &str, value: f64, unit: &str) -> String {
        match usual(loinc, value, unit) {
            Ok(usual) => format!("{} {}", (usual.value * 1e4).round() / 1e4, usual.unit),
            Err(why) => why.word().to_owned(),
        }
    }

    #[test]
    fn values_come_out_as_laboratories_tables_have_them() {
        let known = [
            // SI conversion factors as the AMA Manual of Style lists them.
            ("14749-6", 7.0, "mmol/L", "126.1092 mg/dL"),
            ("2345-7", 1.26, "g/L", "126 mg/dL"),
            ("2345-7", 126.0, "MG/DL", "126 mg/dL"),
            ("14682-9", 88.4, "umol/L", "1 mg/dL"),
            ("14937-7", 5.0, "mmol/L", "14.0067 mg/dL"),
            ("14647-2", 5.17, "mmol/L", "199.8981 mg/dL"),
            ("2000-8", 2.5, "mmol/L", "10.0195 mg/dL"),
            ("2000-8", 5.0, "meq/L", "10.0195 mg/dL"),
            ("2951-2", 140.0, "meq/L", "140 mmol/L"),
            ("59260-0", 9.3, "mmol/L", "14.9865 g/dL"),
            ("718-7", 150.0, "g/L", "15 g/dL"),
            ("6690-2", 7.2, "10*9/L", "7.2 10*3/uL"),
            ("6690-2", 7200.0, "/uL", "7.2 10*3/uL"),
            ("789-8", 4.5, "10*12/L", "4.5 10*6/uL"),
            ("4544-3", 0.42, "L/L", "42 %"),
            ("59261-8", 53.0, "mmol/mol", "7.0004 %"),
            ("1742-6", 1.0, "ukat/L", "60 U/L"),
            ("1742-6", 35.0, "[IU]/L", "35 U/L"),
            ("3016-3", 2.5, "u[IU]/mL", "2.5 m[IU]/L"),
            ("1988-5", 1.2, "mg/dL", "12 mg/L"),
            ("787-2", 90.0, "fL", "90 fL"),
            ("8480-6", 16.0, "kPa", "120.0099 mm[Hg]"),
            ("29463-7", 154.0, "[lb_av]", "69.8532 kg"),
            ("8302-2", 70.0, "[in_i]", "177.8 cm"),
            ("8310-5", 98.6, "[degF]", "37 Cel"),
        ];
        for (loinc, value, unit, wanted) in known {
            assert_eq!(told(loinc, value, unit), wanted, "{value} {unit} of {loinc}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        assert_eq!(told("99999-9", 1.0, "mg/dL"), "no usual unit");
        assert_eq!(told("2345-7", 1.0, " "), "no unit");
        assert_eq!(told("2345-7", 1.0, "spoonful"), "unit not convertible");
        assert_eq!(told("2345-7", 1.0, "mg"), "unit not convertible", "no volume");
        assert_eq!(
            told("1751-7", 600.0, "umol/L"),
            "unit not convertible",
            "the table has no molar mass for it"
        );
        assert_eq!(told("2345-7", 1.0, "mg/d/L"), "unit not convertible");
    }

    #[test]
    fn an_observation_is_told_by_the_code_the_table_knows() {
        let content = serde_json::json!({"code": {"coding": [{"system": "urn:lab", "code": "2345-7"},
            {"system": LOINC, "code": "99999-9"}, {"system": LOINC, "code": "14749-6"}]},
            "valueQuantity": {"value": 7, "unit": "mmol/L"}});
        let told = of_observation(&content).expect("a number").expect("a usual unit");
        assert_eq!((told.unit, told.converted), ("mg/dL", true));
        assert_eq!(of_observation(&serde_json::json!({"valueString": "high"})), None);
    }

    #[test]
    fn the_table_is_sound() {
        let lines = include_str!("../data/usual.tsv").lines().filter(|line| !line.starts_with('#'));
        let mut seen = std::collections::HashSet::new();
        for line in lines {
            let (analyte, codes) = read(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(line.split('\t').count(), 6, "{line}");
            assert_eq!(ucum(analyte.unit), Some(analyte.unit), "{line}");
            let measured = Measured::of(analyte.unit).is_some();
            assert!(measured || analyte.other.is_some(), "{line}");
            for code in codes.split(' ') {
                assert!(seen.insert(code), "{code} is there twice");
                assert!(is_loinc(code), "{code} has a wrong check digit");
            }
        }
    }

    /// LOINC's check digit: mod 10, digits doubled from the right (LOINC Users' Guide, appendix C).
    fn is_loinc(code: &str) -> bool {
        let Some((number, check)) = code.split_once('-') else { return false };
        let doubled = |(at, digit): (usize, u32)| match (at % 2, digit * 2) {
            (0, twice) => twice / 10 + twice % 10,
            _ => digit,
        };
        let digits = number.chars().rev().filter_map(|c| c.to_digit(10)).enumerate();
        let sum: u32 = digits.map(doubled).sum();
        check.parse() == Ok((10 - sum % 10) % 10)
    }
}
