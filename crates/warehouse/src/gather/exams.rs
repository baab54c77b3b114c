//! Rows of exams and their series.

use super::{Desk, EXAMS, Known, STRAYS, day_of_number};
use crate::rows::Cell;
use catalog::{Catalog, ExamColumns, SeriesColumns};
use records::Records;
use records::holdings::HeldRecord;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// Modalities of what is drawn on or said about images.
const NO_IMAGES: [&str; 9] = ["SR", "KO", "PR", "SEG", "RTSTRUCT", "REG", "ANN", "DOC", "FID"];

/// A column and the keyword it is taken from.
type Taken = (&'static str, &'static str);

const TEXTS: [Taken; 8] = [
    ("protocol", "ProtocolName"),
    ("manufacturer", "Manufacturer"),
    ("model", "ManufacturerModelName"),
    ("kernel", "ConvolutionKernel"),
    ("contrast_agent", "ContrastBolusAgent"),
    ("scanning_sequence", "ScanningSequence"),
    ("sequence_name", "SequenceName"),
    ("view_position", "ViewPosition"),
];

const NUMBERS: [Taken; 13] = [
    ("slice_thickness", "SliceThickness"),
    ("spacing_between_slices", "SpacingBetweenSlices"),
    ("pixel_spacing", "PixelSpacing"),
    ("kvp", "KVP"),
    ("tube_current", "XRayTubeCurrent"),
    ("exposure", "Exposure"),
    ("field_strength", "MagneticFieldStrength"),
    ("repetition_time", "RepetitionTime"),
    ("echo_time", "EchoTime"),
    ("inversion_time", "InversionTime"),
    ("flip_angle", "FlipAngle"),
    ("diffusion_b_value", "DiffusionBValue"),
    ("transducer_frequency", "TransducerFrequency"),
];

impl Desk {
    /// Rows of exams that nobody is known to be in: each is a patient of its own, with a number below zero.
    pub(super) async fn strays(&mut self, catalog: &Catalog, studies: &[String]) -> Result<(), sqlx::Error> {
        for part in studies.chunks(EXAMS) {
            for exam in catalog.exam_columns(part).await? {
                let patient = STRAYS - exam.id;
                let birth = exam.birth_date.and_then(day_of_number);
                let sex = sex_of(&exam.sex).to_owned();
                self.people.insert(patient, Known { birth, sex, ..Known::default() });
                self.exam(patient, &exam, [0, 0]);
                self.whose.insert(exam.study, patient);
            }
            self.measured(catalog.measured_reports(part).await?);
        }
        Ok(())
    }

    pub(super) async fn exams(
        &mut self,
        catalog: &Catalog,
        records: &Records,
        range: &Range<i64>,
        links: &[(i64, String)],
        held: &[HeldRecord],
    ) -> Result<(), sqlx::Error> {
        let about = counted(links, held);
        let exams = records.held_exams(range).await?;
        for part in exams.chunks(EXAMS) {
            let whose: HashMap<&str, i64> =
                part.iter().filter_map(|exam| Some((exam.study.as_str(), exam.person?))).collect();
            let studies: Vec<String> = part.iter().map(|exam| exam.study.clone()).collect();
            for exam in catalog.exam_columns(&studies).await? {
                let Some(patient) = whose.get(exam.study.as_str()) else { continue };
                self.exam(*patient, &exam, about.get(exam.study.as_str()).copied().unwrap_or_default());
            }
        }
        self.whose = exams.iter().filter_map(|exam| Some((exam.study.clone(), exam.person?))).collect();
        for part in exams.chunks(EXAMS) {
            let studies: Vec<String> = part.iter().map(|exam| exam.study.clone()).collect();
            self.measured(catalog.measured_reports(&studies).await?);
        }
        Ok(())
    }

