//! One question to everything: a person types what they have in hand, and finds where it is.
//!
//! A name in any order, an ID, an accession number, a UID, a date, a modality, words of a description,
//! protocol, body part, physician or institution, the name of an attached file. Each kind of thing is asked for
//! by the index it has, so that a million exams answer while one types; what is met exactly comes first,
//! then what begins so, then what has it somewhere.
//! Read in this order: this file, [`words`], [`people`], [`places`], [`values`].

mod people;
mod places;
mod values;
mod words;

pub use places::Place;
pub use values::ByValue;

use crate::exams::{ExamFilter, ExamSummary, ExamsError};
use crate::kept::AttachedFile;
use crate::patients::PatientSummary;
use crate::{Catalog, fold};
use words::Understood;

/// Exams looked at for the best of them.
const RANKED: usize = 60;
/// Attachments whose names are looked at, the latest first.
const NAMES: i64 = 20_000;

/// What was found, the best of each kind first.
#[derive(Debug, Clone, Default)]
pub struct Anything {
    /// People.
    pub patients: Vec<PatientSummary>,
    /// Exams by name, number, description, modality or day.
    pub exams: Vec<ExamSummary>,
    /// How many such exams there are, at least.
    pub exams_in_all: i64,
    /// Whether that is all.
    pub is_exact: bool,
    /// Exams by what else their series say.
    pub by_value: Vec<ByValue>,
    /// Exams, series and instances by their UID.
    pub places: Vec<Place>,
    /// Attached files by their name.
    pub attachments: Vec<AttachedFile>,
    /// The days that were understood from the words, as numbers like 20260131.
    pub days: Option<(i64, i64)>,
}

impl Catalog {
    /// Looks for what was typed among everything, up to `each` of a kind. `today` is the day of who
    /// asks, a number like 20260131.
    ///
    /// # Errors
    /// [`ExamsError`].
    pub async fn find_anything(&self, text: &str, today: i64, each: usize) -> Result<Anything, ExamsError> {
        let understood = Understood::of(text, today);
        let mut found = Anything { days: understood.days, is_exact: true, ..Anything::default() };
        if understood.is_empty() {
            return Ok(found);
        }
        if let Some(uid) = &understood.uid {
            found.places = self.places_by_uid(uid, each).await?;
        }
        self.exams_for(&understood, each, &mut found).await?;
        if !understood.words.is_empty() {
            found.patients = self.people(&understood.words, each).await?;
            found.attachments = self.attachments_named(&understood.words, each).await?;
            let shown: Vec<&str> = found.exams.iter().map(|exam| exam.study.as_str()).collect();
            let by_value = self.exams_by_value(&understood, each + shown.len()).await?;
            found.by_value =
                by_value.into_iter().filter(|one| !shown.contains(&one.exam.study.as_str())).collect();
            found.by_value.truncate(each);
        }
        Ok(found)
    }

    async fn exams_for(
        &self,
        understood: &Understood,
        each: usize,
        found: &mut Anything,
    ) -> Result<(), ExamsError> {
        let (from, to) = understood.days.map_or((None, None), |(from, to)| (Some(from), Some(to)));
        let filter = ExamFilter { text: understood.words.join(" "), from, to, ..ExamFilter::default() };
        let page = self.search_exams(&filter, None, RANKED).await?;
        (found.exams_in_all, found.is_exact) = (page.total, page.exact);
        let mut exams = page.exams;
        if let [word] = understood.words.as_slice() {
            // An accession number met exactly may be of an old exam.
            for exam in self.exams_with_number(word, understood.days).await? {
                if exams.iter().all(|known| known.study != exam.study) {
                    exams.push(exam);
                    found.exams_in_all =
                        found.exams_in_all.max(i64::try_from(exams.len()).unwrap_or(i64::MAX));
                }
            }
        }
        exams.sort_by_cached_key(|exam| rank(exam, &understood.words)); // stable: the newest stay first
        exams.truncate(each);
        found.exams = exams;
        Ok(())
    }

    async fn exams_with_number(
        &self,
        word: &str,
        days: Option<(i64, i64)>,
    ) -> Result<Vec<ExamSummary>, sqlx::Error> {
        let (from, to) = days.unwrap_or((0, i64::MAX));
        let rows = sqlx::query(
            "SELECT id FROM study WHERE accession IN ($1, $2) AND live + 0 = 1 AND study_date BETWEEN $3 AND $4 \
             ORDER BY id DESC LIMIT 20",
        )
        .bind(word)
        .bind(word.to_uppercase())
        .bind(from)
        .bind(to)
        .fetch_all(self.ledger.pool())
        .await?;
        self.summaries(&ids(&rows)?).await
    }

    async fn attachments_named(
        &self,
        words: &[String],
        each: usize,
    ) -> Result<Vec<AttachedFile>, sqlx::Error> {
        use sqlx::Row as _;
        let rows = sqlx::query("SELECT id, file_name FROM attachment ORDER BY received_at DESC, id LIMIT $1")
            .bind(NAMES)
            .fetch_all(self.ledger.pool())
            .await?;
        let mut named = Vec::new();
        for row in &rows {
            let name = fold::fold(&row.try_get::<String, _>(1)?);
            if words.iter().all(|word| name.contains(word.as_str())) {
                named.push((rank_of(&name, &words[0]), row.try_get::<String, _>(0)?));
            }
        }
        named.sort_by_key(|(rank, _)| *rank);
        let mut files = Vec::new();
        for (_, id) in named.into_iter().take(each) {
            files.extend(self.attached_file(&id).await?);
        }
        Ok(files)
    }
}

/// Row ids that stand first in each row.
fn ids(rows: &[sqlx::any::AnyRow]) -> Result<Vec<i64>, sqlx::Error> {
    use sqlx::Row as _;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// How well an exam is met by the words: the worst of them counts, each at the place where it fits best.
fn rank(exam: &ExamSummary, words: &[String]) -> u8 {
    let numbers = [fold::fold(&exam.accession), fold::fold(&exam.patient_id)];
    let texts = [fold::fold(&exam.patient_name), fold::fold(&exam.description)];
    let best = |word: &String| {
        let of_numbers = numbers.iter().map(|text| rank_of(text, word));
        let of_words = texts.iter().flat_map(|text| fold::words(text)).map(|text| rank_of(text, word));
        of_numbers.chain(of_words).min().unwrap_or(3)
    };
    words.iter().map(best).max().unwrap_or(0)
}

/// 0: the same; 1: begins so; 2: has it; 3: not there.
pub(crate) fn rank_of(text: &str, word: &str) -> u8 {
    match text {
        text if text == word => 0,
        text if text.starts_with(word) => 1,
        text if text.contains(word) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_before_a_beginning_and_that_before_a_piece() {
        assert_eq!(["ann", "anna", "joann", "bob"].map(|text| rank_of(text, "ann")), [0, 1, 2, 3]);
    }
}
