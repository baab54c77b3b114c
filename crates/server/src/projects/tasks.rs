//! Which subjects are to be made anew, and the worker that does it. What is marked stays marked until it is done.

use super::ProjectsError;
use super::fill::{self, FillError};
use crate::App;
use catalog::index::{DECIDED, TOPIC};
use model::{StudyInstanceUid, Timestamp};
use sqlx::Row as _;
use std::sync::Arc;
use std::time::Duration;
use store::{WriteTx, outbox};
use tokio_util::sync::CancellationToken;

/// The consumers' names in the outbox, by what they hear of.
const HEARD: [(&str, &str); 2] = [("projects", TOPIC), ("projects-decided", DECIDED)];
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Events heard in one go.
const AT_ONCE: i64 = 200;

/// Works until `stop`.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let went = round(&app, &stop).await;
        if let Err(error) = &went {
            let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            tracing::warn!(%error, cause, "filling projects paused");
        }
        app.health.note("projects", went.as_ref().map(drop));
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.projects.wake.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn round(app: &Arc<App>, stop: &CancellationToken) -> Result<(), FillError> {
    if app.projects.vault().is_err() {
        return Ok(());
    }
    for (consumer, topic) in HEARD {
        while hear(app, consumer, topic).await? {}
    }
    let tasks =
        sqlx::query("SELECT project, code, asked_at FROM project_task ORDER BY asked_at, code LIMIT $1");
    for row in tasks.bind(AT_ONCE).fetch_all(app.ledger.pool()).await? {
        if stop.is_cancelled() {
            break;
        }
        let (project, code): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        fill::subject(app, &project, &code).await?;
        // Marked again meanwhile, it stays marked.
        let mut tx = app.ledger.write().await?;
        let done = sqlx::query("DELETE FROM project_task WHERE project = $1 AND code = $2 AND asked_at = $3");
        done.bind(project).bind(code).bind(row.try_get::<i64, _>(2)?).execute(&mut *tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Marks the subjects of exams that something happened to. Whether there may be more.
async fn hear(app: &App, consumer: &str, topic: &str) -> Result<bool, FillError> {
    let events = app.ledger.events(topic, app.ledger.position(consumer).await?, AT_ONCE).await?;
    let Some(last) = events.last().map(|event| event.id) else { return Ok(false) };
    // An exam in no project needs no look into the vault.
    let heard = if app.govern.projects.list().await?.is_empty() { &[][..] } else { &events[..] };
    for event in heard {
        let told: serde_json::Value = serde_json::from_str(&event.payload).unwrap_or_default();
        for exam in told["exams"].as_array().into_iter().flatten() {
            let uid = exam.as_str().or_else(|| exam["studyInstanceUid"].as_str()).unwrap_or_default();
            if let Ok(study) = StudyInstanceUid::parse(uid) {
                mark_exam(app, &study).await?;
            }
        }
    }
    let mut tx = app.ledger.write().await?;
    outbox::advance(&mut tx, consumer, last).await?;
    tx.commit().await?;
    Ok(true)
}

/// Marks whatever subject of whatever project an exam belongs to.
async fn mark_exam(app: &App, study: &StudyInstanceUid) -> Result<(), ProjectsError> {
    for (project, code) in subjects_of(app, study).await? {
        mark(app, &project, &code).await?;
    }
    Ok(())
}

/// The subjects an exam belongs to: (project, code).
async fn subjects_of(app: &App, study: &StudyInstanceUid) -> Result<Vec<(String, String)>, ProjectsError> {
    let Some(patient_id) = app.catalog.patient_id_of(study).await? else { return Ok(Vec::new()) };
    let Some(subject) = deid::subject_of(&patient_id, study.as_str()) else { return Ok(Vec::new()) };
    let found = app.projects.vault()?.projects_of(subject.reveal()).await?;
    Ok(found.into_iter().map(|(project, enrolled)| (project, enrolled.code)).collect())
}

/// Has what was deleted of an exam gone from every project when this returns. Where that fails, the worker hears of
/// it from the catalog; until then it can be found, but not read.
pub(crate) async fn settle_exam(app: &App, study: &StudyInstanceUid) {
    let subjects = match subjects_of(app, study).await {
        Ok(subjects) => subjects,
        Err(ProjectsError::Locked(_)) => return,
        Err(error) => return tracing::warn!(%error, "projects hear of a deletion later"),
    };
    for (project, code) in subjects {
        if let Err(error) = settle(app, &project, &code).await {
            tracing::warn!(%error, "a project hears of a deletion later");
        }
    }
}

/// Marks a subject.
///
/// # Errors
/// The ledger's.
pub(crate) async fn mark(app: &App, project: &str, code: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    mark_in(&mut tx, project, code).await?;
    tx.commit().await?;
    app.projects.wake.notify_one();
    Ok(())
}

/// Marks a subject in the transaction that makes it necessary; the worker is to be woken after it.
///
/// # Errors
/// The ledger's.
pub(super) async fn mark_in(tx: &mut WriteTx, project: &str, code: &str) -> Result<(), sqlx::Error> {
    let put = sqlx::query(
        "INSERT INTO project_task (project, code, asked_at) VALUES ($1, $2, $3) \
         ON CONFLICT (project, code) DO UPDATE SET asked_at = excluded.asked_at",
    );
    put.bind(project).bind(code).bind(Timestamp::now().as_micros()).execute(&mut **tx).await.map(drop)
}

/// Has a subject's rows say at once what may be seen of it: it left, came back, or said something else. What takes
/// longer, or fails now, is the worker's.
///
/// # Errors
/// The ledger's.
pub(crate) async fn settle(app: &App, project: &str, code: &str) -> Result<(), sqlx::Error> {
    mark(app, project, code).await?;
    if let Err(error) = fill::settle(app, project, code).await {
        tracing::warn!(%error, "a subject's rows are settled later");
    }
    Ok(())
}

/// Marks all subjects of a project.
///
/// # Errors
/// The ledger's.
pub(crate) async fn mark_all(app: &App, project: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "INSERT INTO project_task (project, code, asked_at) SELECT project, code, $2 FROM project_subject \
         WHERE project = $1 ON CONFLICT (project, code) DO UPDATE SET asked_at = excluded.asked_at",
    )
    .bind(project)
    .bind(Timestamp::now().as_micros())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    app.projects.wake.notify_one();
    Ok(())
}

/// Subjects that wait to be made anew.
///
/// # Errors
/// The ledger's.
pub(crate) async fn count(app: &App, project: &str) -> Result<i64, sqlx::Error> {
    let row = sqlx::query("SELECT COUNT(*) FROM project_task WHERE project = $1").bind(project);
    row.fetch_one(app.ledger.pool()).await?.try_get(0)
}
