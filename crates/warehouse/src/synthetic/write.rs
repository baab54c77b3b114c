//! An invented patient's story as rows of facts.

use super::story::{Coded, Said, Story, Visit};
use crate::gather::Gathered;
use crate::rows::Cell;

/// Rows of one patient in one table; beyond, numbers of two would meet.
const MOST: i64 = 1 << 12;

const ICD: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";

/// Writes the rows of one patient under a number.
pub(super) struct Writer<'a> {
    pub patient: i64,
    pub story: &'a Story,
    pub to: &'a mut Gathered,
}

impl Writer<'_> {
    pub(super) fn write(mut self) {
        self.person();
        self.coded("condition", &self.story.conditions, ICD);
        self.coded("medication", &self.story.medicines, RXNORM);
        self.coded("procedure", &self.story.procedures, SNOMED);
        self.results();
        self.visits();
        self.orders_not_made();
    }

    fn push(&mut self, table: &'static str, row: Vec<Cell>) {
        if let Some(rows) = self.to.get_mut(table) {
            rows.push(row);
        }
    }

    /// The columns every event has.
    fn event(&self, number: i64, day: i64) -> Vec<Cell> {
        let age = ((day - self.story.birth) as f64 / 365.25).floor() as i64;
        vec![self.patient.into(), self.id(number), day.into(), day.into(), age.into()]
    }

    const fn id(&self, number: i64) -> Cell {
        Cell::Int(self.patient * MOST + number % MOST)
    }

    fn person(&mut self) {
        let days = || self.story.visits.iter().map(|visit| visit.day);
        let birth = self.story.birth;
        let year = crate::extract::date_of(birth).map(|date| i64::from(date.year()));
        let exams = self.story.visits.len() as i64;
        let row = vec![
            self.patient.into(),
            self.story.sex.into(),
            birth.into(),
            year.into(),
            self.story.death.into(),
            days().min().into(),
            days().max().into(),
            exams.into(),
        ];
        self.push("patient", row);
    }

    fn coded(&mut self, table: &'static str, all: &[Coded], system: &'static str) {
        for (number, one) in (0..).zip(all) {
            let mut row = self.event(number, one.day);
            row.extend([one.ends.into(), system.into(), one.code.into(), one.words.into()]);
            row.extend([Cell::Null, Cell::Null, status(table).into()]);
            self.push(table, row);
        }
    }

    fn results(&mut self) {
        for (number, one) in (0..).zip(&self.story.values) {
            let mut row = self.event(number, one.day);
            row.extend([LOINC.into(), one.code.into(), one.words.into(), Cell::Null, Cell::Null]);
            row.extend(["final".into(), one.value.into(), one.unit.into(), Cell::Null]);
            self.push("observation", row);
        }
        for (number, one) in (0..).zip(&self.story.stays) {
            let mut row = self.event(number, one.day);
            row.extend([one.ends.into(), one.class.into(), "finished".into(), Cell::Null]);
            self.push("encounter", row);
        }
        for (number, (day, gene, variant)) in (0..).zip(&self.story.variants) {
            let mut row = self.event(number, *day);
            row.extend([(*gene).into(), (*variant).into(), "heterozygous".into(), "Pathogenic".into()]);
            self.push("variant", row);
        }
    }

    fn visits(&mut self) {
        let (mut series, mut findings) = (0, 0);
        for (number, visit) in (0..).zip(&self.story.visits) {
            self.exam(number, visit);
            for within in 0..visit.series {
                self.series(number, series, within, visit);
                series += 1;
            }
            self.report(number, visit, &mut findings);
        }
    }

    /// The number of an exam; its order and its report have the same.
    const fn exam_id(&self, number: i64) -> i64 {
        self.patient * MOST + number % MOST
    }

    fn exam(&mut self, number: i64, visit: &Visit) {
        let exam = self.exam_id(number);
        let mut row = self.event(number, visit.day);
        let year = crate::extract::date_of(visit.day).map(|date| i64::from(date.year()));
        let modalities = match visit.kind.modality {
            "PT" => Cell::list(["CT", "PT"]),
            one => Cell::list([one]),
        };
        let (maker, model) = visit.device;
        let at = visit.day * 86_400_000_000 + (8 + number % 9) * 3_600_000_000;
        row.extend([exam.into(), format!("2.25.{exam}").into(), at.into(), year.into(), modalities]);
        row.extend([visit.kind.body_part.into(), visit.kind.words.into(), maker.into(), model.into()]);
        row.extend([visit.series.into(), (visit.series * instances(visit)).into()]);
        // A report, an order, and its images are here.
        row.extend([1.into(), 1.into(), 1.into()]);
        self.push("exam", row);
    }

    fn series(&mut self, number: i64, id: i64, within: i64, visit: &Visit) {
        let exam = self.exam_id(number);
        let mut row = self.event(id, visit.day);
        let (kind, (maker, model)) = (visit.kind, visit.device);
        let modality = if kind.modality == "PT" && within == 0 { "CT" } else { kind.modality };
        row.extend([exam.into(), format!("2.25.{exam}.{within}").into(), modality.into()]);
        row.extend([kind.body_part.into(), Cell::Null, kind.words.into(), kind.words.into()]);
        row.extend([maker.into(), model.into(), instances(visit).into(), 512.into(), 512.into()]);
        // The first series of a CT is thick, those made of it are thinner.
        let mix = (exam + within * 7).rem_euclid(6) as usize;
        let thickness = [5.0, 3.0, 2.0, 1.25, 1.0, 0.625][if within == 0 { 0 } else { mix }];
        let is = |of: &str, value: f64| if modality == of { value.into() } else { Cell::Null };
        let sliced =
            |value: f64| if matches!(modality, "CT" | "MR" | "PT") { value.into() } else { Cell::Null };
        row.extend([sliced(thickness), sliced(thickness), sliced(0.7)]);
        let kvp = [120.0, 100.0, 120.0, 140.0, 80.0][exam.rem_euclid(5) as usize];
        let field = if model == "MAGNETOM Vida" { 3.0 } else { 1.5 };
        row.extend([is("CT", kvp), is("CT", 250.0), is("CT", 120.0)]);
        row.extend([Cell::Null, Cell::Null, is("MR", field)]);
        self.push("series", row);
    }

    fn report(&mut self, number: i64, visit: &Visit, findings: &mut i64) {
        let exam = self.exam_id(number);
        self.order(number, visit.day - 2, Some(exam), visit.kind.words, "reported");
        let mut row = self.event(number, visit.day);
        row.extend([exam.into(), visit.kind.words.into(), "final".into()]);
        self.push("report", row);
        for said in &visit.findings {
            let mut row = self.event(*findings, visit.day);
            *findings += 1;
            row.extend([exam.into(), exam.into(), said.finding.into(), Cell::list([said.finding])]);
            row.extend([said.assertion.into(), "current".into(), "patient".into(), said.side.into()]);
            row.extend([Cell::Null, Cell::Null, said.size.into()]);
            self.push("finding", row);
            self.measured(*findings, exam, visit, said);
        }
        if let Some((scheme, value)) = visit.category {
            let mut row = self.event(number, visit.day);
            row.extend([exam.into(), exam.into(), scheme.into(), value.into()]);
            self.push("category", row);
        }
    }

    /// What a report tells the size of was measured on the last of the series.
    fn measured(&mut self, number: i64, exam: i64, visit: &Visit, said: &Said) {
        let Some(size) = said.size.filter(|_| said.assertion == "present") else { return };
        let mut row = self.event(number, visit.day);
        let series = format!("2.25.{exam}.{}", visit.series - 1);
        row.extend([exam.into(), series.into(), Cell::Null, Cell::Null, format!("2.25.{exam}.9").into()]);
        row.extend([SNOMED.into(), "81827009".into(), "Diameter".into(), Cell::Null]);
        let (code, words) = match said.finding {
            "nodule" => ("27925004", "Nodule"),
            "mass" => ("4147007", "Mass"),
            _ => ("", ""),
        };
        let system = if code.is_empty() { "" } else { SNOMED };
        row.extend([system.into(), code.into(), words.into(), Cell::Null, Cell::Null, Cell::Null]);
        row.extend([said.side.into(), size.into(), "mm".into(), size.into(), "mm".into()]);
        row.extend([format!("2.25.{exam}.9.{number}").into(), "person".into()]);
        self.push("image_measurement", row);
    }

    fn order(&mut self, number: i64, day: i64, exam: Option<i64>, words: &'static str, state: &'static str) {
        let mut row = self.event(number, day);
        row.extend([exam.into(), Cell::Null, words.into(), words.into(), state.into()]);
        self.push("order", row);
    }

    fn orders_not_made(&mut self) {
        let first = self.story.visits.len() as i64;
        for (number, (day, kind, state)) in (first..).zip(&self.story.unmade) {
            self.order(number, *day, None, kind.words, state);
        }
    }
}

fn status(table: &str) -> &'static str {
    if table == "procedure" { "completed" } else { "active" }
}

fn instances(visit: &Visit) -> i64 {
    match visit.kind.modality {
        "CT" | "MR" | "PT" => 60,
        _ => 1,
    }
}
