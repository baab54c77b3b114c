//! Searching reports: words, phrases, what they assert or deny, modality, status, days.
//!
//! `nodule -calcified "left upper lobe" edema:absent modality:CT from:2024-01-01`. Words and phrases stand in the
//! text, or name a finding that the report speaks of in other words; `finding:present`, `:absent`, `:possible` look
//! for what the report says of it; `-` leaves out; `begin*` matches the beginning of a word.

use crate::context::moment;
use crate::desk::Db;
use crate::{Records, marks};
use catalog::fold::fold;
use clinical::When;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use store::{Engine, Statement};
use utoipa::ToSchema;

/// Characters of a text that are shown around a match.
const AROUND: usize = 120;

/// A question, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What must be so.
    pub wanted: Vec<Part>,
    /// What must not be so.
    pub unwanted: Vec<Part>,
    /// A modality such as `CT`.
    pub modality: Option<String>,
    /// FHIR's status.
    pub status: Option<String>,
    /// From this moment on, in microseconds.
    pub from: Option<i64>,
    /// Before this moment.
    pub until: Option<i64>,
}

/// One part of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words that follow each other; the last may be a beginning.
    Words {
        /// Folded.
        words: Vec<String>,
        /// Whether the last is a beginning.
        begins: bool,
        /// The finding they name.
        finding: Option<String>,
    },
    /// A finding, and what is said of it.
    Finding {
        /// Its key in the lexicon.
        finding: String,
        /// `present`, `absent`, `possible`.
        assertion: String,
    },
}

/// Why a question can't be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// Nothing to look for.
    #[error(
        "say what to look for: a word, a \"phrase\", finding:present, finding:absent or finding:possible"
    )]
    Empty,
    /// No finding is called so.
    #[error("no finding of the lexicon is called `{0}`; look for it as a word, without `:{1}`")]
    NoFinding(String, String),
    /// Not a day.
    #[error("`{0}:` takes a day such as 2024-01-31")]
    NoDay(String),
}

/// A report that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundReport {
    /// The record.
    pub record: i64,
    /// Whose it is.
    pub person: Option<i64>,
    /// A line for people.
    pub title: String,
    /// FHIR's status.
    pub status: String,
    /// When, as RFC 3339.
    pub at: Option<String>,
    /// A part of the text around the first match.
    pub snippet: String,
    /// Where matches stand in it: from and to, in characters.
    pub marks: Vec<(usize, usize)>,
    /// What it says of the findings asked for: `nodule absent`.
    pub says: Vec<String>,
}

impl Question {
    /// Takes a question apart. `finding` names the finding that words speak of, if they do.
    ///
    /// # Errors
    /// [`QuestionError`].
    pub fn parse(text: &str, finding: impl Fn(&str) -> Option<String>) -> Result<Self, QuestionError> {
        let mut question = Self::default();
        for (unwanted, piece) in pieces(text) {
            question.take(unwanted, &piece, &finding)?;
        }
        let asks = question.modality.is_some() || question.status.is_some() || !question.wanted.is_empty();
        if asks { Ok(question) } else { Err(QuestionError::Empty) }
    }

    fn take(
        &mut self,
        unwanted: bool,
        piece: &Piece,
        finding: impl Fn(&str) -> Option<String>,
    ) -> Result<(), QuestionError> {
        let part = match piece {
            Piece::Field(name, value) if self.narrow(name, value)? => return Ok(()),
            Piece::Field(name, value) => asserted(name, value, finding)?,
            Piece::Words(text) => {
                let words = words(text);
                if words.is_empty() {
                    return Ok(());
                }
                Part::Words { words, begins: text.ends_with('*'), finding: finding(text) }
            }
        };
        let parts = if unwanted { &mut self.unwanted } else { &mut self.wanted };
        parts.push(part);
        Ok(())
    }

