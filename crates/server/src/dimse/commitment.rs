//! Storage commitment, push model (PS3.4 Annex J): a peer asks whether we answer for what it sent;
//! we look at every byte of it and report, on the same association while it is open, otherwise by
//! calling the peer. Requests wait in the ledger, so a report is owed until it is delivered.

use super::Door;
use super::call::{self, CallError};
use super::identifier;
use super::session::{DOOR, Session};
use super::stream::Stream;
use crate::App;
use crate::workers::indexer::IndexerError;
use dicom::net::dimse::{Command, Field, Status, element};
use dicom::net::pdu::Role;
use dicom::net::sop_class::{
    EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, STORAGE_COMMITMENT, STORAGE_COMMITMENT_INSTANCE,
};
use dicom::net::{Association, Event, Message, NetError};
use dicom::{DataSet, tags};
use futures::StreamExt as _;
use govern::{Action, Entry, Peer, Resource, authorize};
use model::{AeTitle, SopInstanceUid, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::jobs::Job;
use tokio::sync::{Notify, mpsc, oneshot};

/// The kind of job in the ledger.
const KIND: &str = "storage-commitment";

/// Tries to deliver a report: with growing pauses, about a day.
const ATTEMPTS: i64 = 36;

/// A request, as it waits in the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    transaction: String,
    /// (SOP class, SOP instance)
    instances: Vec<(String, String)>,
    peer: String,
    title: AeTitle,
}

/// A report for an association that is still open.
pub(super) struct Report {
    outcome: Outcome,
    delivered: oneshot::Sender<bool>,
}

/// What the door knows of requests under way.
#[derive(Default)]
pub(super) struct Commitments {
    /// Associations whose peers wait for a report, by transaction UID.
    open: Mutex<HashMap<String, mpsc::Sender<Report>>>,
    /// A request was put in the ledger.
    wake: Notify,
}

/// What a request came to: the instances we answer for, and those we don't with the reason
/// (PS3.3 §C.14.1.1).
#[derive(Debug, Clone)]
struct Outcome {
    transaction: String,
    kept: Vec<(String, String)>,
    failed: Vec<(String, String, u16)>,
}

