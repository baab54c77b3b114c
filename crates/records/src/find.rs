//! Finding records and exams by what they say, for doors that ask in FHIR's way (R4 §3.1.1).

use crate::Records;
use crate::timeline::{RECORDS, RecordRow, record_row};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::HashMap;

/// How a moment is compared (R4 §3.1.1.4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// Within.
    Equal,
    /// Not within.
    NotEqual,
    /// Some of it is later.
    Greater,
    /// Some of it is earlier.
    Less,
    /// Within, or some of it is later.
    GreaterOrEqual,
    /// Within, or some of it is earlier.
    LessOrEqual,
    /// All of it is later.
    After,
    /// All of it is earlier.
    Before,
    /// They overlap.
    About,
}

/// A span of time to compare with, in microseconds; `end` is the moment behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How.
    pub compare: Compare,
    /// Its first moment.
    pub first: i64,
    /// The moment behind its last.
    pub end: i64,
}

/// A code or identifier that is asked for; without a system in any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The system, if it matters; empty: none.
    pub system: Option<String>,
    /// The value.
    pub value: String,
}

/// Which records. Everything that is asked must hold; of a list one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Find {
    /// FHIR resource types; all when empty.
    pub kinds: Vec<String>,
    /// Only these.
    pub ids: Option<Vec<i64>>,
    /// Only of these persons.
    pub persons: Option<Vec<i64>>,
    /// By name.
    pub names: Vec<Token>,
    /// By status.
    pub status: Vec<String>,
    /// By code.
    pub codes: Vec<Token>,
    /// When it was.
    pub times: Vec<Span>,
    /// When we knew it as it is.
    pub known: Vec<Span>,
    /// Behind this record.
    pub after: i64,
}

/// Which exams of the archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindExams {
    /// Only these.
    pub studies: Option<Vec<String>>,
    /// Only of these persons.
    pub persons: Option<Vec<i64>>,
    /// By study UID or accession number.
    pub names: Vec<String>,
    /// With a series of one of these.
    pub modalities: Vec<String>,
    /// When it began.
    pub times: Vec<Span>,
    /// Behind this study.
    pub after: String,
}

/// An exam as records know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExamRow {
    /// Its Study Instance UID.
    pub study: String,
    /// Whose it is.
    pub person: Option<i64>,
    /// Its accession number.
    pub accession: String,
    /// Its modalities.
    pub modalities: Vec<String>,
    /// When it began, in microseconds.
    pub begins: Option<i64>,
    /// How many series.
    pub series: i64,
    /// How many instances.
    pub instances: i64,
    /// A line for people.
    pub title: String,
}

enum Bound {
    Number(i64),
    Text(String),
}

/// Conditions with what is bound in them.
#[derive(Default)]
struct Conditions {
    sql: String,
    bound: Vec<Bound>,
}

impl Conditions {
    fn bind(&mut self, value: Bound) -> String {
        self.bound.push(value);
        format!("${}", self.bound.len())
    }

    fn text(&mut self, value: &str) -> String {
        self.bind(Bound::Text(value.into()))
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(condition);
    }

    fn any_of(&mut self, column: &str, values: impl Iterator<Item = Bound>) {
        let values: Vec<_> = values.map(|value| self.bind(value)).collect();
        // Of nothing, nothing.
        let list = if values.is_empty() { "NULL".to_owned() } else { values.join(", ") };
        self.and(&format!("{column} IN ({list})"));
    }

    fn persons(&mut self, column: &str, persons: Option<&Vec<i64>>) {
        let Some(persons) = persons else { return };
        let values: Vec<_> = persons.iter().map(|person| self.bind(Bound::Number(*person))).collect();
        let list = if values.is_empty() { "NULL".to_owned() } else { values.join(", ") };
        self.and(&format!("{column} IN (SELECT id FROM person_identifier WHERE person IN ({list}))"));
    }

