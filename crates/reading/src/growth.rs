//! What two sizes say of a finding where no word does: larger, smaller, the same.

use crate::reading::{Assertion, Change, Evidence, Finding, Measurement, Quantity, Temporality};

/// Less than this, in mm, is how differently two people measure the same (Fleischner Society 2017).
const LEAST: f64 = 2.0;
/// And less than this part of the earlier size …
const LEAST_PART: f64 = 0.1;
/// … unless it is as much as this, in mm.
const MUCH: f64 = 5.0;

/// Has measured findings changed or unchanged by their sizes, unless the report says it in words.
pub(crate) fn apply(findings: &mut [Finding], measured: &[Measurement]) {
    for measurement in measured.iter().filter(|one| one.quantity == Quantity::Length && !one.earlier) {
        let finding = measurement.finding.and_then(|number| findings.get_mut(number));
        let (Some(finding), Some(prior)) = (finding, &measurement.prior) else { continue };
        let silent = finding.temporality == Temporality::Current && finding.change.is_none();
        let (Some(now), Some(then)) =
            (longest(&measurement.values, &measurement.unit), longest(&prior.values, &prior.unit))
        else {
            continue;
        };
        let Some(change) = change(now, then).filter(|_| silent && finding.assertion != Assertion::Absent)
        else {
            continue;
        };
        finding.change = Some(change);
        finding.temporality =
            if change == Change::Unchanged { Temporality::Unchanged } else { Temporality::Changed };
        finding.evidence.push(Evidence { rule: "measured".into(), span: prior.span });
    }
}

/// The longest of the values in mm.
fn longest(values: &[f64], unit: &str) -> Option<f64> {
    let factor = match unit {
        "mm" => 1.0,
        "cm" => 10.0,
        _ => return None,
    };
    values.iter().copied().reduce(f64::max).map(|value| value * factor)
}

fn change(now: f64, then: f64) -> Option<Change> {
    let (difference, part) = ((now - then).abs(), (now - then).abs() / then.max(0.1));
    match () {
        () if difference < 1e-6 => Some(Change::Unchanged),
        () if difference + 1e-6 < LEAST => None,
        () if part < LEAST_PART && difference + 1e-6 < MUCH => None,
        () if now > then => Some(Change::Increased),
        () => Some(Change::Decreased),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_differ_by_more_than_people_do() {
        assert_eq!(change(9.0, 4.0), Some(Change::Increased));
        assert_eq!(change(20.0, 24.0), Some(Change::Decreased));
        assert_eq!(change(14.0, 14.0), Some(Change::Unchanged));
        assert_eq!(change(5.0, 4.0), None);
        assert_eq!(change(102.0, 100.0), None);
        assert_eq!(change(56.0, 51.0), Some(Change::Increased));
        assert_eq!(longest(&[1.2, 1.4], "cm"), Some(14.0));
        assert_eq!(longest(&[1.2], "mL"), None);
    }
}
