//! Carrying rules out: hearing what arrived, waiting until it is quiet, beginning transfers.

use super::matching::Candidate;
use super::{KeptRule, list, one};
use crate::App;
use crate::dimse::transfers::{self, Direction, NewTransfer};
use crate::projects::{ProjectsError, enrol};
use catalog::index::TOPIC;
use govern::audit::Entry;
use govern::{Action, Principal, Resource};
use model::{StudyInstanceUid, Timestamp};
use serde::Deserialize;
use sqlx::Row as _;
use std::sync::Arc;
use std::time::Duration;
use store::{WriteTx, outbox};
use tokio_util::sync::CancellationToken;

/// The consumer's name in the outbox.
const CONSUMER: &str = "routing";
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Events heard, and exams looked at, in one go.
const AT_ONCE: i64 = 200;
const SECOND_MICROS: i64 = 1_000_000;
/// Until a rule is tried again whose project is closed or locked; others go on.
const PROJECT_MICROS: i64 = 60 * SECOND_MICROS;

/// Why a round did not come to its end; the next one tries again.
#[derive(Debug, thiserror::Error)]
enum RouteError {
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Audit(#[from] govern::audit::AuditError),
    #[error(transparent)]
    Project(#[from] ProjectsError),
    #[error(transparent)]
    Refused(#[from] govern::Refusal),
}

/// Looks until `stop`.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let went = round(&app).await;
        if let Err(error) = &went {
            tracing::warn!(%error, "routing paused");
        }
        app.health.note("routing", went.as_ref().map(drop));
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn round(app: &App) -> Result<(), RouteError> {
    while hear(app).await? {}
    let now = Timestamp::now();
    let due =
        sqlx::query("SELECT rule, study FROM routing_pending WHERE due_at <= $1 ORDER BY due_at LIMIT $2");
    for row in due.bind(now.as_micros()).bind(AT_ONCE).fetch_all(app.ledger.pool()).await? {
        let (rule, study): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        match settle(app, rule, &study, now).await {
            Err(RouteError::Project(error)) => {
                tracing::warn!(rule, %error, "a rule through a project has to wait");
                let mut tx = app.ledger.write().await?;
                wait(&mut tx, rule, &study, now.as_micros() + PROJECT_MICROS).await?;
                tx.commit().await?;
            }
            went => went?,
        }
    }
    Ok(())
}

/// What the catalog tells of a batch.
#[derive(Deserialize)]
struct Gained {
    exams: Vec<GainedExam>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GainedExam {
    study_instance_uid: String,
}

/// Has every rule that is on wait for the exams that gained something. Whether there may be more.
async fn hear(app: &App) -> Result<bool, sqlx::Error> {
    let events = app.ledger.events(TOPIC, app.ledger.position(CONSUMER).await?, AT_ONCE).await?;
    let Some(last) = events.last().map(|event| event.id) else { return Ok(false) };
    let now = Timestamp::now().as_micros();
    let rules = list(app).await?;
    let mut tx = app.ledger.write().await?;
    for gained in events.iter().filter_map(|event| serde_json::from_str::<Gained>(&event.payload).ok()) {
        for exam in &gained.exams {
            for rule in rules.iter().filter(|rule| rule.is_on) {
                let due = now + i64::from(rule.rule.quiet_seconds) * SECOND_MICROS;
                wait(&mut tx, rule.id, &exam.study_instance_uid, due).await?;
            }
        }
    }
    outbox::advance(&mut tx, CONSUMER, last).await?;
    tx.commit().await?;
    Ok(true)
}

async fn wait(tx: &mut WriteTx, rule: i64, study: &str, due: i64) -> Result<(), sqlx::Error> {
    let waits = sqlx::query(
        "INSERT INTO routing_pending (rule, study, due_at) VALUES ($1, $2, $3) \
         ON CONFLICT (rule, study) DO UPDATE SET due_at = excluded.due_at",
    );
    waits.bind(rule).bind(study).bind(due).execute(&mut **tx).await.map(drop)
}

/// Exams that wait to be quiet, for all rules.
pub(crate) async fn pending(app: &App) -> Result<i64, sqlx::Error> {
    sqlx::query("SELECT COUNT(*) FROM routing_pending").fetch_one(app.ledger.pool()).await?.try_get(0)
}

/// An instance that is held.
struct Held {
    id: i64,
    sop: String,
    received_at: i64,
}

/// Decides about an exam that is quiet: begins what is to be sent, and forgets that it waited, in one transaction.
async fn settle(app: &App, rule: i64, study: &str, now: Timestamp) -> Result<(), RouteError> {
    let sends = match one(app, rule).await?.filter(|rule| rule.is_on) {
        Some(rule) => sends(app, &rule, study).await?,
        None => Vec::new(),
    };
    for send in &sends {
        let who = Principal::worker("routing");
        // Workers may; whoever made the rule was asked when they did.
        let grant = govern::authorize(&who, Action::Export, &Resource::Exam(send.new.study.clone()))?;
        let entry = Entry::done(&grant, "routing", now).of(&Resource::Peer(send.new.peer.clone()));
        let entry = entry.with("rule", rule).with("instances", send.new.only.as_ref().map_or(0, Vec::len));
        app.govern.audit.record(entry).await?;
    }
    let mut tx = app.ledger.write().await?;
    for send in &sends {
        transfers::begin_in(&mut tx, &send.new, now).await?;
        sqlx::query(
            "INSERT INTO routed (rule, peer, study, upto, received_upto) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (rule, peer, study) DO UPDATE SET upto = excluded.upto, received_upto = excluded.received_upto",
        )
        .bind(rule)
        .bind(&send.new.peer)
        .bind(study)
        .bind(send.upto)
        .bind(send.received_upto)
        .execute(&mut *tx)
        .await?;
    }
    // Something that came meanwhile is waited for anew.
    let done = sqlx::query("DELETE FROM routing_pending WHERE rule = $1 AND study = $2 AND due_at <= $3");
    done.bind(rule).bind(study).bind(now.as_micros()).execute(&mut *tx).await?;
    tx.commit().await?;
    app.transfers.notify_one();
    Ok(())
}

/// What is to be sent to one peer, and how far that reaches.
struct Send {
    new: NewTransfer,
    upto: i64,
    received_upto: i64,
}

async fn sends(app: &App, rule: &KeptRule, study: &str) -> Result<Vec<Send>, RouteError> {
    let Ok(study) = StudyInstanceUid::parse(study) else { return Ok(Vec::new()) };
    let Some(candidate) = Candidate::read(app, &study).await? else { return Ok(Vec::new()) };
    let held = held(app, &study).await?;
    let received_upto = held.iter().map(|one| one.received_at).max().unwrap_or(0);
    // What was here before the rule was switched on is left alone, also when the catalog is made again.
    if received_upto < rule.on_since.as_micros() || !candidate.matches(app, &rule.rule.conditions).await? {
        return Ok(Vec::new());
    }
    let upto = held.iter().map(|one| one.id).max().unwrap_or(0);
    let mut sends = Vec::new();
    for peer in rule.rule.peers.iter().filter(|peer| !candidate.is_only_from(peer)) {
        let only = not_yet_sent(app, rule.id, peer, &study, &held).await?;
        if !only.is_empty() {
            let new = NewTransfer {
                direction: Direction::Send,
                peer: peer.clone(),
                study: study.clone(),
                series: None,
                rate: rule.rule.instances_per_second,
                actor: format!("rule {}, version {}", rule.rule.name, rule.version),
                only: Some(only),
                rule: Some(rule.id),
                project: None,
            };
            let new = match &rule.rule.project {
                Some(project) => through(app, project, new).await?,
                None => new,
            };
            sends.push(Send { new, upto, received_upto });
        }
    }
    Ok(sends)
}

/// The same transfer as the project sees it: the exam's patient is enrolled, and what the wall withholds stays here.
async fn through(app: &App, project: &str, new: NewTransfer) -> Result<NewTransfer, RouteError> {
    let kept = app.govern.projects.get(project).await?.ok_or(ProjectsError::Closed)?;
    let originals = new.only.unwrap_or_default();
    let sent = enrol::through(app, &kept, &new.study, &originals, &new.actor).await?;
    Ok(NewTransfer {
        study: sent.study,
        only: Some(sent.instances),
        project: Some(project.to_owned()),
        ..new
    })
}

async fn held(app: &App, study: &StudyInstanceUid) -> Result<Vec<Held>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT i.id, i.sop_uid, i.received_at FROM study s JOIN series r ON r.study = s.id \
         JOIN instance i ON i.series = r.id WHERE s.uid = $1 AND i.deleted = 0 ORDER BY i.id",
    );
    let rows = rows.bind(study.as_str()).fetch_all(app.ledger.pool()).await?;
    let held = |row: &sqlx::any::AnyRow| {
        Ok(Held { id: row.try_get(0)?, sop: row.try_get(1)?, received_at: row.try_get(2)? })
    };
    rows.iter().map(held).collect()
}

/// The instances this rule has not sent to this peer. They are counted in the order of indexing; in a catalog that was
/// made again since, by when they arrived.
async fn not_yet_sent(
    app: &App,
    rule: i64,
    peer: &str,
    study: &StudyInstanceUid,
    held: &[Held],
) -> Result<Vec<String>, sqlx::Error> {
    let row =
        sqlx::query("SELECT upto, received_upto FROM routed WHERE rule = $1 AND peer = $2 AND study = $3");
    let row = row.bind(rule).bind(peer).bind(study.as_str()).fetch_optional(app.ledger.pool()).await?;
    let sops = |is_new: &dyn Fn(&Held) -> bool| {
        held.iter().filter(|one| is_new(one)).map(|one| one.sop.clone()).collect()
    };
    let Some(row) = row else { return Ok(sops(&|_| true)) };
    let (upto, received_upto): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok(match held.iter().any(|one| one.id == upto) {
        true => sops(&|one| one.id > upto),
        false => sops(&|one| one.received_at > received_upto),
    })
}
