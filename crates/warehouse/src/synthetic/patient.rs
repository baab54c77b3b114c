//! One invented patient.

use super::Chance;
use super::words::{CONDITIONS, DEVICES, KINDS, Kind, LABORATORY, MEDICINES};
use crate::gather::Gathered;
use crate::rows::Cell;

/// Days from 1970-01-01 to 2012-01-01 and to 2026-01-01: when things happen.
const BEGIN: i64 = 15_340;
const END: i64 = 20_454;
/// Rows of one patient in one table; beyond, numbers of two would meet.
const MOST: i64 = 1 << 10;

const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const LOINC: &str = "http://loinc.org";

pub(super) struct Invented {
    patient: i64,
    chance: Chance,
    birth: i64,
    sex: &'static str,
    counts: [i64; 16],
    exams: Vec<i64>,
}

impl Invented {
    pub(super) fn new(patient: i64) -> Self {
        let mut chance = Chance::of(patient);
        let birth = chance.within(-14_600, 16_000);
        let sex = if chance.happens(515) { "female" } else { "male" };
        Self { patient, chance, birth, sex, counts: [0; 16], exams: Vec::new() }
    }

    pub(super) fn write(mut self, to: &mut Gathered) {
        let illness = 1 + (END - self.birth) / 9_000;
        for _ in 0..self.chance.about(12 * illness) {
            self.condition(to);
        }
        for _ in 0..self.chance.about(2 * illness) {
            self.encounter(to);
        }
        for _ in 0..self.chance.about(2 * illness) {
            self.medicine(to);
        }
        for _ in 0..self.chance.about(3 * illness) {
            self.laboratory(to);
        }
        for _ in 0..self.chance.about(1 + 2 * illness) {
            self.exam(to);
        }
        self.person(to);
    }

    /// The columns every event has.
    fn event(&mut self, table: usize, day: i64) -> Vec<Cell> {
        let id = self.patient * MOST + (self.counts[table] % MOST);
        self.counts[table] += 1;
        let age = ((day - self.birth) as f64 / 365.25).floor() as i64;
        vec![self.patient.into(), id.into(), day.into(), day.into(), age.into()]
    }

    fn day(&mut self) -> i64 {
        self.chance.within(BEGIN.max(self.birth), END)
    }

    fn person(&self, to: &mut Gathered) {
        let days = || self.exams.iter().copied();
        let year = 1970 + (self.birth as f64 / 365.2425).floor() as i64;
        push(
            to,
            "patient",
            vec![
                self.patient.into(),
                self.sex.into(),
                self.birth.into(),
                year.into(),
                Cell::Null,
                days().min().into(),
                days().max().into(),
                (self.exams.len() as i64).into(),
            ],
        );
    }

    fn condition(&mut self, to: &mut Gathered) {
        let day = self.day();
        let (code, words) = *self.chance.favoured(&CONDITIONS);
        let mut row = self.event(0, day);
        row.extend([
            Cell::Null,
            ICD.into(),
            code.into(),
            words.into(),
            Cell::Null,
            Cell::Null,
            "active".into(),
        ]);
        push(to, "condition", row);
    }

    fn medicine(&mut self, to: &mut Gathered) {
        let day = self.day();
        let (code, words) = *self.chance.favoured(&MEDICINES);
        let ends = day + self.chance.within(5, 400);
        let mut row = self.event(1, day);
        row.extend([
            ends.into(),
            RXNORM.into(),
            code.into(),
            words.into(),
            Cell::Null,
            Cell::Null,
            "active".into(),
        ]);
        push(to, "medication", row);
    }

    fn encounter(&mut self, to: &mut Gathered) {
        let day = self.day();
        let class = *self.chance.favoured(&["AMB", "EMER", "IMP"]);
        let ends = if class == "IMP" { day + self.chance.within(1, 14) } else { day };
        let mut row = self.event(2, day);
        row.extend([ends.into(), class.into(), "finished".into(), Cell::Null]);
        push(to, "encounter", row);
    }

