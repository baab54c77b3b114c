//! The catalog's exams, as far as linking needs them.

use crate::desk::{Db, Desk};
use crate::people::Demo;
use crate::{Records, keep, link, take_turn};
use catalog::ExamFacts;
use clinical::Identifier;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Statement, outbox};

const EXAMS: Statement = Statement(
    "INSERT INTO record_exam (study, holder, accession, modalities, words, begins, series, instances, title) \
     SELECT value->>0, CAST(value->>1 AS BIGINT), value->>2, value->>3, value->>4, CAST(value->>5 AS BIGINT), \
     CAST(value->>6 AS BIGINT), CAST(value->>7 AS BIGINT), value->>8 FROM {rows} WHERE true \
     ON CONFLICT (study) DO UPDATE SET holder = excluded.holder, accession = excluded.accession, \
     modalities = excluded.modalities, words = excluded.words, begins = excluded.begins, series = excluded.series, \
     instances = excluded.instances, title = excluded.title",
);
const GONE: Statement = Statement("DELETE FROM record_exam WHERE study IN (SELECT value->>0 FROM {rows})");
// What a person decided about its links is kept, should it come back.
const UNLINKED: Statement =
    Statement("DELETE FROM record_link WHERE study IN (SELECT value->>0 FROM {rows}) AND decided_by = ''");

const ELSEWHERE: Statement = Statement(
    "INSERT INTO record_elsewhere (study, holder) SELECT value->>0, CAST(value->>1 AS BIGINT) FROM {rows} WHERE true \
     ON CONFLICT (study) DO UPDATE SET holder = excluded.holder",
);
const NOWHERE: Statement =
    Statement("DELETE FROM record_elsewhere WHERE study IN (SELECT value->>0 FROM {rows})");

/// Where exams are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// In the archive.
    Here,
    /// In a peer alone. They are somebody's by the same rules, and linked to nothing until they are here.
    Elsewhere,
}

impl Records {
    /// Takes exams as they are now, links them again, and moves a consumer of the outbox, in one transaction.
    ///
    /// # Errors
    /// The engine's; nothing was written then.
    pub async fn take_exams(
        &self,
        held: Held,
        exams: &[ExamFacts],
        consumer: Option<(&str, i64)>,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let ids: Vec<_> = exams.iter().map(identifier).collect();
        let demos: Vec<_> = exams.iter().map(demo).collect();
        let people: Vec<_> =
            ids.iter().zip(&demos).filter_map(|(id, demo)| Some((id.as_ref()?, Some(demo)))).collect();
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        let mut desk = Desk::new(self.ledger.engine(), &mut tx);
        desk.crowd.now = now;
        desk.crowd.foresee(&mut desk.db, &people).await?;
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for ((exam, id), demo) in exams.iter().zip(&ids).zip(&demos) {
            if exam.instances == 0 {
                gone.push(json!([exam.study]));
            } else {
                kept.push((exam, desk.holder(id.as_slice(), demo).await?));
            }
        }
        let linked = held.write(&mut desk.db, kept, gone, exams).await?;
        keep::unclash(&mut desk, "", now).await?;
        desk.write().await?;
        link::refresh(&mut desk, linked).await?;
        if let Some((consumer, position)) = consumer {
            outbox::advance(&mut tx, consumer, position).await?;
        }
        tx.commit().await
    }
}

impl Held {
    /// Writes exams with their holders, forgets those that are gone, and gives those to link again.
    async fn write(
        self,
        db: &mut Db<'_>,
        kept: Vec<(&ExamFacts, Option<i64>)>,
        gone: Vec<Value>,
        exams: &[ExamFacts],
    ) -> Result<BTreeSet<String>, sqlx::Error> {
        match self {
            Self::Here => {
                db.run(EXAMS, kept.into_iter().map(|(exam, holder)| row(exam, holder)).collect()).await?;
                db.run(GONE, gone.clone()).await?;
                db.run(UNLINKED, gone).await?;
                Ok(exams.iter().map(|exam| exam.study.clone()).collect())
            }
            Self::Elsewhere => {
                let rows = kept.into_iter().map(|(exam, holder)| json!([exam.study, holder]));
                db.run(ELSEWHERE, rows.collect()).await?;
                db.run(NOWHERE, gone).await?;
                Ok(BTreeSet::new())
            }
        }
    }
}

fn identifier(exam: &ExamFacts) -> Option<Identifier> {
    Identifier::new(&exam.issuer, &exam.patient_id, None)
}

fn demo(exam: &ExamFacts) -> Demo {
    Demo::of_dicom(&exam.patient_name, exam.birth_date, &exam.sex)
}

fn row(exam: &ExamFacts, holder: Option<i64>) -> Value {
    json!([
        exam.study,
        holder,
        exam.accession.trim(),
        exam.modalities.join(" "),
        catalog::fold::fold(&format!("{} {}", exam.description, exam.series_words)),
        exam.begins,
        exam.series,
        exam.instances,
        title(exam)
    ])
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
