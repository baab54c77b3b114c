//! Before a package is made: the exams of its members that are still in a PACS are fetched, one at a time from each
//! peer, at the rate and in the hours its owner allows. A release that waits does not keep others from being made:
//! each round looks, begins what may begin, says what is missing, and is put off.
//!
//! An exam is here when as many instances are found as the peer told of. A transfer that ended without that is not
//! begun again: what fell short is told as missing. A peer that is down is tried again, until somebody who decides
//! says that the package is made without.

use super::make::MakeError;
use crate::App;
use crate::dimse::transfers::{self, CancelError, Direction, NewTransfer, Transfer};
use crate::elsewhere::hours;
use govern::{Action, Entry, Principal, Resource};
use model::{StudyInstanceUid, Timestamp};
use release::desk::{Fetch, FetchState, Fetching, Release, StillMissing};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use warehouse::keep::Frozen;

/// Between two rounds.
const AGAIN_MICROS: i64 = 2_000_000;
/// Between two rounds while all that is missing waits for the hours of its owner.
const CLOSED_MICROS: i64 = 10_000_000;
/// After a peer was tried for hours.
const LATER_MICROS: i64 = 3600 * 1_000_000;
/// In whose name.
const BY: &str = "worker:releases";

/// What a round came to.
pub(super) enum Round {
    /// Nothing more is waited for.
    Over,
    /// There is to be another at this moment.
    Later(Timestamp),
}

/// One round.
pub(super) async fn round(app: &App, release: &Release) -> Result<Round, MakeError> {
    if !release.without.is_empty() {
        stop(app, &release.id).await?;
        return Ok(Round::Over);
    }
    if release.fetching.is_none() {
        plan(app, release).await?;
    }
    let mut all = app.releases.fetches(&release.id).await?;
    if all.is_empty() {
        return Ok(Round::Over);
    }
    let withdrawn = app.warehouse.withdrawn().await?;
    for one in all.iter_mut().filter(|one| !one.state.is_settled()) {
        let before = one.clone();
        look(app, one, &withdrawn).await?;
        if *one != before {
            app.releases.put_fetch(&release.id, one).await?;
        }
    }
    let waits = begin(app, release, &mut all).await?;
    tell(app, release, &all, &waits, None).await?;
    let missing = || all.iter().filter(|one| !one.state.is_settled());
    if missing().next().is_none() {
        return Ok(Round::Over);
    }
    let closed = missing().all(|one| waits.contains_key(&one.peer));
    Ok(Round::Later(after(if closed { CLOSED_MICROS } else { AGAIN_MICROS })))
}

/// A moment so many microseconds from now.
fn after(micros: i64) -> Timestamp {
    Timestamp::from_micros(Timestamp::now().as_micros() + micros)
}

/// Writes down which exams are to be fetched.
async fn plan(app: &App, release: &Release) -> Result<(), MakeError> {
    let frozen: Frozen = app.warehouse.frozen(&release.request.frozen).await?.ok_or(MakeError::Gone)?;
    let mut planned = Vec::new();
    let mut seen = BTreeSet::new();
    for member in app.warehouse.members(&frozen).await? {
        let Some(study) = member.study.filter(|study| seen.insert(study.clone())) else { continue };
        let holders = app.catalog.elsewhere(&study).await?;
        let Some(fullest) = holders.iter().max_by_key(|one| (one.instances, -one.number)) else { continue };
        let held = held(app, &study).await?;
        if held == 0 || held < fullest.instances {
            planned.push(Fetch {
                patient: member.patient,
                peer: fullest.peer.clone(),
                told: fullest.instances,
                study,
                transfer: None,
                state: FetchState::Waiting,
                why: String::new(),
                again_at: Timestamp::from_micros(0),
            });
        }
    }
    app.releases.plan_fetches(&release.id, &planned).await?;
    // What fell short is asked for again while there is no package: one that was made stays what it is.
    if release.package.is_none() {
        let all = app.releases.fetches(&release.id).await?;
        for short in all.into_iter().filter(|one| one.state == FetchState::Short) {
            let anew = Fetch { state: FetchState::Waiting, why: String::new(), transfer: None, ..short };
            app.releases.put_fetch(&release.id, &anew).await?;
        }
    }
    // Now it was planned, be it nothing.
    Ok(app.releases.set_fetching(&release.id, &Fetching::default()).await?)
}

/// How many instances of an exam are here.
async fn held(app: &App, study: &str) -> Result<i64, sqlx::Error> {
    app.catalog.held_instances(study).await
}

const fn is_all(held: i64, told: i64) -> bool {
    held > 0 && held >= told
}

