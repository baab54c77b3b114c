//! What a text model says of the findings that rules have read: kept beside their reading, never in its place.

use crate::Records;
use crate::checks::{ToCheck, to_check};
use crate::context::moment;
use crate::desk::Db;
use crate::reports::Unread;
use reading::opinion::Opinion;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet};
use store::Statement;
use utoipa::ToSchema;

const OPINIONS: Statement = Statement(
    "WITH asked AS (SELECT CAST(value->>0 AS BIGINT) AS a, CAST(value->>1 AS BIGINT) AS b, value->>2 AS c, value->>3 AS d, \
     value->>4 AS e, value->>5 AS f, CAST(value->>6 AS BIGINT) AS g, value->>7 AS h FROM {rows}) \
     INSERT INTO report_opinion (record, version, engine, lexicon, digest, model, made_at, content) \
     SELECT v.record, v.version, asked.c, asked.d, asked.e, asked.f, asked.g, asked.h FROM asked CROSS JOIN record_version v \
     WHERE v.record = asked.a AND v.version = asked.b \
     ON CONFLICT (record, version, engine, lexicon, digest) DO UPDATE SET content = excluded.content, \
     made_at = excluded.made_at, model = excluded.model",
);
const SETTLED: Statement =
    Statement("DELETE FROM report_dispute WHERE record IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows})");
const DISPUTES: Statement = Statement(
    "INSERT INTO report_dispute (record, digest, disputes) SELECT CAST(value->>0 AS BIGINT), value->>1, \
     CAST(value->>2 AS BIGINT) FROM {rows} WHERE true ON CONFLICT (record) DO NOTHING",
);

/// A text model's words on some reports.
#[derive(Debug, Clone)]
pub struct Opinions {
    /// What its makers call the model.
    pub model: String,
    /// The SHA-256 of its files.
    pub digest: String,
    /// For each report, in their order.
    pub of: Vec<Vec<Opinion>>,
}

/// A text model's words on a reading.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionRow {
    /// What its makers call the model.
    pub model: String,
    /// The SHA-256 of its files.
    pub digest: String,
    /// When, as RFC 3339.
    pub made_at: String,
    /// Its word on each finding it was asked about: `finding` (its number in the reading), `assertion`, `temporality` if the
    /// model says so, `sure` (0 to 1) and `differs`: whether the rules say something else.
    #[schema(value_type = Vec<Object>)]
    pub words: Value,
}

/// What was read by whom: version, engine and lexicon.
pub(crate) type ReadBy = (i64, String, String);

/// Keeps a model's words on reports of which those in `newest` are in their newest version.
pub(crate) async fn keep(
    db: &mut Db<'_>,
    (engine, lexicon, now): (&str, &str, i64),
    reports: &[&Unread],
    newest: &BTreeSet<(i64, i64)>,
    opinions: Option<&Opinions>,
) -> Result<(), sqlx::Error> {
    db.run(SETTLED, newest.iter().map(|(record, _)| json!([record])).collect()).await?;
    let Some(Opinions { model, digest, of }) = opinions else { return Ok(()) };
    let told = || reports.iter().zip(of);
    let row = |(report, words): (&&Unread, &Vec<Opinion>)| {
        let content = serde_json::to_string(words).unwrap_or_default();
        json!([report.record, report.version, engine, lexicon, digest, model, now, content])
    };
    db.run(OPINIONS, told().map(row).collect()).await?;
    let disputed = |(report, words): (&&Unread, &Vec<Opinion>)| {
        let disputes = words.iter().filter(|one| one.differs).count();
        let shown = disputes > 0 && newest.contains(&(report.record, report.version));
        shown.then(|| json!([report.record, digest, disputes]))
    };
    db.run(DISPUTES, told().filter_map(disputed).collect()).await
}

/// How many are told.
const MOST: i64 = 50;

impl Records {
    /// Reports on whose newest version the rules and the model with this digest differ, and nobody has checked it; the most
    /// differences first. In `doubt` is how many there are.
    ///
    /// # Errors
    /// The engine's.
    pub async fn disputed_reports(&self, digest: &str) -> Result<Vec<ToCheck>, sqlx::Error> {
        let rows = sqlx::query(DISPUTED).bind(digest).bind(MOST).fetch_all(self.ledger.pool()).await?;
        rows.iter().map(to_check).collect()
    }

    /// What models said of a report, by what they said it of; the newest first.
    pub(crate) async fn opinions(
        &self,
        record: i64,
    ) -> Result<BTreeMap<ReadBy, Vec<OpinionRow>>, sqlx::Error> {
        let rows = sqlx::query(
            "SELECT version, engine, lexicon, model, digest, made_at, content FROM report_opinion WHERE record = $1 \
             ORDER BY made_at DESC",
        )
        .bind(record)
        .fetch_all(self.ledger.pool())
        .await?;
        let mut told: BTreeMap<ReadBy, Vec<OpinionRow>> = BTreeMap::new();
        for row in &rows {
            let opinion = OpinionRow {
                model: row.try_get(3)?,
                digest: row.try_get(4)?,
                made_at: moment(row.try_get(5)?),
                words: serde_json::from_str(&row.try_get::<String, _>(6)?).unwrap_or(Value::Null),
            };
            let by = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            told.entry(by).or_default().push(opinion);
        }
        Ok(told)
    }
}

const DISPUTED: &str = "SELECT r.id, r.title, r.status, r.begins, d.disputes, \
     (SELECT CASE WHEN s.sender = '' THEN s.system ELSE s.sender END FROM record_version v JOIN record_source s ON s.id = v.source \
     WHERE v.record = r.id AND v.version = r.version), \
     (SELECT MIN(m.value) FROM record_mark m WHERE m.record = r.id AND m.role = 'modality') \
     FROM report_dispute d JOIN record r ON r.id = d.record WHERE d.digest = $1 AND NOT EXISTS \
     (SELECT 1 FROM report_check c WHERE c.record = r.id AND c.version = r.version) ORDER BY d.disputes DESC, r.id LIMIT $2";
