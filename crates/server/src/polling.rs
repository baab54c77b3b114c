//! FHIR servers that are asked for what is new (`records.fhir`): R4 and R5, by search or Bulk Data, with SMART Backend
//! Services where they want it.
//!
//! What a server answers is kept by the law of every door: durable in the archive first, then the cursor moves in the
//! ledger, so that whatever stops in between is asked for again, and twice is the same as once.
//! Read in this order: this file (who is asked when), [`state`], [`key`], [`token`], [`client`], [`round`], [`bulk`].

mod bulk;
mod client;
mod key;
mod round;
mod state;
mod token;

pub use key::{KeyError, make_key};
pub(crate) use state::{ServerState, migrate, of};

use crate::App;
use crate::config::FhirSource;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Who is being asked, and who shall be.
#[derive(Default)]
pub(crate) struct Polls {
    asked: Mutex<BTreeSet<String>>,
    running: Mutex<BTreeSet<String>>,
    told: tokio::sync::Notify,
}

impl Polls {
    /// Has a server asked as soon as may be; gives how many rounds will have ended once that one has, beyond those that
    /// have.
    pub(crate) fn ask(&self, name: &str) -> i64 {
        let running = held(&self.running).contains(name);
        held(&self.asked).insert(name.to_owned());
        self.told.notify_waiters();
        1 + i64::from(running)
    }

    pub(crate) fn is_running(&self, name: &str) -> bool {
        held(&self.running).contains(name) || held(&self.asked).contains(name)
    }

    fn begin(&self, name: &str) {
        held(&self.running).insert(name.to_owned());
        held(&self.asked).remove(name);
    }

    fn end(&self, name: &str) {
        held(&self.running).remove(name);
    }

    fn is_asked(&self, name: &str) -> bool {
        held(&self.asked).contains(name)
    }
}

fn held(names: &Mutex<BTreeSet<String>>) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
    names.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Works until `stop`; where there is no schedule, only when asked.
pub(crate) async fn run(app: Arc<App>, scheduled: bool, stop: CancellationToken) {
    let mut all = JoinSet::new();
    for (name, source) in app.config.records.fhir.clone() {
        all.spawn(one(Arc::clone(&app), name, source, scheduled, stop.clone()));
    }
    all.join_all().await;
}

/// Between two looks at the clock; also how long a wish may go unheard.
const LOOK_EVERY: Duration = Duration::from_millis(500);

async fn one(app: Arc<App>, name: String, source: FhirSource, scheduled: bool, stop: CancellationToken) {
    let interval = Duration::from_secs(u64::from(source.interval_minutes) * 60);
    let mut failed = 0_u32;
    while !stop.is_cancelled() {
        let due = scheduled && is_due(&app, &name, interval, failed).await;
        if due || app.polls.is_asked(&name) {
            app.polls.begin(&name);
            let went = round::run(&app, &name, &source, &stop).await;
            failed = if went { 0 } else { failed.saturating_add(1) };
            app.polls.end(&name);
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.polls.told.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Whether it is time. What failed is tried again sooner: after a minute, two, four, at most the interval.
async fn is_due(app: &App, name: &str, interval: Duration, failed: u32) -> bool {
    let Ok(state) = state::of(&app.ledger, name).await else { return false };
    let Some(ended) = state.ended_at else { return true };
    if state.started_at > state.ended_at {
        return true; // it was broken off, and goes on
    }
    let retry = Duration::from_secs(60 << failed.saturating_sub(1).min(10));
    let wait = if state.error.is_empty() { interval } else { interval.min(retry) };
    let since = u64::try_from(Timestamp::now().as_micros() - ended).unwrap_or(0);
    Duration::from_micros(since) >= wait
}

/// Our public keys as a JWK Set (RFC 7517 §5), each once; a key that can't be read is left out.
pub(crate) fn jwks(app: &App) -> serde_json::Value {
    let sources = app.config.records.fhir.values();
    let keys: BTreeMap<String, serde_json::Value> = sources
        .filter_map(|source| {
            let key = key::Key::read(source.key_file.as_deref()?, source.key_id.as_deref()).ok()?;
            Some((key.id().to_owned(), key.jwk()))
        })
        .collect();
    serde_json::json!({"keys": keys.into_values().collect::<Vec<_>>()})
}
