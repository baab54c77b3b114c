//! What the wall kept back, with the reason: a list people work through.

use crate::App;
use model::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::{HashMap, HashSet};

/// An object that is not shown.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The UID it has in the project.
    pub sop: String,
    /// Its subject.
    pub code: String,
    /// A word for the reason.
    pub reason: String,
    /// The reason in words; it carries no value.
    pub detail: String,
    /// (0008,0060)
    pub modality: String,
    /// (0008,0016)
    pub sop_class: String,
    /// When it was withheld.
    pub at: Timestamp,
    /// What it has in common with those that look like it.
    pub kind: String,
}

/// Keeps an object back.
pub(super) async fn keep(app: &App, project: &str, row: &Row, generation: i64) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "INSERT INTO project_withheld (project, sop_uid, code, reason, detail, modality, sop_class, generation, \
         withheld_at, kind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (project, sop_uid) DO UPDATE SET \
         code = excluded.code, reason = excluded.reason, detail = excluded.detail, \
         generation = excluded.generation, withheld_at = excluded.withheld_at, kind = excluded.kind",
    )
    .bind(project)
    .bind(&row.sop)
    .bind(&row.code)
    .bind(&row.reason)
    .bind(&row.detail)
    .bind(&row.modality)
    .bind(&row.sop_class)
    .bind(generation)
    .bind(row.at.as_micros())
    .bind(&row.kind)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Forgets what was withheld of a subject.
pub(super) async fn forget(app: &App, project: &str, code: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    let gone = sqlx::query("DELETE FROM project_withheld WHERE project = $1 AND code = $2");
    gone.bind(project).bind(code).execute(&mut *tx).await?;
    tx.commit().await
}

/// Forgets all that was withheld: it is tried again.
///
/// # Errors
/// The ledger's.
pub(crate) async fn forget_all(app: &App, project: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    let gone = sqlx::query("DELETE FROM project_withheld WHERE project = $1").bind(project);
    gone.execute(&mut *tx).await?;
    tx.commit().await
}

/// The UIDs withheld of a subject.
pub(super) async fn uids(app: &App, project: &str, code: &str) -> Result<HashSet<String>, sqlx::Error> {
    let rows = sqlx::query("SELECT sop_uid FROM project_withheld WHERE project = $1 AND code = $2");
    let rows = rows.bind(project).bind(code).fetch_all(app.ledger.pool()).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Why instances of a subject are withheld, by their UID in the project.
///
/// # Errors
/// The ledger's.
pub(super) async fn of(app: &App, project: &str, code: &str) -> Result<HashMap<String, String>, sqlx::Error> {
    let rows = sqlx::query("SELECT sop_uid, detail FROM project_withheld WHERE project = $1 AND code = $2");
    let rows = rows.bind(project).bind(code).fetch_all(app.ledger.pool()).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// How many are withheld for each reason: (word, words, instances).
///
/// # Errors
/// The ledger's.
pub(crate) async fn by_reason(app: &App, project: &str) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT reason, MIN(detail), COUNT(*) FROM project_withheld WHERE project = $1 \
         GROUP BY reason ORDER BY COUNT(*) DESC, reason",
    );
    let rows = rows.bind(project).fetch_all(app.ledger.pool()).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

/// What is withheld, for one reason or all, after a UID.
///
/// # Errors
/// The ledger's.
pub(crate) async fn list(
    app: &App,
    project: &str,
    reason: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT sop_uid, code, reason, detail, modality, sop_class, withheld_at, kind FROM project_withheld \
         WHERE project = $1 AND ($2 = '' OR reason = $2) AND sop_uid > $3 ORDER BY sop_uid LIMIT $4",
    );
    let rows = rows.bind(project).bind(reason).bind(after).bind(limit).fetch_all(app.ledger.pool()).await?;
    rows.iter().map(read).collect()
}

/// One that is withheld.
///
/// # Errors
/// The ledger's.
pub(crate) async fn one(app: &App, project: &str, sop: &str) -> Result<Option<Row>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT sop_uid, code, reason, detail, modality, sop_class, withheld_at, kind FROM project_withheld \
         WHERE project = $1 AND sop_uid = $2",
    );
    let row = row.bind(project).bind(sop).fetch_optional(app.ledger.pool()).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &AnyRow) -> Result<Row, sqlx::Error> {
    Ok(Row {
        sop: row.try_get(0)?,
        code: row.try_get(1)?,
        reason: row.try_get(2)?,
        detail: row.try_get(3)?,
        modality: row.try_get(4)?,
        sop_class: row.try_get(5)?,
        at: Timestamp::from_micros(row.try_get(6)?),
        kind: row.try_get(7)?,
    })
}
