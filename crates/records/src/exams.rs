//! The catalog's exams, as far as linking needs them.

use crate::people::{Demo, People};
use crate::{Records, link, take_turn};
use catalog::ExamFacts;
use clinical::Identifier;
use std::collections::BTreeSet;
use store::outbox;

impl Records {
    /// Takes exams as they are now, links them again, and moves a consumer of the outbox, in one transaction.
    ///
    /// # Errors
    /// The engine's; nothing was written then.
    pub async fn take_exams(
        &self,
        exams: &[ExamFacts],
        consumer: Option<(&str, i64)>,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        let mut people = People { engine: self.ledger.engine(), tx: &mut tx, touched: BTreeSet::new(), now };
        let mut studies = BTreeSet::new();
        for exam in exams {
            studies.insert(exam.study.clone());
            if exam.instances == 0 {
                forget(&mut people, &exam.study).await?;
            } else {
                let holder = holder(&mut people, exam).await?;
                write(&mut people, exam, holder).await?;
            }
        }
        let persons = std::mem::take(&mut people.touched);
        link::refresh(&mut tx, &link::Focus { persons, records: BTreeSet::new(), exams: studies }).await?;
        if let Some((consumer, position)) = consumer {
            outbox::advance(&mut tx, consumer, position).await?;
        }
        tx.commit().await
    }
}

async fn holder(people: &mut People<'_>, exam: &ExamFacts) -> Result<Option<i64>, sqlx::Error> {
    let demo = Demo::of_dicom(&exam.patient_name, exam.birth_date, &exam.sex);
    let Some(id) = Identifier::new(&exam.issuer, &exam.patient_id, None) else { return Ok(None) };
    people.holder(&[id], &demo).await
}

async fn write(people: &mut People<'_>, exam: &ExamFacts, holder: Option<i64>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO record_exam (study, holder, accession, modalities, words, begins, series, instances, title) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (study) DO UPDATE SET holder = excluded.holder, \
         accession = excluded.accession, modalities = excluded.modalities, words = excluded.words, \
         begins = excluded.begins, series = excluded.series, instances = excluded.instances, title = excluded.title",
    )
    .bind(&exam.study)
    .bind(holder)
    .bind(exam.accession.trim())
    .bind(exam.modalities.join(" "))
    .bind(catalog::fold::fold(&format!("{} {}", exam.description, exam.series_words)))
    .bind(exam.begins)
    .bind(exam.series)
    .bind(exam.instances)
    .bind(title(exam))
    .execute(&mut **people.tx)
    .await
    .map(drop)
}

/// Nothing of an exam is left; what a person decided about its links is kept, should it come back.
async fn forget(people: &mut People<'_>, study: &str) -> Result<(), sqlx::Error> {
    for sql in [
        "DELETE FROM record_exam WHERE study = $1",
        "DELETE FROM record_link WHERE study = $1 AND decided_by = ''",
    ] {
        sqlx::query(sql).bind(study).execute(&mut **people.tx).await?;
    }
    Ok(())
}

/// Modalities of what is drawn on or said about images: an exam is not named for them.
const ABOUT_IMAGES: [&str; 8] = ["SR", "KO", "PR", "SEG", "RTSTRUCT", "REG", "ANN", "DOC"];

/// The description, with the modalities of the images in front where it doesn't begin with one itself.
fn title(exam: &ExamFacts) -> String {
    let images = exam.modalities.iter().map(String::as_str).filter(|m| !ABOUT_IMAGES.contains(m));
    let images: Vec<&str> = images.collect();
    if images.iter().any(|modality| exam.description.starts_with(modality)) {
        return exam.description.clone();
    }
    let modalities = if images.is_empty() { exam.modalities.join("/") } else { images.join("/") };
    format!("{modalities} {}", exam.description).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(modalities: &[&str], description: &str) -> String {
        let modalities = modalities.iter().map(|&m| m.to_owned()).collect();
        title(&ExamFacts { modalities, description: description.to_owned(), ..ExamFacts::default() })
    }

    #[test]
    fn an_exam_is_named_for_its_images() {
        assert_eq!(named(&["CT", "SEG", "SR"], "CT Chest"), "CT Chest");
        assert_eq!(named(&["PT", "CT", "SR"], "Whole body"), "PT/CT Whole body");
        assert_eq!(named(&["SR"], "Dose"), "SR Dose");
        assert_eq!(named(&["MR"], ""), "MR");
    }
}
