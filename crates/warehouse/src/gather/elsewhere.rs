//! Rows of exams that are not here: what peers said they hold.
//!
//! The numbers of such exams begin behind [`catalog::elsewhere::NUMBERS`] and before those of invented people, so that
//! none is ever that of an exam of ours. When the exam comes, its row is made of the catalog, under the catalog's number.

use super::exams::sex_of;
use super::{DAY, Desk, Known, STRAYS, day_of_number};
use crate::rows::Cell;
use catalog::{Catalog, ElsewhereExam};
use records::holdings::HeldExam;

impl Desk {
    /// Exams that are nobody's: each is a patient of its own, as those that are here.
    pub(super) async fn strays_elsewhere(
        &mut self,
        catalog: &Catalog,
        studies: &[String],
    ) -> Result<(), sqlx::Error> {
        for study in studies {
            let Some(exam) = catalog.elsewhere(study).await?.into_iter().next() else { continue };
            let patient = STRAYS - exam.number;
            let birth = exam.birth_date.and_then(day_of_number);
            let sex = sex_of(&exam.sex).to_owned();
            self.people.insert(patient, Known { birth, sex, ..Known::default() });
            self.exam_elsewhere(patient, &exam);
        }
        Ok(())
    }

    pub(super) async fn exams_elsewhere(
        &mut self,
        catalog: &Catalog,
        exams: &[HeldExam],
    ) -> Result<(), sqlx::Error> {
        for HeldExam { study, person } in exams {
            let told = catalog.elsewhere(study).await?;
            if let (Some(person), Some(exam)) = (person, told.first()) {
                self.exam_elsewhere(*person, exam);
            }
        }
        Ok(())
    }

    fn exam_elsewhere(&mut self, patient: i64, exam: &ElsewhereExam) {
        let day = exam.date.and_then(day_of_number);
        self.count_exam(patient, day);
        let mut modalities = exam.modalities.clone();
        modalities.sort_unstable();
        modalities.dedup();
        // What a peer does not tell is not known.
        let told = |count: i64| (count > 0).then_some(count);
        let cells = vec![
            ("exam", exam.number.into()),
            ("study_uid", exam.study.clone().into()),
            ("at", day.map(|day| day * DAY + exam.time.unwrap_or_default()).into()),
            ("year", exam.date.map(|date| date / 10_000).into()),
            ("modalities", Cell::list(modalities)),
            ("description", exam.description.clone().into()),
            ("series_count", told(exam.series).into()),
            ("instance_count", told(exam.instances).into()),
            ("reports", 0.into()),
            ("orders", 0.into()),
            ("held", 0.into()),
        ];
        self.event("exam", patient, exam.number, day, cells);
    }
}