    /// Takes a field that narrows all of the question; false when it is none of those.
    fn narrow(&mut self, name: &str, value: &str) -> Result<bool, QuestionError> {
        match name {
            "modality" => self.modality = Some(value.to_uppercase()),
            "status" => self.status = Some(value.into()),
            "from" => self.from = Some(day(name, value)?.earliest().as_micros()),
            "to" => self.until = Some(day(name, value)?.end().as_micros()),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn asserted(
    name: &str,
    value: &str,
    finding: impl Fn(&str) -> Option<String>,
) -> Result<Part, QuestionError> {
    let known = matches!(value, "present" | "absent" | "possible");
    if !known {
        let words = words(&format!("{name} {value}"));
        return Ok(Part::Words { words, begins: false, finding: None });
    }
    let key = finding(&name.replace('_', " "))
        .ok_or_else(|| QuestionError::NoFinding(name.into(), value.into()))?;
    Ok(Part::Finding { finding: key, assertion: value.into() })
}

fn day(name: &str, value: &str) -> Result<When, QuestionError> {
    When::parse(value).map_err(|_| QuestionError::NoDay(name.into()))
}

enum Piece {
    Words(String),
    Field(String, String),
}

/// Words, quoted phrases and fields, each with whether it is to be left out.
fn pieces(text: &str) -> Vec<(bool, Piece)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let unwanted = rest.starts_with('-');
        rest = rest.strip_prefix('-').unwrap_or(rest);
        let (piece, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (phrase, after) = quoted.split_once('"').unwrap_or((quoted, ""));
                (Piece::Words(phrase.to_owned()), after)
            }
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                let field =
                    word.split_once(':').filter(|(name, value)| !name.is_empty() && !value.is_empty());
                let piece = field.map_or_else(
                    || Piece::Words(word.to_owned()),
                    |(name, value)| Piece::Field(name.to_lowercase(), value.to_lowercase()),
                );
                (piece, after)
            }
        };
        found.push((unwanted, piece));
        rest = after.trim_start();
    }
    found
}

/// The words of a text, folded (case and accents off).
pub(crate) fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(Into::into).collect()
}

/// A condition on a report, with its values.
struct Condition {
    sql: String,
    values: Vec<String>,
}

impl Condition {
    fn of(engine: Engine, part: &Part, first: usize) -> Self {
        match part {
            Part::Finding { finding, assertion } => {
                let (a, b) = (first, first + 1);
                let sql = format!(
                    "r.id IN (SELECT record FROM report_term WHERE finding = ${a} AND assertion = ${b})"
                );
                Self { sql, values: vec![finding.clone(), assertion.clone()] }
            }
            Part::Words { words, begins, finding } => {
                let text = engine.pick(
                    "r.id IN (SELECT rowid FROM report_text WHERE report_text MATCH $N)",
                    "r.id IN (SELECT record FROM report_text WHERE words @@ to_tsquery('simple', $N))",
                );
                let text = text.replace("$N", &format!("${first}"));
                let query = match engine {
                    Engine::Sqlite => format!("\"{}\"{}", words.join(" "), if *begins { "*" } else { "" }),
                    Engine::Postgres => format!("{}{}", words.join(" <-> "), if *begins { ":*" } else { "" }),
                };
                let Some(finding) = finding else { return Self { sql: text, values: vec![query] } };
                let term = format!("r.id IN (SELECT record FROM report_term WHERE finding = ${})", first + 1);
                Self { sql: format!("({text} OR {term})"), values: vec![query, finding.clone()] }
            }
        }
    }
}

