//! What reports say, kept by version of the report, of the engine and of the lexicon.

use crate::desk::Db;
use crate::opinions::{self, OpinionRow, Opinions};
use crate::{Records, marks, take_turn};
use reading::{Assertion, Reading};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::BTreeSet;
use store::Statement;
use utoipa::ToSchema;

/// The cursor that says by which engine and lexicon reports are read.
const READ_BY: &str = "reading";

const READINGS: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a, CAST(value->>1 AS BIGINT) AS b, value->>2 AS c, value->>3 AS d, \
     CAST(value->>4 AS BIGINT) AS e, value->>5 AS f FROM {rows}) \
     INSERT INTO record_reading (record, version, engine, lexicon, made_at, content) \
     SELECT v.record, v.version, asked.c, asked.d, asked.e, asked.f FROM asked CROSS JOIN record_version v \
     WHERE v.record = asked.a AND v.version = asked.b \
     ON CONFLICT (record, version, engine, lexicon) DO UPDATE SET content = excluded.content",
);
const NO_LONGER_UNREAD: Statement = Statement(
    "DELETE FROM record_unread WHERE (record, version) IN \
     (SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT) FROM {rows})",
);
const NEWEST: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a, CAST(value->>1 AS BIGINT) AS b FROM {rows}) \
     SELECT r.id, r.version FROM asked CROSS JOIN record r WHERE r.id = asked.a AND r.version = asked.b",
);
const FORGET_TERMS: Statement =
    Statement("DELETE FROM report_term WHERE record IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows})");
const TERMS: Statement = Statement(
    "INSERT INTO report_term (finding, record, assertion) SELECT value->>0, CAST(value->>1 AS BIGINT), value->>2 \
     FROM {rows} WHERE true ON CONFLICT DO NOTHING",
);

const DOUBTS: Statement = Statement(
    "INSERT INTO report_doubt (record, doubt, lot) SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), \
     CAST(value->>2 AS BIGINT) FROM {rows} WHERE true ON CONFLICT (record) DO UPDATE SET doubt = excluded.doubt",
);

/// A version of a report nobody has read with this engine and lexicon.
#[derive(Debug, Clone)]
pub struct Unread {
    /// The record.
    pub record: i64,
    /// The version.
    pub version: i64,
    /// Its text.
    pub text: String,
}

/// A reading as it is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadingRow {
    /// The version of the report.
    pub version: i64,
    /// The engine.
    pub engine: String,
    /// The lexicon.
    pub lexicon: String,
    /// When it was read, as RFC 3339.
    pub made_at: String,
    /// What it says.
    #[schema(value_type = Object)]
    pub reading: Value,
    /// What text models say of it, the newest first.
    pub opinions: Vec<OpinionRow>,
}

/// How far reading all reports has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// The engine.
    pub engine: String,
    /// The lexicon.
    pub lexicon: String,
    /// Versions of reports it has read.
    pub read: i64,
    /// Of how many.
    pub of: i64,
    /// Whether it has read all there are.
    pub done: bool,
}

impl Records {
    /// Reports and their versions that this engine has not read with this lexicon, up to `most`.
    ///
    /// # Errors
    /// The engine's.
    pub async fn unread(&self, engine: &str, lexicon: &str, most: i64) -> Result<Vec<Unread>, sqlx::Error> {
        let by = format!("{engine} {lexicon}");
        if self.cursor(READ_BY).await?.as_deref() != Some(&by) {
            self.all_unread(engine, lexicon).await?;
            self.move_cursor(READ_BY, &by).await?;
        }
        let rows = sqlx::query(
            "SELECT u.record, u.version, v.content FROM record_unread u \
             JOIN record_version v ON v.record = u.record AND v.version = u.version ORDER BY u.record, u.version LIMIT $1",
        )
        .bind(most)
        .fetch_all(self.ledger.pool())
        .await?;
        rows.iter()
            .map(|row| {
                let content: Value =
                    serde_json::from_str(&row.try_get::<String, _>(2)?).unwrap_or(Value::Null);
                let text = marks::report_text(&content).unwrap_or_default();
                Ok(Unread { record: row.try_get(0)?, version: row.try_get(1)?, text })
            })
            .collect()
    }

    /// Has all reports read again, even by the engine and lexicon that have read them. Readings by others stay.
    ///
    /// # Errors
    /// The engine's.
    pub async fn read_all_again(&self, engine: &str, lexicon: &str) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        sqlx::query(
            "INSERT INTO record_unread (record, version) SELECT v.record, v.version FROM record r \
             JOIN record_version v ON v.record = r.id WHERE r.kind IN ('DiagnosticReport', 'DocumentReference') \
             ON CONFLICT DO NOTHING",
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        self.move_cursor(READ_BY, &format!("{engine} {lexicon}")).await
    }

    /// How far reading all reports has come.
    ///
    /// # Errors
    /// The engine's.
    pub async fn reading_progress(&self, engine: &str, lexicon: &str) -> Result<Progress, sqlx::Error> {
        let row = sqlx::query(
            "SELECT COUNT(*), (SELECT COUNT(*) FROM record_unread) FROM record r JOIN record_version v ON v.record = r.id \
             WHERE r.kind IN ('DiagnosticReport', 'DocumentReference')",
        )
        .fetch_one(self.ledger.pool())
        .await?;
        let (of, unread): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        // Before the first look of another engine nobody has counted what it has not read.
        let begun = self.cursor(READ_BY).await?.as_deref() == Some(&format!("{engine} {lexicon}"));
        let read = if begun { of.saturating_sub(unread) } else { 0 };
        let (engine, lexicon) = (engine.to_owned(), lexicon.to_owned());
        Ok(Progress { engine, lexicon, read, of, done: begun && unread == 0 })
    }

