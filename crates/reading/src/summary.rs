//! What the whole report says of each finding, where several sentences speak of it.

use crate::reading::{
    Assertion, Experiencer, Finding, Laterality, Measurement, Reading, Rule, SectionKind, Severity,
    Temporality,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One line for each finding, and what else people ask of a report first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// By the key of the finding, of the patient, as seen in this exam. Findings that only the indication or the history
    /// speaks of are not here.
    pub findings: BTreeMap<Arc<str>, Conclusion>,
    /// The highest category of each system, of this exam; what the impression says counts before the rest.
    pub categories: BTreeMap<Arc<str>, String>,
    /// Whether somebody was told of a critical result.
    pub critical: bool,
}

/// What the report says in the end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conclusion {
    /// Present if anything asserts it, else possible, else absent. An addendum overrules what stands before it.
    pub assertion: Assertion,
    /// The most telling time of those that assert it.
    pub temporality: Temporality,
    /// The sides together.
    pub laterality: Option<Laterality>,
    /// The most severe.
    pub severity: Option<Severity>,
    /// The numbers of the findings in the reading that were put together.
    pub findings: Vec<usize>,
    /// Whether the report speaks of it only by something narrower (`subdural_hematoma`, for `hemorrhage`).
    pub narrower: bool,
}

impl Reading {
    /// Puts the findings together.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut by_key: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        let first = self.sections.first().is_some_and(|one| one.kind == SectionKind::Body);
        let reported = first && self.sections.iter().any(|one| one.kind == SectionKind::Findings);
        let own = |finding: &Finding| counts(finding) && !is_suspicion(finding, reported);
        for (number, finding) in self.findings.iter().enumerate().filter(|(_, finding)| own(finding)) {
            by_key.entry(finding.finding.clone()).or_default().push(number);
        }
        let broader = self.broader(&by_key);
        let own = by_key.into_iter().map(|(key, numbers)| (key, self.conclude(numbers)));
        let wider = broader
            .into_iter()
            .map(|(key, numbers)| (key, Conclusion { narrower: true, ..self.conclude(numbers) }));
        Summary {
            findings: own.chain(wider).collect(),
            categories: self.highest_categories(),
            critical: self.communications.iter().any(|told| told.critical),
        }
    }

    /// The highest category of each system; those of the impression before others.
    fn highest_categories(&self) -> BTreeMap<Arc<str>, String> {
        let mut best: BTreeMap<Arc<str>, (bool, bool, &str)> = BTreeMap::new();
        for category in self.categories.iter().filter(|category| !category.earlier) {
            let section = self
                .sentences
                .get(category.sentence)
                .and_then(|sentence| self.sections.get(sentence.section));
            let concluded = section.is_some_and(|section| {
                matches!(section.kind, SectionKind::Impression | SectionKind::Addendum)
            });
            // A treated lesion is less than any other; `NC` is none.
            let graded = !matches!(category.category.as_str(), "TR" | "NC" | "X");
            let this = (concluded, graded, category.value.as_str());
            let kept = best.entry(category.system.clone()).or_insert(this);
            *kept = this.max(*kept);
        }
        best.into_iter().map(|(system, (_, _, value))| (system, value.to_owned())).collect()
    }

    /// What the findings are kinds of and the report does not name itself.
    fn broader(&self, by_key: &BTreeMap<Arc<str>, Vec<usize>>) -> BTreeMap<Arc<str>, Vec<usize>> {
        let mut broader: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for number in by_key.values().flatten() {
            let keys = self.findings[*number].broader.iter().filter(|key| !by_key.contains_key(*key));
            keys.for_each(|key| broader.entry(key.clone()).or_default().push(*number));
        }
        broader
    }

    fn conclude(&self, mut numbers: Vec<usize>) -> Conclusion {
        let of = |number: &usize| &self.findings[*number];
        let added =
            |number: &usize| of(number).section == SectionKind::Addendum && of(number).rule != Rule::Normal;
        if numbers.iter().any(added) {
            numbers.retain(added);
        }
        let assertion = numbers.iter().map(|number| of(number).assertion).max().unwrap_or(Assertion::Absent);
        let deciding: Vec<&Finding> =
            numbers.iter().map(of).filter(|one| one.assertion == assertion).collect();
        Conclusion {
            assertion,
            temporality: deciding.iter().map(|one| one.temporality).min().unwrap_or(Temporality::Current),
            laterality: sides(&deciding),
            severity: deciding.iter().filter_map(|one| one.severity).max(),
            findings: numbers,
            narrower: false,
        }
    }
}

/// Whether a finding speaks of the patient in this exam.
fn counts(finding: &Finding) -> bool {
    finding.section.is_result()
        && finding.experiencer == Experiencer::Patient
        && finding.temporality != Temporality::Hypothetical
        && !finding.evidence.iter().any(|why| why.rule.starts_with("question:"))
}

/// Whether it only says what was suspected, before the report proper.
fn is_suspicion(finding: &Finding, reported: bool) -> bool {
    reported && finding.section == SectionKind::Body && finding.assertion == Assertion::Possible
}

fn sides(findings: &[&Finding]) -> Option<Laterality> {
    let mut sides = findings.iter().filter_map(|finding| finding.laterality);
    let first = sides.next()?;
    Some(if sides.all(|side| side == first) { first } else { Laterality::Bilateral })
}

/// The values of a length in millimetres; of anything else `None`.
#[must_use]
pub fn millimetres(measurement: &Measurement) -> Option<Vec<f64>> {
    let factor = match &*measurement.unit {
        "mm" => 1.0,
        "cm" => 10.0,
        "m" => 1000.0,
        "[in_i]" => 25.4,
        _ => return None,
    };
    // 1.4 cm are 14 mm, not 13.999…
    let whole = |value: &f64| (value * factor * 1e6).round() / 1e6;
    Some(measurement.values.iter().map(whole).collect())
}
