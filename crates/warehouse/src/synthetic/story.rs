//! What happened to one invented patient, before it becomes rows or messages.

use super::chance::Chance;
use super::words::{Device, Kind};

/// Days from 1970-01-01 to 2012-01-01 and to 2026-01-01: when things happen.
pub(super) const BEGIN: i64 = 15_340;
pub(super) const END: i64 = 20_454;

/// Something with a code: a condition, a medicine, a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded {
    /// Day it began, in days since 1970-01-01.
    pub day: i64,
    /// Day it ended.
    pub ends: Option<i64>,
    /// ICD-10-CM, RxNorm or SNOMED CT.
    pub code: &'static str,
    /// The code in words.
    pub words: &'static str,
}

/// A laboratory value.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Day, in days since 1970-01-01.
    pub day: i64,
    /// LOINC.
    pub code: &'static str,
    /// The code in words.
    pub words: &'static str,
    /// The value, in `unit`.
    pub value: f64,
    /// UCUM.
    pub unit: &'static str,
}

/// A stay or an appointment.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// Day it began, in days since 1970-01-01.
    pub day: i64,
    /// Day it ended.
    pub ends: i64,
    /// AMB, EMER, IMP (v3 ActCode).
    pub class: &'static str,
}

/// What a report says of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Key of the lexicon.
    pub finding: &'static str,
    /// present, absent, possible.
    pub assertion: &'static str,
    /// left, right, bilateral; empty where none is told.
    pub side: &'static str,
    /// Largest diameter, mm.
    pub size: Option<f64>,
}

/// An exam, its order and its report.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Day, in days since 1970-01-01.
    pub day: i64,
    /// What was made.
    pub kind: &'static Kind,
    /// With what.
    pub device: Device,
    /// How many series.
    pub series: i64,
    /// What the report says.
    pub findings: Vec<Said>,
    /// A category that the report gives: scheme and value.
    pub category: Option<(&'static str, &'static str)>,
}

/// The life of one invented patient as the hospital knows it.
#[derive(Debug, Clone)]
pub struct Story {
    /// 1 for the first of the population.
    pub number: i64,
    /// Day of birth, in days since 1970-01-01.
    pub birth: i64,
    /// Day of death.
    pub death: Option<i64>,
    /// female, male.
    pub sex: &'static str,
    /// ICD-10-CM.
    pub conditions: Vec<Coded>,
    /// RxNorm.
    pub medicines: Vec<Coded>,
    /// SNOMED CT.
    pub procedures: Vec<Coded>,
    /// LOINC.
    pub values: Vec<Value>,
    /// Encounters.
    pub stays: Vec<Stay>,
    /// Genes with a variant, and the variant.
    pub variants: Vec<(i64, &'static str, &'static str)>,
    /// Exams that were made.
    pub visits: Vec<Visit>,
    /// Exams that were asked for and not made, with what became of them.
    pub unmade: Vec<(i64, &'static Kind, &'static str)>,
}

impl Story {
    pub(super) const fn new(number: i64, birth: i64, sex: &'static str) -> Self {
        Self {
            number,
            birth,
            death: None,
            sex,
            conditions: Vec::new(),
            medicines: Vec::new(),
            procedures: Vec::new(),
            values: Vec::new(),
            stays: Vec::new(),
            variants: Vec::new(),
            visits: Vec::new(),
            unmade: Vec::new(),
        }
    }

    /// The day when a patient is so many years old.
    pub(super) const fn at_age(&self, years: i64) -> i64 {
        self.birth + years * 365_242 / 1000
    }

    /// Nothing happens to who is dead.
    pub(super) fn end_with_death(&mut self) {
        let Some(death) = self.death else { return };
        self.conditions.retain(|one| one.day <= death);
        self.medicines.retain(|one| one.day <= death);
        self.procedures.retain(|one| one.day <= death);
        self.values.retain(|one| one.day <= death);
        self.stays.retain(|one| one.ends <= death);
        self.variants.retain(|one| one.0 <= death);
        self.visits.retain(|one| one.day <= death);
        self.unmade.retain(|one| one.0 <= death);
        for ends in self.medicines.iter_mut().filter_map(|one| one.ends.as_mut()) {
            *ends = (*ends).min(death);
        }
    }
}

/// A story while it is made up.
pub(super) struct Life {
    pub story: Story,
    pub chance: Chance,
}

impl Life {
    /// A day on which something may happen, from some age on; none where that is not reached in time.
    pub(super) fn day_from(&mut self, years: i64) -> Option<i64> {
        let from = BEGIN.max(self.story.at_age(years));
        (from < END).then(|| self.chance.within(from, END))
    }

    pub(super) fn condition(&mut self, day: i64, code: &'static str, words: &'static str) {
        if day < END {
            self.story.conditions.push(Coded { day, ends: None, code, words });
        }
    }

    pub(super) fn medicine(&mut self, day: i64, days: i64, code: &'static str, words: &'static str) {
        if day < END {
            self.story.medicines.push(Coded { day, ends: Some(day + days), code, words });
        }
    }

    pub(super) fn procedure(&mut self, day: i64, code: &'static str, words: &'static str) {
        if day < END {
            self.story.procedures.push(Coded { day, ends: Some(day), code, words });
        }
    }

    pub(super) fn value(&mut self, day: i64, what: (&'static str, &'static str, &'static str), value: f64) {
        let (code, words, unit) = what;
        if (BEGIN..END).contains(&day) {
            let value = (value.max(0.1) * 10.0).round() / 10.0;
            self.story.values.push(Value { day, code, words, value, unit });
        }
    }

    pub(super) fn stay(&mut self, day: i64, days: i64, class: &'static str) {
        if (BEGIN..END).contains(&day) {
            self.story.stays.push(Stay { day, ends: day + days, class });
        }
    }

    /// An exam with its appointment. What is known to be there is told first.
    pub(super) fn visit(
        &mut self,
        day: i64,
        kind: &'static Kind,
        findings: Vec<Said>,
        category: Option<(&'static str, &'static str)>,
    ) {
        if !(BEGIN..END).contains(&day) {
            return;
        }
        let device = *self.chance.favoured(super::words::devices(kind.modality));
        let series = match kind.modality {
            "MR" => 7 + self.chance.about(3).min(12),
            "CT" | "PT" => 4 + self.chance.about(3).min(12),
            "MG" => 4,
            _ => 1 + self.chance.about(1).min(4),
        };
        let class = if std::ptr::eq(kind, &raw const super::words::HEAD_CT) { "EMER" } else { "AMB" };
        self.stay(day, 0, class);
        self.story.visits.push(Visit { day, kind, device, series, findings, category });
    }

    /// What a report says besides what it is about: most of it that there is nothing.
    pub(super) fn also(&mut self, kind: &'static Kind, mut findings: Vec<Said>) -> Vec<Said> {
        for _ in 0..1 + self.chance.about(1).min(5) {
            let finding = *self.chance.favoured(kind.findings);
            if findings.iter().any(|said| said.finding == finding) {
                continue;
            }
            let assertion = *self.chance.favoured(&["absent", "present", "possible"]);
            let side = *self.chance.any(&["left", "right", "bilateral", ""]);
            let sized = assertion == "present" && self.chance.happens(500);
            let size = sized.then(|| 2.0 + self.chance.about(8).min(60) as f64);
            findings.push(Said { finding, assertion, side, size });
        }
        findings
    }
}

/// Something that is there, of a size in mm.
pub(super) const fn there(finding: &'static str, side: &'static str, size: Option<f64>) -> Said {
    Said { finding, assertion: "present", side, size }
}