    /// Another engine or lexicon than before: whatever it has not read waits for it.
    async fn all_unread(&self, engine: &str, lexicon: &str) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        sqlx::raw_sql("DELETE FROM record_unread").execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO record_unread (record, version) SELECT v.record, v.version FROM record r \
             JOIN record_version v ON v.record = r.id WHERE r.kind IN ('DiagnosticReport', 'DocumentReference') \
             AND NOT EXISTS (SELECT 1 FROM record_reading d WHERE d.record = v.record AND d.version = v.version \
             AND d.engine = $1 AND d.lexicon = $2)",
        )
        .bind(engine)
        .bind(lexicon)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Keeps what was read, and what a text model says of it. A report whose version is gone meanwhile is left.
    ///
    /// # Errors
    /// The engine's; nothing was written then.
    pub async fn keep_readings(
        &self,
        engine: &str,
        lexicon: &str,
        readings: &[(Unread, Reading)],
        opinions: Option<&Opinions>,
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let texts = readings.iter().map(|(_, reading)| serde_json::to_string(reading).unwrap_or_default());
        let rows = readings
            .iter()
            .zip(texts)
            .map(|((report, _), text)| json!([report.record, report.version, engine, lexicon, now, text]));
        let rows: Vec<Value> = rows.collect();
        let told: Vec<Value> =
            readings.iter().map(|(report, _)| json!([report.record, report.version])).collect();
        let mut tx = self.ledger.write().await?;
        take_turn(&self.ledger, &mut tx).await?;
        let mut db = Db::new(self.ledger.engine(), &mut tx);
        db.run(READINGS, rows).await?;
        db.run(NO_LONGER_UNREAD, told.clone()).await?;
        let mut newest = BTreeSet::new();
        for row in db.fetch(NEWEST, told).await? {
            newest.insert((row.try_get::<i64, _>(0)?, row.try_get::<i64, _>(1)?));
        }
        let reports: Vec<&Unread> = readings.iter().map(|(report, _)| report).collect();
        opinions::keep(&mut db, (engine, lexicon, now), &reports, &newest, opinions).await?;
        db.run(FORGET_TERMS, newest.iter().map(|(record, _)| json!([record])).collect()).await?;
        let newest = readings.iter().filter(|(one, _)| newest.contains(&(one.record, one.version)));
        let doubts: Vec<Value> = newest
            .clone()
            .map(|(report, reading)| json!([report.record, doubt(reading), lot(report.record)]))
            .collect();
        let said = newest.flat_map(|(report, reading)| {
            terms(reading)
                .into_iter()
                .map(move |(finding, assertion)| json!([finding, report.record, assertion]))
        });
        db.run(TERMS, said.collect()).await?;
        db.run(DOUBTS, doubts).await?;
        tx.commit().await
    }

    /// The readings of a report, the newest of its newest version first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn readings(&self, record: i64) -> Result<Vec<ReadingRow>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT version, engine, lexicon, made_at, content FROM record_reading WHERE record = $1 \
             ORDER BY version DESC, made_at DESC",
        )
        .bind(record)
        .fetch_all(self.ledger.pool())
        .await?;
        let mut opinions = self.opinions(record).await?;
        rows.iter()
            .map(|row| {
                let by = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                let opinions = opinions.remove(&by).unwrap_or_default();
                let (version, engine, lexicon) = by;
                Ok(ReadingRow {
                    version,
                    engine,
                    lexicon,
                    opinions,
                    made_at: crate::context::moment(row.try_get(3)?),
                    reading: serde_json::from_str(&row.try_get::<String, _>(4)?).unwrap_or(Value::Null),
                })
            })
            .collect()
    }
}

/// How many findings are doubted, and how many are both asserted and denied.
fn doubt(reading: &Reading) -> i64 {
    let own =
        |one: &&reading::Finding| one.section.is_result() && one.experiencer == reading::Experiencer::Patient;
    let with = |assertion: Assertion| {
        let all = reading.findings.iter().filter(own).filter(move |one| one.assertion == assertion);
        all.map(|one| &*one.finding).collect::<BTreeSet<_>>()
    };
    let (present, absent) = (with(Assertion::Present), with(Assertion::Absent));
    let both = present.intersection(&absent).count();
    i64::try_from(with(Assertion::Possible).len() + 2 * both).unwrap_or(i64::MAX)
}

/// A multiplicative generator (Park and Miller 1988): of numbers in a row, lots lie far apart.
const fn lot(record: i64) -> i64 {
    record.wrapping_mul(48_271).rem_euclid(2_147_483_647)
}

/// Each finding, and what it is a kind of, with what is said of it.
fn terms(reading: &Reading) -> Vec<(String, &'static str)> {
    let word = |assertion: &Assertion| match assertion {
        Assertion::Present => "present",
        Assertion::Absent => "absent",
        Assertion::Possible => "possible",
    };
    let named = |finding: &reading::Finding| {
        let own = [finding.finding.to_string()].into_iter();
        // No effusion in the pleura leaves others.
        let broader = finding.broader.iter().filter(|_| finding.assertion != Assertion::Absent);
        let broader = broader.map(ToString::to_string);
        let assertion = word(&finding.assertion);
        own.chain(broader).map(move |name| (name, assertion)).collect::<Vec<_>>()
    };
    reading.findings.iter().flat_map(named).collect()
}