    fn laboratory(&mut self, to: &mut Gathered) {
        let day = self.day();
        let (code, words, unit, mean, spread) = *self.chance.favoured(&LABORATORY);
        let value = (mean + (self.chance.within(-1000, 1500) as f64 / 1000.0) * spread).max(0.1);
        let mut row = self.event(3, day);
        row.extend([LOINC.into(), code.into(), words.into(), Cell::Null, Cell::Null, "final".into()]);
        row.extend([((value * 10.0).round() / 10.0).into(), unit.into(), Cell::Null]);
        push(to, "observation", row);
    }

    fn exam(&mut self, to: &mut Gathered) {
        let day = self.day();
        self.exams.push(day);
        let kind = self.chance.favoured(&KINDS);
        let (maker, model) = *self.chance.favoured(&DEVICES);
        let series = 1 + self.chance.about(3).min(20);
        let mut row = self.event(4, day);
        let Cell::Int(exam) = row[1].clone() else { return };
        let year = 1970 + (day as f64 / 365.2425).floor() as i64;
        let modalities =
            if kind.modality == "PT" { Cell::list(["CT", "PT"]) } else { Cell::list([kind.modality]) };
        row.extend([exam.into(), format!("2.25.{exam}").into(), (day * 86_400_000_000).into(), year.into()]);
        row.extend([modalities, kind.body_part.into(), kind.words.into(), maker.into(), model.into()]);
        row.extend([series.into(), (series * 60).into(), 1.into(), 1.into()]);
        push(to, "exam", row);
        for number in 0..series {
            self.series(to, exam, number, day, kind, (maker, model));
        }
        self.report(to, exam, day, kind);
    }

    fn series(
        &mut self,
        to: &mut Gathered,
        exam: i64,
        number: i64,
        day: i64,
        kind: &Kind,
        (maker, model): (&'static str, &'static str),
    ) {
        let mut row = self.event(5, day);
        let uid = format!("2.25.{exam}.{number}");
        row.extend([exam.into(), uid.into(), kind.modality.into(), kind.body_part.into(), Cell::Null]);
        row.extend([
            kind.words.into(),
            kind.words.into(),
            maker.into(),
            model.into(),
            60.into(),
            512.into(),
            512.into(),
        ]);
        let thickness = *self.chance.any(&[0.625, 1.0, 1.25, 2.0, 3.0, 5.0]);
        row.extend([thickness.into(), thickness.into(), 0.7.into()]);
        let is =
            |modality: &str, value: f64| if kind.modality == modality { value.into() } else { Cell::Null };
        let kvp = *self.chance.any(&[80.0, 100.0, 120.0, 140.0]);
        let field = *self.chance.any(&[1.5, 3.0]);
        row.extend([
            is("CT", kvp),
            is("CT", 250.0),
            is("CT", 120.0),
            Cell::Null,
            Cell::Null,
            is("MR", field),
        ]);
        push(to, "series", row);
    }

    fn report(&mut self, to: &mut Gathered, exam: i64, day: i64, kind: &Kind) {
        let mut order = self.event(6, day - 2);
        order.extend([exam.into(), Cell::Null, kind.words.into(), kind.words.into(), "reported".into()]);
        push(to, "order", order);
        let mut row = self.event(7, day);
        let Cell::Int(report) = row[1].clone() else { return };
        row.extend([exam.into(), kind.words.into(), "final".into()]);
        push(to, "report", row);
        for _ in 0..1 + self.chance.about(1).min(6) {
            let finding = *self.chance.favoured(kind.findings);
            let assertion = *self.chance.favoured(&["absent", "present", "possible"]);
            let side = *self.chance.any(&["left", "right", "bilateral"]);
            let size = (assertion == "present" && self.chance.happens(600))
                .then(|| self.chance.within(2, 40) as f64);
            let mut row = self.event(8, day);
            row.extend([exam.into(), report.into(), finding.into(), Cell::list([finding]), assertion.into()]);
            row.extend([
                "current".into(),
                "patient".into(),
                side.into(),
                Cell::Null,
                Cell::Null,
                size.into(),
            ]);
            push(to, "finding", row);
        }
    }
}

fn push(to: &mut Gathered, table: &'static str, row: Vec<Cell>) {
    if let Some(rows) = to.get_mut(table) {
        rows.push(row);
    }
}
