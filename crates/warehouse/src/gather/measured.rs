//! Rows of what was measured on images.

use super::Desk;
use crate::rows::Cell;
use catalog::{Coded, ImageMeasurement, MeasuredReport, Measurer};
use clinical::measures::comparable;

/// Numbers of one report, of the numbers its rows have: each report's begin behind those of the one before.
const MOST: i64 = 1 << 16;

impl Desk {
    /// Rows of reports (DICOM SR) of exams that are known by now.
    pub(super) fn measured(&mut self, reports: Vec<MeasuredReport>) {
        for report in reports {
            let Some(patient) = self.whose.get(&report.study).copied() else { continue };
            for (number, one) in (0..MOST).zip(&report.measurements) {
                let (exam, day) = self.measured_exam(patient, &report, one);
                let mut cells = cells(&report, one);
                cells.push(("exam", exam.into()));
                self.event("image_measurement", patient, report.instance * MOST + number, day, cells);
            }
        }
    }

    /// The exam of the images: a report may be kept with another one than that it speaks of.
    fn measured_exam(
        &self,
        patient: i64,
        report: &MeasuredReport,
        one: &ImageMeasurement,
    ) -> (Option<i64>, Option<i64>) {
        let own = Some(&one.study).filter(|study| self.whose.get(*study) == Some(&patient));
        let found = own.and_then(|study| self.exams.get(study)).or_else(|| self.exams.get(&report.study));
        found.map_or((None, None), |(exam, day)| (Some(*exam), *day))
    }
}

fn cells(report: &MeasuredReport, one: &ImageMeasurement) -> Vec<(&'static str, Cell)> {
    let (usual, unit) = comparable(one.value, &one.unit);
    let made_by = match report.measurer {
        _ if !one.algorithm.is_empty() => "device",
        Some(Measurer::Drawing) => "drawing",
        Some(Measurer::Person) => "person",
        Some(Measurer::Device) => "device",
        None => "",
    };
    let mut cells: Vec<(&'static str, Cell)> = vec![
        ("series_uid", one.series.clone().into()),
        ("sop_uid", one.sop.clone().into()),
        ("frame", one.frame.map(i64::from).into()),
        ("report_uid", report.sop.clone().into()),
        ("derivation", one.derivation.clone().map(|code| code.meaning).into()),
        ("laterality", one.laterality.as_ref().map(side).into()),
        ("value", one.value.into()),
        ("unit", one.unit.clone().into()),
        ("usual_value", usual.into()),
        ("usual_unit", unit.to_owned().into()),
        ("tracking_uid", one.tracking_uid.clone().into()),
        ("made_by", made_by.into()),
        ("algorithm", one.algorithm.clone().into()),
    ];
    cells.extend(coded(["system", "code", "display"], Some(&one.concept)));
    let finding = ["finding_system", "finding_code", "finding_display"];
    cells.extend(coded(finding, one.finding.as_ref()));
    cells.extend(coded(["site_system", "site_code", "site_display"], one.site.as_ref()));
    cells
}

fn coded(names: [&'static str; 3], code: Option<&Coded>) -> impl Iterator<Item = (&'static str, Cell)> {
    let Coded { scheme, code, meaning } = code.cloned().unwrap_or_default();
    let system = system(&scheme).map_or(scheme.clone(), ToOwned::to_owned);
    names.into_iter().zip([system.into(), code.into(), meaning.into()])
}

/// The URL of a scheme that has one (PS3.16 table 8-1).
fn system(scheme: &str) -> Option<&'static str> {
    clinical::vocabularies::url(match scheme {
        "SCT" => "SNOMED",
        "DCM" => "DICOM",
        "LN" => "LOINC",
        "UCUM" => "UCUM",
        _ => return None,
    })
}

/// The side in the words that findings have (PS3.16 CID 244); another one in its own.
fn side(code: &Coded) -> String {
    match code.code.as_str() {
        "7771000" => "left".into(),
        "24028007" => "right".into(),
        "51440002" => "bilateral".into(),
        _ => code.meaning.to_lowercase(),
    }
}
