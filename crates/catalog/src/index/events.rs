//! Decisions kept in the archive: deletions, their undoing, purges, and what became of quarantine.
//!
//! A deletion hides what had arrived before it was made, in whatever order the two are indexed.

use super::batch::Batch;
use super::kept;
use super::refresh::Touched;
use super::work;
use crate::index::ToIndex;
use serde_json::{Value, json};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;
use store::{Engine, Statement, WriteTx};

/// An exam, or part of it, was deleted: `studyInstanceUid`, perhaps `seriesInstanceUid` and
/// `sopInstanceUid`, `reason`.
pub const DELETED: &str = "exam-deleted";
/// A deletion was undone: `deletion`, the name of its entry.
pub const RESTORED: &str = "exam-restored";
/// What a deletion hid was removed for good: `deletion`.
pub const PURGED: &str = "exam-purged";

fn noted<'a>(item: &'a ToIndex, key: &str) -> &'a str {
    item.head.details.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub(super) async fn apply(
    engine: Engine,
    tx: &mut WriteTx,
    item: &ToIndex,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    match noted(item, "event") {
        DELETED => {
            insert_tombstone(tx, item).await?;
            settle(engine, tx, &item.head.name, touched).await
        }
        RESTORED => decide(engine, tx, item, "restored_at", touched).await,
        PURGED => decide(engine, tx, item, "purged_at", touched).await,
        "quarantine-discarded" => kept::decided(tx, item, "discarded").await,
        "quarantine-retried" => kept::decided(tx, item, "retried").await,
        // A decision of a later program: it stays in the archive for that program.
        _ => Ok(()),
    }
}

async fn insert_tombstone(tx: &mut WriteTx, item: &ToIndex) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO tombstone (event, study_uid, series_uid, sop_uid, account, reason, deleted_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (event) DO UPDATE SET \
         study_uid = excluded.study_uid, series_uid = excluded.series_uid, sop_uid = excluded.sop_uid, \
         account = excluded.account, reason = excluded.reason, deleted_at = excluded.deleted_at",
    )
    .bind(&item.head.name)
    .bind(noted(item, "studyInstanceUid"))
    .bind(noted(item, "seriesInstanceUid"))
    .bind(noted(item, "sopInstanceUid"))
    .bind(&item.head.source.account)
    .bind(noted(item, "reason"))
    .bind(item.head.source.received_at.as_micros())
    .execute(&mut **tx)
    .await
    .map(drop)
}

/// Notes when a deletion was undone or purged; also for a deletion that is yet to be seen.
async fn decide(
    engine: Engine,
    tx: &mut WriteTx,
    item: &ToIndex,
    column: &'static str,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    let sql = format!(
        "INSERT INTO tombstone (event, study_uid, series_uid, sop_uid, account, reason, deleted_at, {column}) \
         VALUES ($1, '', '', '', '', '', 0, $2) ON CONFLICT (event) DO UPDATE SET {column} = excluded.{column}"
    );
    let event = noted(item, "deletion");
    // Safe: the column is one of two constants.
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(event)
        .bind(item.head.source.received_at.as_micros())
        .execute(&mut **tx)
        .await?;
    settle(engine, tx, event, touched).await
}

const LATE: Statement = Statement(
    "SELECT t.event FROM {rows} CROSS JOIN tombstone t WHERE t.study_uid = value->>0 \
     AND t.restored_at IS NULL ORDER BY t.id",
);

/// Instances that arrived before a deletion was made but are indexed after it.
pub(super) async fn bury_late_arrivals(
    engine: Engine,
    tx: &mut WriteTx,
    batch: &Batch<'_>,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    let exams = batch.gained.keys().map(|uid| json!([uid])).collect();
    for row in LATE.fetch(engine, tx, exams).await? {
        settle(engine, tx, &row.try_get::<String, _>(0)?, touched).await?;
    }
    Ok(())
}

const IN_SCOPE: &str = "series IN (SELECT r.id FROM series r JOIN study s ON s.id = r.study \
     WHERE s.uid = $2 AND ($3 = '' OR r.uid = $3)) AND ($4 = '' OR sop_uid = $4)";