    /// Records that one of these tables, which are told with the start of their condition, has a token for.
    fn tokens(&mut self, tables: &[&str], tokens: &[Token]) {
        if tokens.is_empty() {
            return;
        }
        let mut each = Vec::new();
        for token in tokens {
            let mut one = format!("x.value = {}", self.text(&token.value));
            if let Some(system) = &token.system {
                one += &format!(" AND x.system = {}", self.text(system));
            }
            each.push(format!("({one})"));
        }
        let any = each.join(" OR ");
        let selects: Vec<_> =
            tables.iter().map(|table| format!("SELECT x.record FROM {table} AND ({any})")).collect();
        self.and(&format!("r.id IN ({})", selects.join(" UNION ")));
    }

    fn spans(&mut self, begins: &str, ends: &str, spans: &[Span]) {
        for span in spans {
            let (first, end) = (span.first, span.end);
            let within = format!("({begins} >= {first} AND {ends} <= {end})");
            let condition = match span.compare {
                Compare::Equal => within,
                Compare::NotEqual => format!("NOT {within}"),
                Compare::Greater => format!("{ends} > {end}"),
                Compare::Less => format!("{begins} < {first}"),
                Compare::GreaterOrEqual => format!("({ends} > {end} OR {within})"),
                Compare::LessOrEqual => format!("({begins} < {first} OR {within})"),
                Compare::After => format!("{begins} >= {end}"),
                Compare::Before => format!("{ends} <= {first}"),
                Compare::About => format!("({begins} < {end} AND {ends} > {first})"),
            };
            self.and(&format!("{begins} IS NOT NULL AND {condition}"));
        }
    }
}

/// Open ends never come.
const ENDS: &str = "COALESCE(r.ends, 9223372036854775807)";

fn conditions(find: &Find) -> Conditions {
    let mut all = Conditions::default();
    let after = all.bind(Bound::Number(find.after));
    all.and(&format!("r.id > {after} AND r.version > 0"));
    if !find.kinds.is_empty() {
        all.any_of("r.kind", find.kinds.iter().map(|kind| Bound::Text(kind.clone())));
    }
    if let Some(ids) = &find.ids {
        all.any_of("r.id", ids.iter().map(|id| Bound::Number(*id)));
    }
    all.persons("r.holder", find.persons.as_ref());
    let kinds: Vec<_> = find.kinds.iter().map(|kind| all.text(kind)).collect();
    let of_kind = if kinds.is_empty() { "1 = 1".into() } else { format!("x.kind IN ({})", kinds.join(", ")) };
    let keys = format!("record_key x WHERE {of_kind}");
    let numbers = "record_mark x WHERE x.role IN ('accession', 'placer', 'filler', 'visit')";
    all.tokens(&[&keys, numbers], &find.names);
    if !find.status.is_empty() {
        all.any_of("r.status", find.status.iter().map(|status| Bound::Text(status.clone())));
    }
    all.tokens(&["record_mark x WHERE x.role = 'code'"], &find.codes);
    all.spans("r.begins", ENDS, &find.times);
    all.spans("r.known_at", "(r.known_at + 1)", &find.known);
    all
}

fn exam_conditions(find: &FindExams) -> Conditions {
    let mut all = Conditions::default();
    let after = all.text(&find.after);
    all.and(&format!("e.study > {after}"));
    if let Some(studies) = &find.studies {
        all.any_of("e.study", studies.iter().map(|study| Bound::Text(study.clone())));
    }
    all.persons("e.holder", find.persons.as_ref());
    if !find.names.is_empty() {
        let names: Vec<_> = find.names.iter().map(|name| all.text(name)).collect();
        let list = names.join(", ");
        all.and(&format!("(e.study IN ({list}) OR e.accession IN ({list}))"));
    }
    if !find.modalities.is_empty() {
        let each: Vec<_> = find.modalities.iter().map(|one| all.text(&format!("% {one} %"))).collect();
        let like = |one: &String| format!("(' ' || e.modalities || ' ') LIKE {one}");
        all.and(&format!("({})", each.iter().map(like).collect::<Vec<_>>().join(" OR ")));
    }
    all.spans("e.begins", "(e.begins + 1000000)", &find.times);
    all
}

