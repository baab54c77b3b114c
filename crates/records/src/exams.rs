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

/// The description, with the modalities in front where it doesn't say them itself.
fn title(exam: &ExamFacts) -> String {
    let modalities = exam.modalities.join("/");
    if exam.description.starts_with(&modalities) {
        return exam.description.clone();
    }
    format!("{modalities} {}", exam.description).trim().to_owned()
}
