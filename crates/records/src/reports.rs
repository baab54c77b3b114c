//! What reports say, kept by version of the report, of the engine and of the lexicon.

use crate::{Records, marks, search};
use reading::{Assertion, Reading};
use serde::Serialize;
use serde_json::Value;
use sqlx::Row as _;
use store::WriteTx;
use utoipa::ToSchema;

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
}

impl Records {
    /// Reports and their versions that this engine has not read with this lexicon, up to `most`.
    ///
    /// # Errors
    /// The engine's.
    pub async fn unread(&self, engine: &str, lexicon: &str, most: i64) -> Result<Vec<Unread>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT v.record, v.version, v.content FROM record r JOIN record_version v ON v.record = r.id \
             WHERE r.kind IN ('DiagnosticReport', 'DocumentReference') AND NOT EXISTS \
             (SELECT 1 FROM record_reading d WHERE d.record = v.record AND d.version = v.version AND d.engine = $1 \
             AND d.lexicon = $2) ORDER BY v.record, v.version LIMIT $3",
        )
        .bind(engine)
        .bind(lexicon)
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

    /// Keeps what was read. A report whose version is gone meanwhile is left.
    ///
    /// # Errors
    /// The engine's; nothing was written then.
    pub async fn keep_readings(
        &self,
        engine: &str,
        lexicon: &str,
        readings: &[(Unread, Reading)],
        now: i64,
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.ledger.write().await?;
        for (report, reading) in readings {
            sqlx::query(
                "INSERT INTO record_reading (record, version, engine, lexicon, made_at, content) \
                 SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS \
                 (SELECT 1 FROM record_version WHERE record = $1 AND version = $2) ON CONFLICT DO NOTHING",
            )
            .bind(report.record)
            .bind(report.version)
            .bind(engine)
            .bind(lexicon)
            .bind(now)
            .bind(serde_json::to_string(reading).unwrap_or_default())
            .execute(&mut *tx)
            .await?;
            if is_newest(&mut tx, report).await? {
                search::index_terms(&mut tx, report.record, &terms(reading)).await?;
            }
        }
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
        rows.iter()
            .map(|row| {
                Ok(ReadingRow {
                    version: row.try_get(0)?,
                    engine: row.try_get(1)?,
                    lexicon: row.try_get(2)?,
                    made_at: crate::context::moment(row.try_get(3)?),
                    reading: serde_json::from_str(&row.try_get::<String, _>(4)?).unwrap_or(Value::Null),
                })
            })
            .collect()
    }
}

async fn is_newest(tx: &mut WriteTx, report: &Unread) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT version FROM record WHERE id = $1")
        .bind(report.record)
        .fetch_optional(&mut **tx)
        .await?;
    row.map_or(Ok(false), |row| Ok(row.try_get::<i64, _>(0)? == report.version))
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