    fn exam(&mut self, patient: i64, exam: &ExamColumns, [reports, orders]: [i64; 2]) {
        let day = exam.date.and_then(day_of_number);
        self.exams.insert(exam.study.clone(), (exam.id, day));
        self.count_exam(patient, day);
        let images: Vec<&SeriesColumns> =
            exam.series.iter().filter(|series| !NO_IMAGES.contains(&series.modality.as_str())).collect();
        let modalities: HashSet<&str> = exam.series.iter().map(|series| series.modality.as_str()).collect();
        let mut modalities: Vec<&str> =
            modalities.into_iter().filter(|modality| !modality.is_empty()).collect();
        modalities.sort_unstable_by_key(|modality| (NO_IMAGES.contains(modality), *modality));
        let cells = vec![
            ("exam", exam.id.into()),
            ("study_uid", exam.study.clone().into()),
            ("at", day.map(|day| day * super::DAY + exam.time.unwrap_or_default()).into()),
            ("year", exam.date.map(|date| date / 10_000).into()),
            ("modalities", Cell::list(modalities)),
            ("body_part", most(images.iter().map(|series| series.body_part.as_str())).into()),
            ("description", exam.description.clone().into()),
            ("manufacturer", most(images.iter().filter_map(|series| first(series, "Manufacturer"))).into()),
            ("model", most(images.iter().filter_map(|series| first(series, "ManufacturerModelName"))).into()),
            ("series_count", (exam.series.len() as i64).into()),
            ("instance_count", exam.series.iter().map(|series| series.instances).sum::<i64>().into()),
            ("reports", reports.into()),
            ("orders", orders.into()),
            ("held", 1.into()),
        ];
        self.event("exam", patient, exam.id, day, cells);
        for series in &exam.series {
            self.series(patient, exam.id, day, series);
        }
    }

    /// Counts an exam among its patient's.
    pub(super) fn count_exam(&mut self, patient: i64, day: Option<i64>) {
        if let Some(known) = self.people.get_mut(&patient) {
            known.exams += 1;
            known.first = known.first.into_iter().chain(day).min();
            known.last = known.last.max(day);
        }
    }

    fn series(&mut self, patient: i64, exam: i64, day: Option<i64>, series: &SeriesColumns) {
        let laterality = first(series, "Laterality").or_else(|| first(series, "ImageLaterality"));
        let mut cells: Vec<(&'static str, Cell)> = vec![
            ("exam", exam.into()),
            ("series_uid", series.series.clone().into()),
            ("modality", series.modality.clone().into()),
            ("body_part", series.body_part.clone().into()),
            ("laterality", laterality.map(ToOwned::to_owned).into()),
            ("description", series.description.clone().into()),
            ("instances", series.instances.into()),
            ("rows", series.rows.into()),
            ("columns", series.columns.into()),
            ("image_type", series.attributes.get("ImageType").map(|values| values.join("\\")).into()),
            ("radiopharmaceutical", tracer(series).into()),
        ];
        cells.extend(
            TEXTS.map(|(column, keyword)| (column, first(series, keyword).map(ToOwned::to_owned).into())),
        );
        cells.extend(NUMBERS.map(|(column, keyword)| (column, number(series, keyword).into())));
        let all = series.attributes.iter().map(|(name, values)| (name.clone(), values.join("\\")));
        cells.push(("attributes", Cell::Map(all.collect())));
        self.event("series", patient, series.id, day, cells);
    }
}

/// What (0010,0040) says, in FHIR's words.
pub(super) fn sex_of(told: &str) -> &'static str {
    match told {
        "F" => "female",
        "M" => "male",
        "O" => "other",
        _ => "",
    }
}

/// How many reports and orders each exam has.
fn counted<'a>(links: &'a [(i64, String)], held: &[HeldRecord]) -> HashMap<&'a str, [i64; 2]> {
    let kinds: HashMap<i64, &str> = held.iter().map(|record| (record.id, record.kind.as_str())).collect();
    let mut about: HashMap<&str, [i64; 2]> = HashMap::new();
    for (record, study) in links {
        match kinds.get(record) {
            Some(&("DiagnosticReport" | "DocumentReference")) => about.entry(study).or_default()[0] += 1,
            Some(&"ServiceRequest") => about.entry(study).or_default()[1] += 1,
            _ => {}
        }
    }
    about
}

fn first<'a>(series: &'a SeriesColumns, keyword: &str) -> Option<&'a str> {
    series.attributes.get(keyword)?.first().map(String::as_str)
}

fn number(series: &SeriesColumns, keyword: &str) -> Option<f64> {
    first(series, keyword)?.split('\\').next()?.trim().parse().ok()
}

/// The tracer, where it stands today and where it stood.
fn tracer(series: &SeriesColumns) -> Option<String> {
    let inner = series.attributes.iter().find(|(name, _)| name.ends_with(".Radiopharmaceutical"));
    let values = inner.map(|(_, values)| values).or_else(|| series.attributes.get("Radiopharmaceutical"))?;
    values.first().cloned()
}

/// The value that occurs most often; of several the first by alphabet.
fn most<'a>(values: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for value in values.filter(|value| !value.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0))).map(|(value, _)| value.to_owned())
}
