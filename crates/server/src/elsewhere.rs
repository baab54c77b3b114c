//! What peers hold: where a peer's owner allows it, it is asked (C-FIND) day by day for its exams, from the first day
//! on, gently, and then every quarter of an hour for the days just past. Not a pixel is sent; what it tells stands in
//! the catalog beside what we hold, and in the facts.
//! Read in this order: this file (who is asked when), [`progress`], [`day`], [`hours`].

mod day;
pub(crate) mod hours;
mod progress;

pub(crate) use progress::{Progress, forget, look_now, migrate, of};

use crate::App;
use crate::dimse::ask::AskError;
use govern::Peer;
use govern::peers::PeerTerms;
use model::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Between two looks at the clock.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After the last day was told, the days just past are asked for again.
const AGAIN_MICROS: i64 = 15 * 60 * 1_000_000;
/// How many days just past: exams grow, and some are filed late.
const DAYS_AGAIN: i64 = 3;
/// The longest wait after questions that failed.
const LONGEST: Duration = Duration::from_secs(3600);

/// Why a question was not answered; it is asked again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ElsewhereError {
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error("it has more exams in one hour of a day than it tells at once")]
    Many,
}

/// Asks until `stop`.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut due: HashMap<String, Instant> = HashMap::new();
    while !stop.is_cancelled() {
        let went = round(&app, &mut due).await;
        if let Err(error) = &went {
            tracing::warn!(%error, "asking peers what they hold paused");
        }
        app.health.note("elsewhere", went.as_ref().map(drop));
        let wait = went.unwrap_or(LOOK_EVERY).min(LOOK_EVERY);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// One question to each peer whose turn it is; how long nothing is to be asked.
async fn round(app: &App, due: &mut HashMap<String, Instant>) -> Result<Duration, sqlx::Error> {
    let mut wait = LOOK_EVERY;
    for peer in app.govern.peers.list().await? {
        let terms = app.govern.peers.terms(&peer.name).await?;
        if terms.index_from.is_none() || hours::opens_at(terms.window).is_some() {
            continue;
        }
        let progress = of(app, &peer.name).await?;
        // Whoever asks to look now does not wait for the end of a pause.
        let waits = due.get(&peer.name).is_some_and(|at| Instant::now() < *at);
        if waits && !progress.is_wished() {
            continue;
        }
        let Some(next) = next_day(&terms, &progress) else { continue };
        let pause = question(app, &peer, &terms, progress, next).await?;
        due.insert(peer.name, Instant::now() + pause);
        wait = wait.min(pause);
    }
    Ok(wait)
}

/// The next day to ask for, in days since 1970; none: all were told lately.
fn next_day(terms: &PeerTerms, progress: &Progress) -> Option<i64> {
    let first = day::of_iso(terms.index_from.as_deref()?)?;
    let today = hours::today();
    let next = progress.next.filter(|_| progress.first.is_some_and(|begun| begun <= first)).unwrap_or(first);
    if next <= today {
        return Some(next.max(first));
    }
    let rested = Timestamp::now().as_micros() - progress.told_at.unwrap_or(0) >= AGAIN_MICROS;
    (rested || progress.is_wished()).then(|| (today - DAYS_AGAIN + 1).max(first))
}

/// Asks for a day and keeps what is told; how long to wait for the next question.
async fn question(
    app: &App,
    peer: &Peer,
    terms: &PeerTerms,
    progress: Progress,
    next: i64,
) -> Result<Duration, sqlx::Error> {
    let pause = Duration::from_secs(60) / terms.questions_per_minute.max(1);
    let first = terms.index_from.as_deref().and_then(day::of_iso);
    match day::ask(app, peer, next, pause).await {
        Ok(changed) => {
            if changed > 0 {
                tracing::info!(peer = peer.name, exams = changed, "a peer told of exams it holds");
            }
            progress::went_on(app, &peer.name, first, next + 1).await?;
            Ok(pause)
        }
        Err(ElsewhereError::Ledger(error)) => Err(error),
        Err(error) => {
            let reason = error.to_string();
            tracing::warn!(peer = peer.name, reason, "a peer did not tell what it holds");
            progress::failed(app, &peer.name, &reason).await?;
            let wait = Duration::from_secs(10) * 2_u32.pow(progress.failures.clamp(0, 9) as u32);
            Ok(wait.min(LONGEST).max(pause))
        }
    }
}