type Refusal = (Status, &'static str);

impl Session {
    pub(super) async fn commit(&mut self, message: Message) -> Result<(), NetError> {
        let bytes = self.association.data_set(identifier::LIMIT).await?;
        let asked = match self.asked(&message, &bytes) {
            Ok(asked) => asked,
            Err((status, why)) => return self.answer(&message, status, why).await,
        };
        self.expect_report(&asked);
        let (ledger, now) = (&self.door.app.ledger, Timestamp::now());
        let Ok(payload) = serde_json::to_string(&asked) else {
            return self.answer(&message, Status::PROCESSING_FAILURE, "").await;
        };
        let queued = ledger.enqueue(KIND, &payload, ATTEMPTS, now).await;
        let (status, why) = match queued {
            Ok(_) => (Status::SUCCESS, ""),
            Err(_) => (Status::PROCESSING_FAILURE, "the request could not be kept"),
        };
        self.answer(&message, status, why).await?;
        self.door.commitments.wake.notify_one();
        Ok(())
    }

    fn asked(&self, message: &Message, bytes: &bytes::Bytes) -> Result<Asked, Refusal> {
        // Recorded when the report is delivered.
        let _grant = authorize(&self.caller.principal, Action::Store, &Resource::Archive)
            .map_err(|_| (Status::NOT_AUTHORIZED, "this peer may not store"))?;
        if message.command.sop_instance().as_deref() != Some(STORAGE_COMMITMENT_INSTANCE) {
            return Err((Status::NO_SUCH_INSTANCE, "not the storage commitment instance"));
        }
        if message.command.u16(element::ACTION_TYPE) != Some(1) {
            return Err((Status::NO_SUCH_ACTION, "the only action is 1"));
        }
        let unreadable = (Status::MISTYPED_ARGUMENT, "the request can't be read");
        let context = self.context(message).ok_or(unreadable)?;
        let request = identifier::read(bytes, &context.transfer_syntax).ok_or(unreadable)?;
        let transaction = request.uid(tags::TRANSACTION_UID).unwrap_or_default();
        let named = |item: &DataSet| {
            let class = item.uid(tags::REFERENCED_SOP_CLASS_UID)?;
            Some((class, item.uid(tags::REFERENCED_SOP_INSTANCE_UID)?))
        };
        let instances: Option<Vec<_>> =
            request.items(tags::REFERENCED_SOP_SEQUENCE).iter().map(named).collect();
        match instances {
            Some(instances) if !instances.is_empty() && !transaction.is_empty() => Ok(Asked {
                transaction,
                instances,
                peer: self.caller.principal.name().to_owned(),
                title: self.caller.title.clone(),
            }),
            _ => Err((Status::MISSING_ATTRIBUTE, "Transaction UID or the instances are missing")),
        }
    }

    /// Lets the worker find this association while it is open.
    fn expect_report(&mut self, asked: &Asked) {
        let commitments = &self.door.commitments;
        let (to, _) = self.reports.get_or_insert_with(|| mpsc::channel(4));
        if let Ok(mut open) = commitments.open.lock() {
            open.insert(asked.transaction.clone(), to.clone());
        }
    }

    /// Sends a report to the caller who waits for it. `false`: the association has ended.
    pub(super) async fn report(&mut self, report: Report) -> Result<bool, NetError> {
        let Report { outcome, delivered } = report;
        let context = self.association.context_for(STORAGE_COMMITMENT).cloned();
        let Some(context) = context else { return Ok(true) };
        let id = send_report(&mut self.association, context.id, &context.transfer_syntax, &outcome).await?;
        loop {
            match self.association.receive().await? {
                Event::Message(message)
                    if message.command.field() == Some(Field::EventReportRsp)
                        && message.command.responded_to() == Some(id) =>
                {
                    let taken = message.command.status().is_some_and(Status::is_done);
                    let _ = delivered.send(taken);
                    return Ok(true);
                }
                Event::Message(message) => Box::pin(self.handle(message)).await?,
                Event::Released | Event::Closed => return Ok(false),
            }
        }
    }
}

/// Sends N-EVENT-REPORT; gives its message id.
async fn send_report(
    association: &mut Association<Stream>,
    context: u8,
    syntax: &str,
    outcome: &Outcome,
) -> Result<u16, NetError> {
    let id = association.next_message_id();
    let mut command = Command::request(Field::EventReportRq, id, STORAGE_COMMITMENT);
    command.put_uid(element::AFFECTED_SOP_INSTANCE, STORAGE_COMMITMENT_INSTANCE);
    // 1: all are committed; 2: failures exist (PS3.4 Table J.3-2).
    command.put_u16(element::EVENT_TYPE, if outcome.failed.is_empty() { 1 } else { 2 });
    let bytes = identifier::write(&outcome.data_set(), syntax);
    association.send_with(context, command, &[bytes.into()]).await?;
    Ok(id)
}

impl Outcome {
    fn data_set(&self) -> DataSet {
        let item = |class: &str, instance: &str| {
            let mut item = DataSet::new();
            item.put_text(tags::REFERENCED_SOP_CLASS_UID, class);
            item.put_text(tags::REFERENCED_SOP_INSTANCE_UID, instance);
            item
        };
        let mut report = DataSet::new();
        report.put_text(tags::TRANSACTION_UID, &self.transaction);
        let kept: Vec<_> = self.kept.iter().map(|(class, instance)| item(class, instance)).collect();
        if !kept.is_empty() {
            report.put_items(tags::REFERENCED_SOP_SEQUENCE, kept);
        }
        let failed = self.failed.iter().map(|(class, instance, reason)| {
            let mut item = item(class, instance);
            item.put_u16(tags::FAILURE_REASON, *reason);
            item
        });
        let failed: Vec<_> = failed.collect();
        if !failed.is_empty() {
            report.put_items(tags::FAILED_SOP_SEQUENCE, failed);
        }
        report
    }
}

/// Works off requests until the server stops.
pub(super) async fn work(door: Arc<Door>) {
    let worker = format!("{}-commitment", door.app.archive.writer());
    if let Err(error) = door.app.ledger.put_back(&worker, Timestamp::now()).await {
        tracing::warn!(%error, "the ledger did not put back storage commitment requests");
    }
    loop {
        match door.app.ledger.claim(KIND, &worker, Timestamp::now()).await {
            Ok(Some(job)) => {
                tokio::select! {
                    () = door.stop.cancelled() => return,
                    () = settle(&door, &job) => {}
                }
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the ledger did not give storage commitment requests"),
        }
        tokio::select! {
            () = door.stop.cancelled() => return,
            () = door.commitments.wake.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}

async fn settle(door: &Arc<Door>, job: &Job) {
    let ended = match serde_json::from_str::<Asked>(&job.payload) {
        Ok(asked) => report_on(door, &asked).await,
        Err(_) => Err("the request in the ledger can't be read".into()),
    };
    let ledger = &door.app.ledger;
    let noted = match ended {
        Ok(()) => ledger.finish(job.id, Timestamp::now()).await,
        Err(reason) => {
            tracing::warn!(attempt = job.attempts, reason, "a storage commitment report was not delivered");
            ledger.fail(job, &reason, Timestamp::now()).await
        }
    };
    if let Err(error) = noted {
        tracing::error!(%error, "the ledger did not take the end of a storage commitment");
    }
}

async fn report_on(door: &Arc<Door>, asked: &Asked) -> Result<(), String> {
    let outcome = verify(&door.app, asked).await.map_err(|error| error.to_string())?;
    let (kept, failed) = (outcome.kept.len(), outcome.failed.len());
    let open = door.commitments.open.lock().ok().and_then(|mut open| open.remove(&asked.transaction));
    let told = match open {
        Some(session) => tell(&session, outcome.clone()).await,
        None => false,
    };
    if !told {
        call_back(door, asked, &outcome).await.map_err(|error| error.to_string())?;
    }
    record(&door.app, asked, &outcome).await;
    tracing::info!(peer = %asked.peer, kept, failed, "storage commitment was reported");
    Ok(())
}

async fn tell(session: &mpsc::Sender<Report>, outcome: Outcome) -> bool {
    let (delivered, answer) = oneshot::channel();
    session.send(Report { outcome, delivered }).await.is_ok() && answer.await.unwrap_or(false)
}

/// Why nothing can be said yet.
#[derive(Debug, thiserror::Error)]
enum VerifyError {
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Index(#[from] IndexerError),
}

/// Looks whether every byte of every instance is there and as it came. What was stored before the
/// question may not be in the catalog yet, so the catalog is brought up to date first.
async fn verify(app: &Arc<App>, asked: &Asked) -> Result<Outcome, VerifyError> {
    let mut outcome =
        Outcome { transaction: asked.transaction.clone(), kept: Vec::new(), failed: Vec::new() };
    app.catch_up().await?;
    for (class, instance) in &asked.instances {
        match verify_one(app, class, instance).await? {
            Ok(()) => outcome.kept.push((class.clone(), instance.clone())),
            Err(status) => outcome.failed.push((class.clone(), instance.clone(), status.0)),
        }
    }
    Ok(outcome)
}

async fn verify_one(app: &Arc<App>, class: &str, instance: &str) -> Result<Result<(), Status>, sqlx::Error> {
    let Ok(uid) = SopInstanceUid::parse(instance) else { return Ok(Err(Status::NO_SUCH_INSTANCE)) };
    let Some(located) = app.catalog.locate_sop(&uid).await? else {
        return Ok(Err(Status::NO_SUCH_INSTANCE));
    };
    if located.sop_class != class {
        return Ok(Err(Status::CLASS_INSTANCE_CONFLICT));
    }
    let mut hasher = Sha256::new();
    let mut parts = Box::pin(app.archive.stream(&located.locator, 0..located.locator.length));
    while let Some(part) = parts.next().await {
        match part {
            Ok(part) => hasher.update(&part),
            Err(_) => return Ok(Err(Status::PROCESSING_FAILURE)),
        }
    }
    let same = hasher.finalize().as_slice() == located.digest.0;
    Ok(if same { Ok(()) } else { Err(Status::PROCESSING_FAILURE) })
}

/// Why a report could not be delivered by calling.
#[derive(Debug, thiserror::Error)]
enum CallBackError {
    #[error("no peer with this title and an address is entered")]
    Unknown,
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("the peer refused the report")]
    Refused,
}

async fn call_back(door: &Arc<Door>, asked: &Asked, outcome: &Outcome) -> Result<(), CallBackError> {
    let app = &door.app;
    let peer = match app.govern.peers.get(&asked.peer).await? {
        Some(peer) => peer,
        None => with_address(app.govern.peers.with_title(&asked.title).await?)?,
    };
    let syntaxes = [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN].map(str::to_owned).to_vec();
    let mut proposal = call::proposal(app, &peer, vec![(STORAGE_COMMITMENT.into(), syntaxes)])?;
    proposal.roles = vec![Role { sop_class: STORAGE_COMMITMENT.into(), scu: false, scp: true }];
    let mut association = call::call(app, &peer, &proposal).await?;
    let context = association.context_for(STORAGE_COMMITMENT).cloned();
    let context = context.ok_or(CallBackError::Refused)?;
    let id = send_report(&mut association, context.id, &context.transfer_syntax, outcome).await?;
    let taken = match association.receive().await? {
        Event::Message(message) if message.command.responded_to() == Some(id) => {
            message.command.status().is_some_and(Status::is_done)
        }
        _ => false,
    };
    let _ = association.release().await;
    if taken { Ok(()) } else { Err(CallBackError::Refused) }
}

fn with_address(peers: Vec<Peer>) -> Result<Peer, CallBackError> {
    let called = peers.into_iter().find(|peer| peer.host.is_some() && peer.port.is_some());
    called.ok_or(CallBackError::Unknown)
}

async fn record(app: &App, asked: &Asked, outcome: &Outcome) {
    let who = govern::Principal::peer(asked.peer.clone(), govern::PeerRights::default());
    let done = govern::Outcome::Done;
    let entry = Entry::event(&who, "storage-commitment", DOOR, done, Timestamp::now())
        .with("kept", outcome.kept.len())
        .with("failed", outcome.failed.len());
    if app.govern.audit.record_soon(entry).await.is_err() {
        tracing::error!("the audit log could not be written");
    }
}