impl Records {
    /// Records, by their numbers.
    ///
    /// # Errors
    /// The engine's.
    pub async fn find(&self, find: &Find, limit: i64) -> Result<Vec<RecordRow>, sqlx::Error> {
        let conditions = conditions(find);
        let sql = format!("{RECORDS}{} ORDER BY r.id LIMIT {limit}", conditions.sql);
        self.rows(sql, conditions.bound).await?.iter().map(record_row).collect()
    }

    /// How many there are.
    ///
    /// # Errors
    /// The engine's.
    pub async fn count(&self, find: &Find) -> Result<i64, sqlx::Error> {
        let conditions = conditions(find);
        let sql = format!("SELECT COUNT(*) FROM record r{}", conditions.sql);
        let rows = self.rows(sql, conditions.bound).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0))
    }

    /// Exams of the archive, by their UIDs.
    ///
    /// # Errors
    /// The engine's.
    pub async fn find_exams(&self, find: &FindExams, limit: i64) -> Result<Vec<ExamRow>, sqlx::Error> {
        let conditions = exam_conditions(find);
        let sql = format!(
            "SELECT e.study, (SELECT p.person FROM person_identifier p WHERE p.id = e.holder), e.accession, \
             e.modalities, e.begins, e.series, e.instances, e.title FROM record_exam e{} ORDER BY e.study LIMIT {limit}",
            conditions.sql
        );
        self.rows(sql, conditions.bound).await?.iter().map(exam_row).collect()
    }

    /// How many exams there are.
    ///
    /// # Errors
    /// The engine's.
    pub async fn count_exams(&self, find: &FindExams) -> Result<i64, sqlx::Error> {
        let conditions = exam_conditions(find);
        let sql = format!("SELECT COUNT(*) FROM record_exam e{}", conditions.sql);
        let rows = self.rows(sql, conditions.bound).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0))
    }

    /// Persons, by their numbers, behind `after`.
    ///
    /// # Errors
    /// The engine's.
    pub async fn persons_after(&self, after: i64, limit: i64) -> Result<Vec<i64>, sqlx::Error> {
        let sql = "SELECT DISTINCT person FROM person_identifier WHERE person > $1 ORDER BY person LIMIT $2";
        let rows = self.rows(sql.into(), vec![Bound::Number(after), Bound::Number(limit)]).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    /// How many persons there are.
    ///
    /// # Errors
    /// The engine's.
    pub async fn count_persons(&self) -> Result<i64, sqlx::Error> {
        let sql = "SELECT COUNT(DISTINCT person) FROM person_identifier";
        let rows = self.rows(sql.into(), Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| row.try_get(0))
    }

    /// The records that logical references mean, by type, system and value.
    ///
    /// # Errors
    /// The engine's.
    pub async fn named(
        &self,
        names: &[(String, String, String)],
    ) -> Result<HashMap<(String, String, String), i64>, sqlx::Error> {
        let mut found = HashMap::new();
        for (kind, system, value) in names {
            let sql = "SELECT record FROM record_key WHERE kind = $1 AND value = $2 AND system = $3";
            let bound = [kind, value, system].map(|text| Bound::Text(text.clone()));
            if let Some(row) = self.rows(sql.into(), bound.into()).await?.first() {
                found.insert((kind.clone(), system.clone(), value.clone()), row.try_get(0)?);
            }
        }
        Ok(found)
    }

    async fn rows(&self, sql: String, bound: Vec<Bound>) -> Result<Vec<AnyRow>, sqlx::Error> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in bound {
            query = match value {
                Bound::Number(number) => query.bind(number),
                Bound::Text(text) => query.bind(text),
            };
        }
        query.fetch_all(self.ledger.pool()).await
    }
}

fn exam_row(row: &AnyRow) -> Result<ExamRow, sqlx::Error> {
    let modalities: String = row.try_get(3)?;
    Ok(ExamRow {
        study: row.try_get(0)?,
        person: row.try_get(1)?,
        accession: row.try_get(2)?,
        modalities: modalities.split_whitespace().map(str::to_owned).collect(),
        begins: row.try_get(4)?,
        series: row.try_get(5)?,
        instances: row.try_get(6)?,
        title: row.try_get(7)?,
    })
}
