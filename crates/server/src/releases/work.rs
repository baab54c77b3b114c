//! The worker: one package at a time; one that stopped half-way goes on. What is past its last day ends by itself.

use super::fetch::{self, Round};
use super::make::{self, MakeError, Outcome};
use super::{keep, note, withdraw};
use crate::App;
use crate::projects::room::today;
use model::Timestamp;
use release::checks;
use release::desk::{ATTEMPTS, KIND, StepError};
use release::state::{Event, State};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::jobs::Job;
use tokio_util::sync::CancellationToken;

/// In whose name.
pub(super) const BY: &str = "worker:releases";
/// Between two looks for work that nobody announced.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Between two looks for what is past.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Makes packages until `stop`.
pub(crate) async fn work(app: Arc<App>, stop: CancellationToken) {
    let worker = format!("{}-releases", app.archive.writer());
    if let Err(error) = app.ledger.put_back(&worker, Timestamp::now()).await {
        tracing::warn!(%error, "the ledger did not put back releases");
    }
    let mut swept: Option<Instant> = None;
    loop {
        if swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY) {
            swept = Some(Instant::now());
            if let Err(error) = sweep(&app).await {
                tracing::warn!(%error, "releases that are past could not be ended");
            }
        }
        match app.ledger.claim(KIND, &worker, Timestamp::now()).await {
            Ok(Some(job)) => tokio::select! {
                () = stop.cancelled() => return,
                () = settle(&app, &job) => continue,
            },
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the ledger did not give releases to make"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wake_releases.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Why a sweep ended.
#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Step(#[from] StepError),
    #[error(transparent)]
    Keep(#[from] keep::KeepError),
}

/// Ends what is past, and removes the files of what is over.
async fn sweep(app: &App) -> Result<(), SweepError> {
    for id in app.releases.past(&today()).await? {
        match app.releases.happen(&id, Event::TimeOver, (BY, "its last day is over"), Timestamp::now()).await
        {
            Ok(_) => note(app, &id, "expired").await,
            Err(StepError::Changed | StepError::Forbidden(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for id in app.releases.over_with_files().await? {
        keep::clear(app, &id, |_| false).await?;
    }
    Ok(())
}

async fn settle(app: &App, job: &Job) {
    let id = job.payload.as_str();
    let noted = match carry_out(app, job, id).await {
        Ok(Some(later)) => app.ledger.put_off(job.id, later).await,
        Err(MakeError::Stopped) => {
            if let Err(error) = fetch::stop(app, id).await {
                tracing::warn!(%error, "what was fetched for a release could not be stopped");
            }
            app.ledger.finish(job.id, Timestamp::now()).await
        }
        Ok(None) => app.ledger.finish(job.id, Timestamp::now()).await,
        Err(error) => give_back(app, job, id, &error).await,
    };
    if let Err(error) = noted {
        tracing::error!(%error, "the ledger did not take the end of a release");
    }
    // Whoever recalled it while a file was written finds it gone.
    if let Err(error) = sweep(app).await {
        tracing::warn!(%error, "releases that are past could not be ended");
    }
}

/// Carries a release out as far as it goes now; a moment, if it has to wait until then.
async fn carry_out(app: &App, job: &Job, id: &str) -> Result<Option<Timestamp>, MakeError> {
    let Some(release) = app.releases.one(id).await? else { return Ok(None) };
    match release.state {
        State::Making => {}
        State::Ready => return look_again(app, id).await.map(|()| None),
        _ => return fetch::stop(app, id).await.map(|()| None),
    }
    if let Round::Later(at) = fetch::round(app, &release).await? {
        return Ok(Some(at));
    }
    let Some(release) = app.releases.one(id).await? else { return Ok(None) };
    let (event, why, became) = match make::make(app, job, &release).await? {
        Outcome::Made(package) => {
            app.releases.set_package(id, Some(&package)).await?;
            (Event::Made, format!("{} files", package.files), "ready")
        }
        Outcome::Found(check) => {
            let mut checks = app.releases.one(id).await?.map_or_else(Vec::new, |release| release.checks);
            let says = check.says.clone();
            checks::put(&mut checks, check);
            app.releases.set_checks(id, &checks).await?;
            app.releases.progress(id, 0, 0, &says).await?;
            (Event::Found, says, "waiting")
        }
    };
    match app.releases.happen(id, event, (BY, &why), Timestamp::now()).await {
        Ok(state) => {
            note(app, id, became).await;
            if state == State::Ready {
                look_again(app, id).await?;
            }
        }
        // It was recalled meanwhile.
        Err(StepError::Forbidden(_) | StepError::Changed | StepError::Missing) => {
            return Err(MakeError::Stopped);
        }
        Err(StepError::Ledger(error)) => return Err(error.into()),
    }
    Ok(None)
}

/// Whoever withdrew after the last look is not given to anybody.
async fn look_again(app: &App, id: &str) -> Result<(), MakeError> {
    let looked = withdraw::is_in_what_was_made(app, id).await;
    looked.map(drop).map_err(|error| MakeError::After(Box::new(error)))
}

async fn give_back(app: &App, job: &Job, id: &str, error: &MakeError) -> Result<(), sqlx::Error> {
    let reason = told(error);
    let again = error.may_pass() && job.attempts < ATTEMPTS;
    tracing::warn!(release = id, attempt = job.attempts, reason, "a release is not made");
    app.releases.progress(id, 0, 0, &reason).await?;
    if again {
        return app.ledger.fail(job, &reason, Timestamp::now()).await;
    }
    match app.releases.happen(id, Event::GaveUp, (BY, &reason), Timestamp::now()).await {
        Ok(_) => note(app, id, "failed").await,
        Err(StepError::Ledger(error)) => return Err(error),
        Err(_) => {}
    }
    app.ledger.finish(job.id, Timestamp::now()).await
}

/// An error with its causes; none of them carries a value.
fn told(error: &MakeError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_told = cause.to_string();
        if !text.contains(&cause_told) {
            text = format!("{text}: {cause_told}");
        }
        source = cause.source();
    }
    text
}
