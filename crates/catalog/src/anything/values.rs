//! Exams by what else their series say: descriptions, protocol, body part, physicians, institution, device.
//!
//! The distinct values of a path stand together in the index of terms (ADR 20). Those that have a word are
//! few, and lead to the series that have them, the latest first.

use super::words::Understood;
use crate::exams::ExamSummary;
use crate::{Catalog, facts, fold};
use dicom::Tag;
use sqlx::{AssertSqlSafe, Row as _};
use store::Engine;

/// The paths that are looked at, in words.
const PATHS: [(Tag, &str); 11] = [
    (Tag(0x0008, 0x103E), "Series"),
    (Tag(0x0018, 0x1030), "Protocol"),
    (Tag(0x0018, 0x0015), "Body part"),
    (Tag(0x0032, 0x1060), "Requested procedure"),
    (Tag(0x0040, 0x0254), "Procedure step"),
    (Tag(0x0008, 0x0090), "Referring physician"),
    (Tag(0x0008, 0x1050), "Performing physician"),
    (Tag(0x0008, 0x0080), "Institution"),
    (Tag(0x0008, 0x1010), "Station"),
    (Tag(0x0008, 0x0070), "Manufacturer"),
    (Tag(0x0008, 0x1090), "Device model"),
];

/// Distinct values of a path that are looked at for one word.
const VALUES: i64 = 20_000;
/// Values that have the word, of one path.
const TERMS: i64 = 60;
/// Series that are looked at, the latest first.
const SERIES: i64 = 300;

/// An exam and the value by which it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByValue {
    /// The exam.
    pub exam: ExamSummary,
    /// What the value is, such as "Protocol".
    pub field: &'static str,
    /// The value, as it is written.
    pub value: String,
}

impl Catalog {
    pub(super) async fn exams_by_value(
        &self,
        understood: &Understood,
        each: usize,
    ) -> Result<Vec<ByValue>, sqlx::Error> {
        let words: Vec<&String> = understood.words.iter().filter(|word| word.chars().count() >= 3).collect();
        if words.len() != understood.words.len() {
            return Ok(Vec::new());
        }
        let mut terms = Vec::with_capacity(words.len());
        for word in &words {
            let with = self.terms_with(word).await?;
            if with.is_empty() {
                return Ok(Vec::new());
            }
            terms.push(with);
        }
        let mut found: Vec<ByValue> = Vec::new();
        for row in self.series_with(&terms, understood.days).await? {
            let (study, lines): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
            let Some((field, value)) = value_with(&lines, &words) else { continue };
            let Some(exam) = self.summaries(&[study]).await?.pop() else { continue };
            if found.iter().all(|known| known.exam.study != exam.study) {
                found.push(ByValue { exam, field, value });
            }
            if found.len() == each {
                break;
            }
        }
        Ok(found)
    }

    /// The terms of values of [`PATHS`] that have a word.
    async fn terms_with(&self, word: &str) -> Result<Vec<String>, sqlx::Error> {
        let has = self.engine().pick("instr(term, $3) > 0", "strpos(term, $3) > 0");
        let sql = format!(
            "SELECT term FROM (SELECT term FROM fact_term WHERE term >= $1 AND term < $2 LIMIT {VALUES}) AS v \
             WHERE {has} LIMIT {TERMS}"
        );
        let piece = facts::term("", Some(word));
        let piece = piece.trim_start_matches(facts::BEFORE_VALUE);
        let mut terms = Vec::new();
        for (tag, _) in PATHS {
            let from = facts::term(&facts::step_of(tag, ""), Some(""));
            let end = fold::after_prefix(&from).unwrap_or_default();
            // Safe: made of constants.
            let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(from).bind(end).bind(piece);
            for row in query.fetch_all(self.ledger.pool()).await? {
                terms.push(row.try_get(0)?);
            }
        }
        Ok(terms)
    }

    /// (exam, facts) of the latest series that have a term of each list.
    async fn series_with(
        &self,
        terms: &[Vec<String>],
        days: Option<(i64, i64)>,
    ) -> Result<Vec<sqlx::any::AnyRow>, sqlx::Error> {
        let (from, to) = days.unwrap_or((0, i64::MAX));
        let (found, bound) = match self.engine() {
            Engine::Sqlite => {
                let any = |terms: &Vec<String>| {
                    let quoted: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
                    format!("({})", quoted.join(" OR "))
                };
                let all: Vec<String> = terms.iter().map(any).collect();
                let sql = format!(
                    "SELECT rowid AS id FROM fact_text WHERE fact_text MATCH $1 ORDER BY rowid DESC LIMIT {SERIES}"
                );
                (sql, vec![all.join(" AND ")])
            }
            Engine::Postgres => {
                let mut bound = Vec::new();
                let any = |terms: &Vec<String>| {
                    let places: Vec<String> = terms
                        .iter()
                        .map(|term| {
                            bound.push(term.clone());
                            format!("${}", bound.len())
                        })
                        .collect();
                    format!("terms && ARRAY[{}]", places.join(", "))
                };
                let all: Vec<String> = terms.iter().map(any).collect();
                let sql = format!(
                    "SELECT id FROM fact WHERE {} ORDER BY id DESC LIMIT {SERIES}",
                    all.join(" AND ")
                );
                (sql, bound)
            }
        };
        let sql = format!(
            "SELECT s.id, f.facts FROM ({found}) AS found JOIN fact f ON f.id = found.id \
             JOIN series r ON r.id = f.series JOIN study s ON s.id = r.study \
             WHERE r.live + 0 = 1 AND s.study_date BETWEEN {from} AND {to} ORDER BY f.id DESC"
        );
        // Safe: text is bound, the rest are numbers and constants.
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for text in &bound {
            query = query.bind(text.as_str());
        }
        query.fetch_all(self.ledger.pool()).await
    }
}

/// The value that has the first word, if every word is in a value of [`PATHS`].
fn value_with(lines: &str, words: &[&String]) -> Option<(&'static str, String)> {
    let values: Vec<(&'static str, &str)> = lines.lines().filter_map(told).collect();
    let with = |word: &String| values.iter().find(|(_, value)| fold::fold(value).contains(word.as_str()));
    let first = with(words.first()?)?;
    words.iter().all(|word| with(word).is_some()).then(|| (first.0, first.1.to_owned()))
}

fn told(line: &str) -> Option<(&'static str, &str)> {
    let (path, Some(value)) = facts::parse_line(line) else { return None };
    let (_, field) = PATHS.iter().find(|(tag, _)| facts::step_of(*tag, "") == path)?;
    Some((field, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_are_attributes_of_the_standard() {
        for (tag, field) in PATHS {
            assert!(dicom::dictionary::keyword(tag).is_some(), "{field}");
        }
    }

    #[test]
    fn every_word_must_be_in_a_value_that_is_looked_at() {
        let lines = "0008103E\tLung 1.0\n00181030\tThorax routine\n00100010\tSecret^Name\n00180050";
        let with = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            value_with(lines, &words.iter().collect::<Vec<_>>())
        };
        assert_eq!(with(&["thorax", "lung"]), Some(("Protocol", "Thorax routine".into())));
        assert_eq!(with(&["thorax", "secret"]), None);
    }
}