/// Looks where an exam stands.
async fn look(app: &App, one: &mut Fetch, withdrawn: &HashSet<i64>) -> Result<(), MakeError> {
    if withdrawn.contains(&one.patient) {
        cancel(app, one).await?;
        (one.state, one.why) = (FetchState::Left, "withdrew from research".into());
        return Ok(());
    }
    let transfer = match one.transfer.filter(|_| one.state == FetchState::Running) {
        Some(id) => transfers::one(app, id).await?,
        None => None,
    };
    match transfer {
        Some(transfer) => ended(app, one, &transfer).await,
        None => {
            one.state = FetchState::Waiting;
            Ok(())
        }
    }
}

/// What the transfer of an exam came to.
async fn ended(app: &App, one: &mut Fetch, transfer: &Transfer) -> Result<(), MakeError> {
    let reason = transfer.reason.clone().unwrap_or_default();
    match transfer.state.as_str() {
        "done" | "failed" => {}
        "cancelled" => {
            (one.state, one.why) = (FetchState::Waiting, "its transfer was cancelled".into());
            one.again_at = after(LATER_MICROS);
            return Ok(());
        }
        _ => {
            one.why = reason;
            return Ok(());
        }
    }
    app.findable().await;
    let told = if transfer.total > 0 { transfer.total } else { one.told };
    let held = held(app, &one.study).await?;
    let gave_up = transfer.state == "failed" && transfer.failed == 0;
    if is_all(held, told) {
        (one.state, one.why, one.told) = (FetchState::Here, String::new(), told);
    } else if gave_up {
        (one.state, one.why) = (FetchState::Waiting, reason);
        one.again_at = after(LATER_MICROS);
    } else {
        (one.state, one.told) = (FetchState::Short, told);
        one.why = if held == 0 { NOTHING_CAME } else { TOO_FEW_CAME }.into();
    }
    Ok(())
}

const NOTHING_CAME: &str = "the PACS sent nothing of it, or all of it was refused here";
const TOO_FEW_CAME: &str = "the PACS sent fewer images than it told of, or some were refused here";

/// Begins what may begin; of each peer whose hours are over, when they begin.
async fn begin(
    app: &App,
    release: &Release,
    all: &mut [Fetch],
) -> Result<BTreeMap<String, Timestamp>, MakeError> {
    let peers: BTreeSet<String> =
        all.iter().filter(|one| !one.state.is_settled()).map(|one| one.peer.clone()).collect();
    let mut waits = BTreeMap::new();
    for peer in peers {
        let terms = app.govern.peers.terms(&peer).await?;
        let of_peer = all.iter_mut().filter(|one| one.peer == peer && !one.state.is_settled());
        if let Some(opens_at) = hours::opens_at(terms.window) {
            for one in of_peer {
                pause(app, release, one).await?;
            }
            waits.insert(peer, opens_at);
        } else if app.releases.fetching_from(&peer).await? == 0 {
            start_one(app, release, of_peer.collect(), terms.instances_per_second).await?;
        }
    }
    Ok(waits)
}

/// The hours are over: what is on its way is broken off.
async fn pause(app: &App, release: &Release, one: &mut Fetch) -> Result<(), MakeError> {
    if one.state == FetchState::Running {
        cancel(app, one).await?;
        (one.state, one.why) = (FetchState::Waiting, String::new());
        app.releases.put_fetch(&release.id, one).await?;
    }
    came(app, release, one).await.map(drop)
}

/// Whether all of an exam is here: somebody else may have sent it.
async fn came(app: &App, release: &Release, one: &mut Fetch) -> Result<bool, MakeError> {
    let here = is_all(held(app, &one.study).await?, one.told);
    if here {
        (one.state, one.why) = (FetchState::Here, String::new());
        app.releases.put_fetch(&release.id, one).await?;
    }
    Ok(here)
}

/// Begins the first that is not here and whose time has come.
async fn start_one(
    app: &App,
    release: &Release,
    mut of_peer: Vec<&mut Fetch>,
    rate: u32,
) -> Result<(), MakeError> {
    let now = Timestamp::now();
    of_peer.sort_by_key(|one| one.again_at);
    for one in of_peer.into_iter().filter(|one| one.again_at <= now) {
        if !came(app, release, one).await? {
            return start(app, release, one, rate).await;
        }
    }
    Ok(())
}

/// Begins the transfer of an exam. Should this process end in between, the next round begins another: what came is
/// not fetched twice.
async fn start(app: &App, release: &Release, one: &mut Fetch, rate: u32) -> Result<(), MakeError> {
    let Ok(study) = StudyInstanceUid::parse(&one.study) else { return Ok(()) };
    let worker = Principal::worker("releases");
    if let Ok(grant) = govern::authorize(&worker, Action::Store, &Resource::Exam(study.clone())) {
        let entry = Entry::done(&grant, "release", Timestamp::now()).with("peer", one.peer.clone());
        app.govern.audit.record(entry.with("release", release.id.clone())).await.map_err(MakeError::Audit)?;
    }
    let new = NewTransfer {
        direction: Direction::Fetch,
        peer: one.peer.clone(),
        study,
        series: None,
        rate,
        actor: BY.into(),
        only: None,
        rule: None,
        project: None,
    };
    one.transfer = Some(transfers::begin(app, &new).await?.id);
    (one.state, one.why) = (FetchState::Running, String::new());
    Ok(app.releases.put_fetch(&release.id, one).await?)
}