impl Records {
    /// Reports that answer a question, the latest that came first, before a record's number.
    ///
    /// # Errors
    /// The engine's.
    pub async fn search_reports(
        &self,
        question: &Question,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<FoundReport>, sqlx::Error> {
        let engine = self.ledger.engine();
        let mut sql = String::from(
            "SELECT r.id, (SELECT p.person FROM person_identifier p WHERE p.id = r.holder), r.title, r.status, \
             r.begins, r.content FROM record r WHERE r.kind IN ('DiagnosticReport', 'DocumentReference') AND r.id < $1 \
             AND ($2 = '' OR r.status = $2) AND COALESCE(r.begins, $3) >= $3 AND COALESCE(r.begins, $3) < $4 AND ($5 = '' OR r.id IN \
             (SELECT record FROM record_mark WHERE role = 'modality' AND value = $5))",
        );
        let mut values = Vec::new();
        let parts = question.wanted.iter().map(|part| ("AND", part));
        for (word, part) in parts.chain(question.unwanted.iter().map(|part| ("AND NOT", part))) {
            let condition = Condition::of(engine, part, 7 + values.len());
            sql.push_str(&format!(" {word} {}", condition.sql));
            values.extend(condition.values);
        }
        sql.push_str(" ORDER BY r.id DESC LIMIT $6");
        // Safe: made of constants and numbers of parameters.
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(before.unwrap_or(i64::MAX))
            .bind(question.status.as_deref().unwrap_or_default())
            .bind(question.from.unwrap_or(i64::MIN))
            .bind(question.until.unwrap_or(i64::MAX))
            .bind(question.modality.as_deref().unwrap_or_default())
            .bind(limit);
        for value in &values {
            query = query.bind(value);
        }
        let mut found = Vec::new();
        for row in query.fetch_all(self.ledger.pool()).await? {
            let mut report = report(&row, question)?;
            report.says = self.says(report.record, question).await?;
            found.push(report);
        }
        Ok(found)
    }

    /// What a report says of the findings that were asked for.
    async fn says(&self, record: i64, question: &Question) -> Result<Vec<String>, sqlx::Error> {
        let mut says = Vec::new();
        for part in &question.wanted {
            let (Part::Words { finding: Some(finding), .. } | Part::Finding { finding, .. }) = part else {
                continue;
            };
            let rows = sqlx::query(
                "SELECT assertion FROM report_term WHERE finding = $1 AND record = $2 ORDER BY assertion",
            )
            .bind(finding)
            .bind(record)
            .fetch_all(self.ledger.pool())
            .await?;
            for row in rows {
                says.push(format!("{finding} {}", row.try_get::<String, _>(0)?));
            }
        }
        Ok(says)
    }
}

fn report(row: &AnyRow, question: &Question) -> Result<FoundReport, sqlx::Error> {
    let content: Value = serde_json::from_str(&row.try_get::<String, _>(5)?).unwrap_or(Value::Null);
    let text = marks::report_text(&content).unwrap_or_default();
    let (snippet, marks) = snippet(&text, question);
    Ok(FoundReport {
        record: row.try_get(0)?,
        person: row.try_get(1)?,
        title: row.try_get(2)?,
        status: row.try_get(3)?,
        at: row.try_get::<Option<i64>, _>(4)?.map(moment),
        snippet,
        marks,
        says: Vec::new(),
    })
}

/// A part of a text around the first of the words asked for, and where they stand in it.
fn snippet(text: &str, question: &Question) -> (String, Vec<(usize, usize)>) {
    let characters: Vec<char> = text.chars().collect();
    let wanted: Vec<&[String]> = question
        .wanted
        .iter()
        .filter_map(|part| match part {
            Part::Words { words, .. } => Some(words.as_slice()),
            Part::Finding { .. } => None,
        })
        .collect();
    let found = places(&characters, &wanted);
    let first = found.first().map_or(0, |(from, _)| from.saturating_sub(AROUND));
    let last = (first + 2 * AROUND + 40).min(characters.len());
    let marks = found.into_iter().filter(|(from, to)| *from >= first && *to <= last);
    let marks = marks.map(|(from, to)| (from - first, to - first)).collect();
    (characters[first..last].iter().collect(), marks)
}

/// Where runs of words stand, in characters, whatever their case and accents.
fn places(text: &[char], wanted: &[&[String]]) -> Vec<(usize, usize)> {
    let mut words: Vec<(usize, usize, String)> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = (at..text.len()).find(|end| !text[*end].is_alphanumeric()).unwrap_or(text.len());
        if end > at {
            words.push((at, end, fold(&text[at..end].iter().collect::<String>())));
        }
        at = end + 1;
    }
    let mut found = Vec::new();
    for run in wanted {
        for window in words.windows(run.len()) {
            let same =
                window.iter().zip(run.iter()).all(|((_, _, word), wanted)| word.starts_with(wanted.as_str()));
            if let (true, Some(first), Some(last)) = (same, window.first(), window.last()) {
                found.push((first.0, last.1));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Has reports found by their words: each with whether it was before, and its text or nothing.
pub(crate) async fn index_texts(db: &mut Db<'_>, texts: Vec<(i64, bool, String)>) -> Result<(), sqlx::Error> {
    let (forget, keep) = match db.engine {
        Engine::Sqlite => (FORGET_TEXT_SQLITE, TEXT_SQLITE),
        Engine::Postgres => (FORGET_TEXT_POSTGRES, TEXT_POSTGRES),
    };
    let known = texts.iter().filter(|(_, known, _)| *known).map(|(record, ..)| json!([record]));
    db.run(forget, known.collect()).await?;
    let told = texts.iter().filter(|(.., text)| !text.is_empty());
    db.run(keep, told.map(|(record, _, text)| json!([record, words(text).join(" ")])).collect()).await
}

const FORGET_TEXT_SQLITE: Statement =
    Statement("DELETE FROM report_text WHERE rowid IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows})");
const FORGET_TEXT_POSTGRES: Statement =
    Statement("DELETE FROM report_text WHERE record IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows})");
const TEXT_SQLITE: Statement = Statement(
    "INSERT INTO report_text (rowid, words) SELECT CAST(value->>0 AS BIGINT), value->>1 FROM {rows}",
);
const TEXT_POSTGRES: Statement = Statement(
    "INSERT INTO report_text (record, words) SELECT CAST(value->>0 AS BIGINT), to_tsvector('simple', value->>1) \
     FROM {rows}",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(words: &str) -> Option<String> {
        (words == "nodule").then(|| "nodule".into())
    }

    #[test]
    fn a_question_is_taken_apart() {
        let asked = Question::parse(r#"nodule -"upper lobe" nodule:absent modality:ct calc*"#, finding);
        let asked = asked.expect("it is sound");
        assert_eq!(asked.modality.as_deref(), Some("CT"));
        assert_eq!(asked.wanted.len(), 3);
        assert_eq!(asked.wanted[1], Part::Finding { finding: "nodule".into(), assertion: "absent".into() });
        assert!(matches!(&asked.unwanted[0], Part::Words { words, .. } if words.len() == 2));
        assert!(matches!(&asked.wanted[2], Part::Words { begins: true, .. }));
    }

    #[test]
    fn what_cannot_be_asked_is_said() {
        let error = |text: &str| Question::parse(text, finding).err();
        assert_eq!(error(" - \"\" "), Some(QuestionError::Empty));
        assert_eq!(error("foo:absent"), Some(QuestionError::NoFinding("foo".into(), "absent".into())));
        assert_eq!(error("nodule from:soon"), Some(QuestionError::NoDay("from".into())));
    }

    #[test]
    fn matches_are_marked_whatever_their_accents() {
        let asked = Question::parse("nodule \"left upper\"", |_| None).expect("it is sound");
        let (snippet, marks) = snippet("Nódules: a NODULE in the left, upper lobe.", &asked);
        let marked: Vec<String> =
            marks.iter().map(|(from, to)| snippet.chars().skip(*from).take(to - from).collect()).collect();
        assert_eq!(marked, ["Nódules", "NODULE", "left, upper"]);
    }
}
