//! From a visit to files.

use crate::patients::{Kind, Patient, Visit};
use crate::uid::uid;
use crate::{noise, scan};
use dicom::{TransferSyntax, tags, write_file};

/// One exam, not made yet.
#[derive(Debug)]
pub struct Exam {
    /// Who.
    pub patient: &'static Patient,
    /// When, and what.
    pub visit: &'static Visit,
}

/// A DICOM file of an exam.
#[derive(Debug)]
pub struct DemoFile {
    /// A relative path: patient, accession number, series, number.
    pub path: String,
    /// Study Instance UID.
    pub study: String,
    /// The file (PS3.10 §7).
    pub bytes: Vec<u8>,
}

impl Exam {
    /// A patient's exams.
    pub(crate) fn of(patient: &'static Patient) -> impl Iterator<Item = Self> {
        patient.visits.iter().map(move |visit| Self { patient, visit })
    }

    /// What the exam is called.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        match self.visit.kind {
            Kind::ChestCt { contrast: true, .. } | Kind::ChestSurvey { .. } => "CT chest with contrast",
            Kind::ChestCt { .. } => "CT chest without contrast",
            Kind::HeadCt => "CT head without contrast",
            Kind::HeadMr { .. } => "MR brain",
            Kind::ChestCr { .. } => "Chest radiograph PA",
            Kind::Echo { .. } => "Transthoracic echocardiogram",
            Kind::PetCt { .. } => "PET/CT chest FDG",
        }
    }

    /// Study Instance UID.
    #[must_use]
    pub fn study_instance_uid(&self) -> String {
        uid(&format!("study/{}", self.key()))
    }

    /// Accession Number.
    #[must_use]
    pub fn accession_number(&self) -> String {
        let number =
            noise::mix(self.seed().wrapping_add(u64::from(self.visit.minute)) ^ self.day()) % 1_000_000;
        format!("DH{:02}{number:06}", self.visit.date.year() % 100)
    }

    /// The patient's age on the day, in years.
    #[must_use]
    pub fn age(&self) -> u8 {
        let (born, day) = (self.patient.born, self.visit.date);
        let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
        (day.year() - born.year() - i16::from(!had_birthday)).clamp(0, 120) as u8
    }

    /// Makes the files of one series after the other, so that only one is in memory.
    pub fn each_series(&self, mut take: impl FnMut(Vec<DemoFile>)) {
        for series in scan::series_of(self) {
            let files = series.instances().into_iter().map(|set| {
                let number = set.text(tags::INSTANCE_NUMBER).unwrap_or_default();
                let number: u32 = number.trim().parse().unwrap_or_default();
                DemoFile {
                    path: format!(
                        "{}/{}/{:02}-{}/IM{number:04}.dcm",
                        self.patient.id,
                        self.accession_number(),
                        series.about.number,
                        series.about.description.replace(' ', "-").to_lowercase(),
                    ),
                    study: self.study_instance_uid(),
                    bytes: write_file(&set, &TransferSyntax::EXPLICIT_LE, None),
                }
            });
            take(files.collect());
        }
    }

    /// What makes this exam different from the patient's others.
    pub(crate) fn key(&self) -> String {
        format!("{}/{}/{}", self.patient.id, self.visit.date, self.visit.minute)
    }

    /// What makes this patient's body different from others.
    pub(crate) fn seed(&self) -> u64 {
        self.patient.id.bytes().fold(17, |seed, byte| noise::mix(seed ^ u64::from(byte))) % 1_000_003
    }

    fn day(&self) -> u64 {
        let date = self.visit.date;
        date.year() as u64 * 400 + date.day_of_year() as u64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_exam_has_its_own_uid_and_accession_number() {
        let exams = crate::exams();
        let uids: BTreeSet<_> = exams.iter().map(super::Exam::study_instance_uid).collect();
        let numbers: BTreeSet<_> = exams.iter().map(super::Exam::accession_number).collect();
        assert_eq!((uids.len(), numbers.len()), (exams.len(), exams.len()));
    }

    #[test]
    fn a_birthday_makes_a_year() {
        let exams = crate::exams();
        let of = |id: &str| exams.iter().find(|exam| exam.patient.id == id).expect("a patient");
        assert_eq!(of("DEMO-0001").age(), 67);
        assert_eq!(of("DEMO-0004").age(), 74);
    }
}