async fn cancel(app: &App, one: &Fetch) -> Result<(), sqlx::Error> {
    match one.transfer.filter(|_| one.state == FetchState::Running) {
        Some(id) => match transfers::cancel(app, id, BY).await {
            Ok(_) | Err(CancelError::Ended) => Ok(()),
            Err(CancelError::Ledger(error)) => Err(error),
        },
        None => Ok(()),
    }
}

/// Says how far all of it is.
async fn tell(
    app: &App,
    release: &Release,
    all: &[Fetch],
    waits: &BTreeMap<String, Timestamp>,
    without: Option<String>,
) -> Result<(), MakeError> {
    let mut missing: BTreeMap<(&str, String, Option<String>, bool), u64> = BTreeMap::new();
    let mut opens = None;
    for one in all.iter().filter(|one| one.state != FetchState::Here) {
        let waiting = !one.state.is_settled() && without.is_none();
        let closed = waits.get(&one.peer).filter(|_| waiting);
        opens = opens.into_iter().chain(closed.copied()).min();
        let later =
            (one.state == FetchState::Waiting && one.again_at > Timestamp::now()).then_some(one.again_at);
        let until = closed.copied().or(later.filter(|_| waiting)).map(|at| at.to_string());
        let why = match (closed, one.state) {
            (Some(_), _) => "its owner's hours have not begun".into(),
            (None, FetchState::Running) if one.why.is_empty() => "it is on its way".into(),
            (None, FetchState::Waiting) if one.why.is_empty() => "it waits for its turn".into(),
            _ => one.why.clone(),
        };
        *missing.entry((&one.peer, why, until, waiting)).or_default() += 1;
    }
    let here = all.iter().filter(|one| one.state == FetchState::Here).count();
    let fetching = Fetching {
        wanted: all.len() as u64,
        here: here as u64,
        missing: missing
            .into_iter()
            .map(|((peer, why, until, waits), count)| StillMissing {
                peer: peer.to_owned(),
                why,
                until,
                count,
                waits,
            })
            .collect(),
        without,
    };
    app.releases.set_fetching(&release.id, &fetching).await?;
    let until = opens
        .map(|at| format!("; it goes on at {} by the server's clock", hours::told(at)))
        .unwrap_or_default();
    let says = format!("exams are fetched from where they are: {here} of {} are here{until}", all.len());
    match app.releases.progress(&release.id, here as i64, all.len() as i64, &says).await? {
        true => Ok(()),
        false => Err(MakeError::Stopped),
    }
}

/// Ends what is on its way for a release: it is made without, or not at all.
pub(super) async fn stop(app: &App, id: &str) -> Result<(), MakeError> {
    let Some(release) = app.releases.one(id).await? else { return Ok(()) };
    let mut all = app.releases.fetches(id).await?;
    for one in all.iter_mut().filter(|one| !one.state.is_settled()) {
        cancel(app, one).await?;
        one.state =
            if is_all(held(app, &one.study).await?, one.told) { FetchState::Here } else { FetchState::Short };
        one.why = "the package is made without it".into();
        app.releases.put_fetch(id, one).await?;
    }
    if all.is_empty() || release.without.is_empty() {
        return Ok(());
    }
    tell(app, &release, &all, &BTreeMap::new(), Some(release.without.clone())).await
}

/// What is not here of a release that is made, for its papers: they name no peer.
pub(super) async fn lacking(app: &App, id: &str) -> Result<BTreeMap<String, Lacking>, sqlx::Error> {
    let mut lacking = BTreeMap::new();
    for one in app.releases.fetches(id).await? {
        if one.state == FetchState::Here || one.state == FetchState::Left {
            continue;
        }
        let held = held(app, &one.study).await?;
        if !is_all(held, one.told) {
            lacking.insert(one.study, Lacking { held, told: one.told, why: one.why });
        }
    }
    Ok(lacking)
}

/// What is lacking of an exam.
pub(super) struct Lacking {
    /// Instances that are here.
    pub held: i64,
    /// Instances the peer told of; 0: it did not tell.
    pub told: i64,
    /// Why, without a value and without a peer's name.
    pub why: String,
}

impl Lacking {
    /// Why an exam is missing.
    pub(super) fn told(&self) -> String {
        format!("still in a PACS: {}", self.why)
    }

    /// How many instances are missing of an exam that is here in part, and why.
    pub(super) fn instances(&self) -> Option<(u64, String)> {
        let count = u64::try_from(self.told - self.held).ok().filter(|count| *count > 0)?;
        Some((count, self.told()))
    }
}
