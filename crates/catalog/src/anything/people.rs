//! Patients by name, in any order and by any beginning, and by ID.

use super::rank_of;
use crate::patients::{PatientSummary, SUMMARY, summary};
use crate::{Catalog, fold};
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;
use store::Engine;

/// Exams whose names are looked at for their patients.
const LOOKED_AT: i64 = 2000;

impl Catalog {
    /// Patients whose name or ID has every word: the same first, then beginnings, then pieces.
    pub(super) async fn people(
        &self,
        words: &[String],
        each: usize,
    ) -> Result<Vec<PatientSummary>, sqlx::Error> {
        let mut ids = self.by_id(words).await?;
        ids.extend(self.by_words(words).await?);
        let mut people = self.patients_of(&ids, words).await?;
        if people.len() < each {
            ids.extend(self.by_piece(words).await?);
            people = self.patients_of(&ids, words).await?;
        }
        people.sort_by_cached_key(|patient| {
            let name = fold::fold(&patient.name);
            (rank(patient, &name, words), std::cmp::Reverse(patient.last_date), name)
        });
        people.truncate(each);
        Ok(people)
    }

    async fn by_id(&self, words: &[String]) -> Result<BTreeSet<i64>, sqlx::Error> {
        let mut found = BTreeSet::new();
        for word in words {
            for from in BTreeSet::from([word.clone(), word.to_uppercase()]) {
                let end = fold::after_prefix(&from).unwrap_or_default();
                let sql = "SELECT id FROM patient WHERE patient_id >= $1 AND patient_id < $2 \
                     AND live + 0 = 1 ORDER BY patient_id LIMIT 100";
                let rows = sqlx::query(sql).bind(&from).bind(end).fetch_all(self.ledger.pool()).await?;
                found.extend(super::ids(&rows)?);
            }
        }
        Ok(found)
    }

    /// By the longest word, the same before what begins so: the other words are checked on what is found.
    async fn by_words(&self, words: &[String]) -> Result<BTreeSet<i64>, sqlx::Error> {
        let longest = words.iter().flat_map(|word| fold::words(word)).max_by_key(|word| word.len());
        let Some(word) = longest else { return Ok(BTreeSet::new()) };
        let end = fold::after_prefix(word).unwrap_or_default();
        let mut found = BTreeSet::new();
        for (condition, end) in
            [("token = $1 AND token < $2", format!("{word}~")), ("token > $1 AND token < $2", end)]
        {
            let sql = format!(
                "SELECT DISTINCT s.patient FROM (SELECT study FROM study_token WHERE {condition} LIMIT {LOOKED_AT}) t \
                 JOIN study s ON s.id = t.study WHERE s.live + 0 = 1"
            );
            // Safe: made of constants.
            let rows =
                sqlx::query(AssertSqlSafe(sql)).bind(word).bind(end).fetch_all(self.ledger.pool()).await?;
            found.extend(super::ids(&rows)?);
        }
        Ok(found)
    }

    /// Names that have the longest word somewhere within.
    async fn by_piece(&self, words: &[String]) -> Result<BTreeSet<i64>, sqlx::Error> {
        let Some(word) = words.iter().max_by_key(|word| word.chars().count()) else {
            return Ok(BTreeSet::new());
        };
        if word.chars().count() < 3 {
            return Ok(BTreeSet::new());
        }
        let (found, bound) = match self.engine() {
            Engine::Sqlite => (
                "SELECT rowid AS id FROM study_name WHERE study_name MATCH $1 ORDER BY rowid DESC LIMIT 500",
                format!("\"{}\"", word.replace('"', "\"\"")),
            ),
            Engine::Postgres => (
                "SELECT id FROM study WHERE search LIKE $1 ORDER BY id DESC LIMIT 500",
                format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")),
            ),
        };
        let sql = format!(
            "SELECT DISTINCT s.patient FROM ({found}) AS f JOIN study s ON s.id = f.id WHERE s.live + 0 = 1"
        );
        // Safe: made of constants.
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(bound).fetch_all(self.ledger.pool()).await?;
        super::ids(&rows).map(BTreeSet::from_iter)
    }

    /// The patients of these rows who have every word.
    async fn patients_of(
        &self,
        ids: &BTreeSet<i64>,
        words: &[String],
    ) -> Result<Vec<PatientSummary>, sqlx::Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let list = match self.engine() {
            Engine::Sqlite => "SELECT value FROM json_each($1)",
            Engine::Postgres => "SELECT CAST(jsonb_array_elements_text(CAST($1 AS jsonb)) AS BIGINT)",
        };
        // First who fits, by the columns at hand; then what is told of them, which reads their exams.
        let keys = format!("SELECT id, patient_id, name_key, name_other FROM patient WHERE id IN ({list})");
        let listed = |ids: Vec<i64>| serde_json::Value::from(ids).to_string();
        let all = listed(ids.iter().copied().collect());
        // Safe: made of constants.
        let rows = sqlx::query(AssertSqlSafe(keys)).bind(all).fetch_all(self.ledger.pool()).await?;
        let mut fitting = Vec::new();
        for row in &rows {
            use sqlx::Row as _;
            let (id, key, other): (String, String, String) =
                (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
            let (id, names) = (fold::fold(&id), format!("{key} {other}"));
            let worst = words.iter().map(|word| word_rank(&id, &names, word)).max().unwrap_or(3);
            if worst < 3 {
                fitting.push((worst, row.try_get::<i64, _>(0)?));
            }
        }
        fitting.sort_unstable();
        fitting.truncate(50);
        let sql = format!("{SUMMARY} WHERE p.id IN ({list})");
        let best = listed(fitting.into_iter().map(|(_, id)| id).collect());
        // Safe: made of constants.
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(best).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(summary).collect()
    }
}

fn rank(patient: &PatientSummary, name: &str, words: &[String]) -> u8 {
    let id = fold::fold(&patient.patient_id);
    words.iter().map(|word| word_rank(&id, name, word)).max().unwrap_or(3)
}

/// How well a word is met by an ID or by a word of the names.
fn word_rank(id: &str, names: &str, word: &str) -> u8 {
    // "O'Neil-Smith" is several words of a name, and each has to be there.
    let of_names = fold::words(word)
        .map(|part| fold::words(names).map(|name| rank_of(name, part)).min().unwrap_or(3))
        .max()
        .unwrap_or(3);
    rank_of(id, word).min(of_names)
}
