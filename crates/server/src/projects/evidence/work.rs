//! The worker: one piece of evidence at a time; one that stopped half-way begins anew.

use super::gather::{GatherError, Gathered, Search};
use super::{ATTEMPTS, KIND, Row, State, one};
use crate::App;
use deid::verify::signature;
use govern::Project;
use model::Timestamp;
use sqlx::Row as _;
use std::sync::Arc;
use std::time::Duration;
use store::jobs::Job;
use tokio_util::sync::CancellationToken;

/// Between two looks for work that nobody announced.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Gathers evidence until `stop`.
pub(crate) async fn work(app: Arc<App>, stop: CancellationToken) {
    let worker = format!("{}-evidence", app.archive.writer());
    if let Err(error) = app.ledger.put_back(&worker, Timestamp::now()).await {
        tracing::warn!(%error, "the ledger did not put back evidence");
    }
    loop {
        match app.ledger.claim(KIND, &worker, Timestamp::now()).await {
            Ok(Some(job)) => tokio::select! {
                () = stop.cancelled() => return,
                () = settle(&app, &job) => continue,
            },
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the ledger did not give evidence to gather"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.projects.wake_evidence.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn settle(app: &App, job: &Job) {
    let Ok(id) = job.payload.parse::<i64>() else { return };
    let noted = match gather(app, job, id).await {
        Ok(()) => app.ledger.finish(job.id, Timestamp::now()).await,
        Err(error) => give_back(app, job, id, &error).await,
    };
    if let Err(error) = noted {
        tracing::error!(%error, "the ledger did not take the end of a search for evidence");
    }
}

async fn give_back(app: &App, job: &Job, id: i64, error: &GatherError) -> Result<(), sqlx::Error> {
    let reason = error.to_string();
    let again = error.may_pass() && job.attempts < ATTEMPTS;
    tracing::warn!(attempt = job.attempts, reason, cause = ?std::error::Error::source(error), "no evidence");
    note(app, id, if again { State::Waiting } else { State::GivenUp }, Some(&reason)).await?;
    if again {
        return app.ledger.fail(job, &reason, Timestamp::now()).await;
    }
    app.projects.answers.forget(id);
    app.ledger.finish(job.id, Timestamp::now()).await
}

async fn gather(app: &App, job: &Job, id: i64) -> Result<(), GatherError> {
    let Some((row, project)) = asked(app, id).await? else { return Ok(()) };
    let answers = app.projects.answers.get(id);
    if row.scored && answers.is_none() {
        return Err(GatherError::AnswersLost);
    }
    let mut search = Search::begin(app, &project).await?;
    if search.made_by() != row.made_by {
        return Err(GatherError::Changed);
    }
    progress(app, job, id, (0, search.total)).await?;
    for group in search.groups().await? {
        let done = search.group(&group).await?;
        progress(app, job, id, (done, search.total)).await?;
    }
    let gathered = search.end(answers).await?;
    keep(app, id, &gathered).await?;
    app.projects.answers.forget(id);
    Ok(())
}

/// What is asked for; nothing if it has ended already.
async fn asked(app: &App, id: i64) -> Result<Option<(Row, Project)>, GatherError> {
    let row = sqlx::query("SELECT project FROM project_evidence WHERE id = $1").bind(id);
    let Some(row) = row.fetch_optional(app.ledger.pool()).await? else { return Ok(None) };
    let project =
        app.govern.projects.get(&row.try_get::<String, _>(0)?).await?.ok_or(GatherError::Changed)?;
    let Some(row) = one(app, &project, id).await? else { return Ok(None) };
    Ok(matches!(row.state, State::Waiting | State::Running).then_some((row, project)))
}

async fn progress(app: &App, job: &Job, id: i64, (done, total): (i64, i64)) -> Result<(), sqlx::Error> {
    let mut tx = app.ledger.write().await?;
    let put = sqlx::query(
        "UPDATE project_evidence SET state = 'running', done = $2, total = $3, reason = NULL WHERE id = $1",
    );
    put.bind(id).bind(done).bind(total).execute(&mut *tx).await?;
    tx.commit().await?;
    app.ledger.keep(job.id, Timestamp::now()).await
}

async fn note(app: &App, id: i64, state: State, reason: Option<&str>) -> Result<(), sqlx::Error> {
    let ended = (state == State::GivenUp).then(|| Timestamp::now().as_micros());
    let mut tx = app.ledger.write().await?;
    let put = sqlx::query("UPDATE project_evidence SET state = $2, reason = $3, ended_at = $4 WHERE id = $1");
    put.bind(id).bind(state.as_str()).bind(reason).bind(ended).execute(&mut *tx).await?;
    tx.commit().await
}

async fn keep(app: &App, id: i64, gathered: &Gathered) -> Result<(), GatherError> {
    let secret = app.projects.vault()?.signing_key().await?;
    let signature = signature::sign(gathered.pack.document.as_bytes(), &secret);
    let state = if gathered.clean { State::Passed } else { State::Failed };
    let mut tx = app.ledger.write().await?;
    sqlx::query(
        "UPDATE project_evidence SET state = $2, done = total, reason = NULL, ended_at = $3, policy = $4, \
         document = $5, page = $6, signature = $7 WHERE id = $1",
    )
    .bind(id)
    .bind(state.as_str())
    .bind(Timestamp::now().as_micros())
    .bind(&gathered.pack.policy)
    .bind(&gathered.pack.document)
    .bind(&gathered.pack.page)
    .bind(signature)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}