/// Makes the instances' rows say what a deletion has come to.
async fn settle(
    engine: Engine,
    tx: &mut WriteTx,
    event: &str,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    let found = sqlx::query(
        "SELECT id, study_uid, series_uid, sop_uid, deleted_at, \
         CASE WHEN restored_at IS NOT NULL THEN 1 ELSE 0 END, \
         CASE WHEN purged_at IS NOT NULL THEN 1 ELSE 0 END FROM tombstone WHERE event = $1",
    )
    .bind(event)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = found.filter(|row| row.try_get::<String, _>(1).is_ok_and(|uid| !uid.is_empty())) else {
        return Ok(());
    };
    touched.decided.insert(row.try_get(1)?);
    let (restored, purged): (i64, i64) = (row.try_get(5)?, row.try_get(6)?);
    let id: i64 = row.try_get(0)?;
    if restored == 1 {
        sqlx::query("UPDATE instance SET deleted = 0 WHERE deleted = $1").bind(id).execute(&mut **tx).await?;
        work::replaced(engine, tx, &row.try_get::<String, _>(1)?).await?;
    } else {
        hide(tx, &row).await?;
    }
    if purged == 1 {
        let gone =
            "DELETE FROM work_version WHERE sop_uid IN (SELECT sop_uid FROM instance WHERE deleted = $1)";
        sqlx::query(gone).bind(id).execute(&mut **tx).await?;
        let gone = "DELETE FROM measured WHERE instance IN (SELECT id FROM instance WHERE deleted = $1)";
        sqlx::query(gone).bind(id).execute(&mut **tx).await?;
        sqlx::query("DELETE FROM instance WHERE deleted = $1").bind(id).execute(&mut **tx).await?;
    }
    recount(engine, tx, &row.try_get::<String, _>(1)?, touched).await
}

async fn hide(tx: &mut WriteTx, tombstone: &AnyRow) -> Result<(), sqlx::Error> {
    let sql =
        format!("UPDATE instance SET deleted = $1 WHERE deleted <= 0 AND received_at <= $5 AND {IN_SCOPE}");
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(tombstone.try_get::<i64, _>(0)?)
        .bind(tombstone.try_get::<String, _>(1)?)
        .bind(tombstone.try_get::<String, _>(2)?)
        .bind(tombstone.try_get::<String, _>(3)?)
        .bind(tombstone.try_get::<i64, _>(4)?)
        .execute(&mut **tx)
        .await
        .map(drop)
}

/// Counts an exam's series anew.
pub(super) async fn recount(
    engine: Engine,
    tx: &mut WriteTx,
    study: &str,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    let found = sqlx::query("SELECT id, patient FROM study WHERE uid = $1")
        .bind(study)
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = found else { return Ok(()) };
    let id: i64 = row.try_get(0)?;
    sqlx::query(
        "UPDATE series SET instance_count = (SELECT COUNT(*) FROM instance i WHERE i.series = series.id \
         AND i.deleted = 0), live = CASE WHEN EXISTS (SELECT 1 FROM instance i WHERE i.series = series.id \
         AND i.deleted = 0) THEN 1 ELSE 0 END WHERE study = $1",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    touched.exams.insert(id);
    touched.patients.insert(row.try_get(1)?);
    drop_if_empty(engine, tx, id, touched).await
}

/// After a purge: rows of series and exams with no instance left, hidden ones included, are dropped.
async fn drop_if_empty(
    engine: Engine,
    tx: &mut WriteTx,
    study: i64,
    touched: &mut Touched,
) -> Result<(), sqlx::Error> {
    let empty = sqlx::query(
        "SELECT id FROM series r WHERE study = $1 AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.series = r.id)",
    )
    .bind(study)
    .fetch_all(&mut **tx)
    .await?;
    let empty = empty.iter().map(|row| row.try_get(0)).collect::<Result<BTreeSet<i64>, _>>()?;
    for series in empty {
        if engine == Engine::Sqlite {
            let forget = "DELETE FROM fact_text WHERE rowid IN (SELECT id FROM fact WHERE series = $1)";
            sqlx::query(forget).bind(series).execute(&mut **tx).await?;
        }
        sqlx::query("DELETE FROM fact WHERE series = $1").bind(series).execute(&mut **tx).await?;
        sqlx::query("DELETE FROM series WHERE id = $1").bind(series).execute(&mut **tx).await?;
        touched.series.remove(&series);
    }
    Ok(())
}
