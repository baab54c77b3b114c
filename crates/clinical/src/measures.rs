//! Values measured on images in one unit for each kind: lengths in mm, areas in mm², volumes in mL, angles in degrees.
//! A value in a unit of another kind stays as it is, its unit written as UCUM has it.

use crate::units::ucum;

/// UCUM codes, the unit that values are compared in, and what one is in it.
const UNITS: &[(&[&str], &str, f64)] = &[
    (&["mm"], "mm", 1.0),
    (&["um"], "mm", 1e-3),
    (&["cm"], "mm", 10.0),
    (&["dm"], "mm", 100.0),
    (&["m"], "mm", 1e3),
    (&["[in_i]"], "mm", 25.4),
    (&["mm2"], "mm2", 1.0),
    (&["um2"], "mm2", 1e-6),
    (&["cm2"], "mm2", 100.0),
    (&["m2"], "mm2", 1e6),
    (&["mL", "ml", "cm3"], "mL", 1.0),
    (&["mm3", "uL", "ul"], "mL", 1e-3),
    (&["dL", "dl"], "mL", 100.0),
    (&["L", "l", "dm3"], "mL", 1e3),
    (&["deg"], "deg", 1.0),
    (&["rad"], "deg", 180.0 / std::f64::consts::PI),
    (&["ms"], "ms", 1.0),
    (&["s"], "ms", 1e3),
    (&["cm/s"], "cm/s", 1.0),
    (&["mm/s"], "cm/s", 0.1),
    (&["m/s"], "cm/s", 100.0),
    (&["{SUVbw}g/ml", "g/ml{SUVbw}", "{SUVbw}g/mL", "g/mL{SUVbw}"], "{SUVbw}g/ml", 1.0),
];

/// A value in the unit that values of its kind are compared in, and that unit.
#[must_use]
pub fn comparable(value: f64, unit: &str) -> (f64, &str) {
    let unit = unit.trim();
    let found = |unit: &str| UNITS.iter().find(|(codes, ..)| codes.contains(&unit));
    let code = ucum(unit).unwrap_or(unit);
    match found(unit).or_else(|| found(code)) {
        Some((_, to, factor)) if *factor != 1.0 => (rounded(value * factor), to),
        Some((_, to, _)) => (value, to),
        None => (value, code),
    }
}

/// Twelve digits: what a factor adds behind them was never measured.
fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_areas_and_volumes_have_one_unit_each() {
        for (value, unit, wanted) in [
            (2.54, "cm", (25.4, "mm")),
            (3.0, "cm2", (300.0, "mm2")),
            (33_582.4, "mm3", (33.5824, "mL")),
            (33.5824, "ml", (33.5824, "mL")),
            (0.5, "s", (500.0, "ms")),
            (6.0, "g/ml{SUVbw}", (6.0, "{SUVbw}g/ml")),
            (60.0, "%", (60.0, "%")),
            (7.0, "spoonful", (7.0, "spoonful")),
            (128.0, "{pixels}", (128.0, "{pixels}")),
        ] {
            assert_eq!(comparable(value, unit), wanted, "{value} {unit}");
        }
    }
}
