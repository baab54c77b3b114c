//! What people say that a report means, beside what the rules read. It is kept apart: no reading changes it, and it
//! changes no reading. Later it measures them (`quality`).

use crate::Records;
use crate::context::moment;
use crate::decide::RecordName;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;
use store::WriteTx;
use utoipa::ToSchema;

/// What became of a finding when a person looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is as it was read.
    Confirmed,
    /// It is there, and other than it was read.
    Corrected,
    /// It was missed.
    Added,
    /// It is not what the text says.
    Struck,
}

/// A finding as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckedFinding {
    /// What was decided.
    pub verdict: Verdict,
    /// The lexicon's key, such as `pleural_effusion`.
    pub finding: String,
    /// The first byte of the text.
    pub start: u64,
    /// One after the last.
    pub end: u64,
    /// present, possible or absent.
    pub assertion: String,
    /// current, historical, resolved, new, changed, unchanged or hypothetical.
    pub temporality: String,
    /// left, right, bilateral, midline or nothing.
    pub laterality: Option<String>,
}

/// A report as it was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportCheck {
    /// The version of the report.
    pub version: i64,
    /// The engine whose reading was looked at.
    pub engine: String,
    /// Its lexicon.
    pub lexicon: String,
    /// Everything the report says, and what it does not say and was read.
    pub findings: Vec<CheckedFinding>,
}

/// A check, and whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckRow {
    /// What was said.
    #[serde(flatten)]
    pub check: ReportCheck,
    /// The account.
    pub by: String,
    /// When, as RFC 3339.
    pub at: String,
}

/// A report that should be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ToCheck {
    /// The record.
    pub record: i64,
    /// A line for people.
    pub title: String,
    /// FHIR's status.
    pub status: String,
    /// When, as RFC 3339.
    pub at: Option<String>,
    /// Who sent it; empty if nobody says.
    pub site: String,
    /// By what it was made; empty if nobody says.
    pub modality: String,
    /// How many findings are doubted or contradict each other; in the list of those on which a model says something else,
    /// how many that are.
    pub doubt: i64,
    /// Whether it is here by lot, not because of its doubts.
    pub by_lot: bool,
}

/// How many uncertain ones are told.
const UNCERTAIN: i64 = 25;
/// Of how many drawn by lot the sample of each site and modality is taken.
const DRAWN: i64 = 1000;
/// How many of each site and modality.
const OF_EACH: usize = 5;

impl Records {
    /// Reports to be checked: the most uncertain first, then a sample of each site and modality. None whose newest version
    /// somebody has checked.
    ///
    /// # Errors
    /// The engine's.
    pub async fn reports_to_check(&self) -> Result<Vec<ToCheck>, sqlx::Error> {
        let mut chosen = self.unchecked(TO_CHECK_BY_DOUBT, UNCERTAIN).await?;
        let mut taken: BTreeMap<(String, String), usize> = BTreeMap::new();
        for mut report in self.unchecked(TO_CHECK_BY_LOT, DRAWN).await? {
            let count = taken.entry((report.site.clone(), report.modality.clone())).or_default();
            let known = chosen.iter().any(|one| one.record == report.record);
            if *count < OF_EACH && !known {
                *count += 1;
                report.by_lot = true;
                chosen.push(report);
            }
        }
        Ok(chosen)
    }

    async fn unchecked(&self, sql: &'static str, most: i64) -> Result<Vec<ToCheck>, sqlx::Error> {
        let rows = sqlx::query(sql).bind(most).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(to_check).collect()
    }

    /// The checks of a report, the latest first.
    ///
    /// # Errors
    /// The engine's.
    pub async fn checks(&self, record: i64) -> Result<Vec<CheckRow>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT content, said_by, said_at FROM report_check WHERE record = $1 ORDER BY said_at DESC",
        )
        .bind(record)
        .fetch_all(self.ledger.pool())
        .await?;
        let check = |row: &AnyRow| -> Result<Option<CheckRow>, sqlx::Error> {
            let Ok(check) = serde_json::from_str(&row.try_get::<String, _>(0)?) else { return Ok(None) };
            Ok(Some(CheckRow { check, by: row.try_get(1)?, at: moment(row.try_get(2)?) }))
        };
        rows.iter().filter_map(|row| check(row).transpose()).collect()
    }
}

const TO_CHECK_BY_DOUBT: &str = "SELECT r.id, r.title, r.status, r.begins, d.doubt, \
     (SELECT CASE WHEN s.sender = '' THEN s.system ELSE s.sender END FROM record_version v JOIN record_source s ON s.id = v.source \
     WHERE v.record = r.id AND v.version = r.version), \
     (SELECT MIN(m.value) FROM record_mark m WHERE m.record = r.id AND m.role = 'modality') \
     FROM report_doubt d JOIN record r ON r.id = d.record WHERE d.doubt > 0 AND NOT EXISTS \
     (SELECT 1 FROM report_check c WHERE c.record = r.id AND c.version = r.version) ORDER BY d.doubt DESC, d.lot LIMIT $1";
const TO_CHECK_BY_LOT: &str = "SELECT r.id, r.title, r.status, r.begins, d.doubt, \
     (SELECT CASE WHEN s.sender = '' THEN s.system ELSE s.sender END FROM record_version v JOIN record_source s ON s.id = v.source \
     WHERE v.record = r.id AND v.version = r.version), \
     (SELECT MIN(m.value) FROM record_mark m WHERE m.record = r.id AND m.role = 'modality') \
     FROM report_doubt d JOIN record r ON r.id = d.record WHERE NOT EXISTS \
     (SELECT 1 FROM report_check c WHERE c.record = r.id AND c.version = r.version) ORDER BY d.lot LIMIT $1";

pub(crate) fn to_check(row: &AnyRow) -> Result<ToCheck, sqlx::Error> {
    Ok(ToCheck {
        record: row.try_get(0)?,
        title: row.try_get(1)?,
        status: row.try_get(2)?,
        at: row.try_get::<Option<i64>, _>(3)?.map(moment),
        doubt: row.try_get(4)?,
        site: row.try_get::<Option<String>, _>(5)?.unwrap_or_default(),
        modality: row.try_get::<Option<String>, _>(6)?.unwrap_or_default(),
        by_lot: false,
    })
}

/// The number of a report by its name.
pub(crate) async fn report(tx: &mut WriteTx, name: &RecordName) -> Result<Option<i64>, sqlx::Error> {
    let row = sqlx::query("SELECT record FROM record_key WHERE kind = $1 AND value = $2 AND system = $3")
        .bind(&name.kind)
        .bind(&name.value)
        .bind(&name.system)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}

/// Keeps what a person said. Twice is the same as once.
pub(crate) async fn keep(
    tx: &mut WriteTx,
    record: i64,
    check: &ReportCheck,
    (by, at): (&str, i64),
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO report_check (record, version, said_at, said_by, engine, lexicon, content) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(record)
    .bind(check.version)
    .bind(at)
    .bind(by)
    .bind(&check.engine)
    .bind(&check.lexicon)
    .bind(serde_json::to_string(check).unwrap_or_default())
    .execute(&mut **tx)
    .await
    .map(drop)
}
