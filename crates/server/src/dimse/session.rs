//! One association, from request to release.

use super::Door;
use super::admit::{Admitted, Origin, admit};
use super::commitment::Report;
use super::storage::Tally;
use super::stream::Stream;
use crate::projects::{Place, Room};
use dicom::net::dimse::{Field, Status};
use dicom::net::negotiate::{Agreement, Context, Rules, negotiate};
use dicom::net::pdu::{AssociateRq, Rejection};
use dicom::net::sop_class::Service;
use dicom::net::{Association, Event, Message, NetError, scp};
use govern::audit::Outcome;
use govern::{Action, Entry, PeerRights, Principal, authorize};
use model::{Sha256Digest, Timestamp};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;

/// The door's word in the audit log.
pub(super) const DOOR: &str = "dimse";

/// C-FIND extended negotiation we can do (PS3.4 Table C.5-1): relational queries and fuzzy matching
/// of person names, dates and times as one range of moments; not time zones.
const FIND_ABILITIES: [bool; 4] = [true, true, true, false];

/// An open association.
pub(super) struct Session {
    pub(super) door: Arc<Door>,
    pub(super) association: Association<Stream>,
    pub(super) caller: Admitted,
    pub(super) remote: SocketAddr,
    pub(super) tally: Tally,
    /// Where storage commitment reports for this caller arrive, once it asked for one.
    pub(super) reports: Option<(mpsc::Sender<Report>, mpsc::Receiver<Report>)>,
}

/// Speaks with one caller until it hangs up.
pub(super) async fn converse(
    door: &Arc<Door>,
    stream: Stream,
    remote: SocketAddr,
    certificate: Option<Sha256Digest>,
    tls: bool,
) {
    let address = remote.ip().to_canonical();
    let caller = match scp::greet(stream, door.config().max_pdu, door.timeouts()).await {
        Ok(caller) => caller,
        Err(NetError::Closed(_)) => return,
        Err(error) => {
            tracing::warn!(peer.address = %address, %error, "no DICOM association was made");
            return;
        }
    };
    let Ok(_seat) = Arc::clone(&door.seats).try_acquire_owned() else {
        tracing::warn!(peer.address = %address, "too many DICOM associations; one was rejected for now");
        let _ = caller.reject(Rejection::LOCAL_LIMIT).await;
        return;
    };
    let origin = Origin { address, certificate, private: tls || address.is_loopback() };
    let (admitted, agreement) = match decide(door, caller.request(), origin).await {
        Ok(decided) => decided,
        Err(rejection) => {
            let _ = caller.reject(rejection).await;
            return;
        }
    };
    match caller.accept(agreement).await {
        Ok(association) => {
            let (door, tally) = (Arc::clone(door), Tally::default());
            Session { door, association, caller: admitted, remote, tally, reports: None }.run().await;
        }
        Err(error) => tracing::warn!(peer.address = %address, %error, "a caller went away"),
    }
}

async fn decide(
    door: &Door,
    request: &AssociateRq,
    origin: Origin,
) -> Result<(Admitted, Agreement), Rejection> {
    let admitted = match admit(door, request, origin).await {
        Ok(admitted) => admitted,
        Err(denied) => {
            note_rejection(door, request, origin, denied.rejection, denied.why).await;
            return Err(denied.rejection);
        }
    };
    match agree(door, request, &admitted) {
        Ok(agreement) => Ok((admitted, agreement)),
        Err(rejection) => {
            note_rejection(door, request, origin, rejection, "it does not speak DICOM's protocol").await;
            Err(rejection)
        }
    }
}

fn agree(door: &Door, request: &AssociateRq, caller: &Admitted) -> Result<Agreement, Rejection> {
    let asked = request.user.identity.as_ref().is_some_and(|identity| identity.positive_response);
    let rules = Rules {
        max_length: door.config().max_pdu,
        syntaxes: &door.syntaxes,
        allows: &|service, class| allows(door, caller, service, class),
        find_abilities: FIND_ABILITIES,
        confirm_identity: asked && caller.by_identity,
    };
    negotiate(request, &rules)
}

fn may(who: &Admitted, action: Action) -> bool {
    authorize(&who.principal, who.place.action(action), &who.place.resource(None)).is_ok()
}

/// Whether a presentation context is worth accepting; each operation is asked about again.
fn allows(door: &Door, who: &Admitted, service: Service, class: &str) -> bool {
    match service {
        Service::Verification => true,
        Service::StorageCommitment => who.place == Place::Archive && may(who, Action::Store),
        Service::Find(_) => may(who, Action::Query),
        Service::Move(_) | Service::Get(_) => may(who, Action::Read),
        Service::Storage => {
            let listed = &door.config().storage_classes;
            let taken = listed.is_empty() || listed.iter().any(|one| one == class);
            // The same contexts carry the answers to C-GET.
            // Nothing is brought into a project: it is made of what the archive holds.
            let takes = taken && who.place == Place::Archive && may(who, Action::Store);
            takes || may(who, Action::Read)
        }
        Service::Other => false,
    }
}

async fn note_rejection(
    door: &Door,
    request: &AssociateRq,
    origin: Origin,
    rejection: Rejection,
    why: &'static str,
) {
    let (called, calling) = (request.called, request.calling);
    tracing::warn!(
        ae.called = %called, ae.calling = %calling, peer.address = %origin.address, %rejection, why,
        "a DICOM association was rejected"
    );
    let who = Principal::peer(format!("unknown:{calling}"), PeerRights::default());
    let entry = Entry::event(&who, "associate", DOOR, Outcome::Refused, Timestamp::now())
        .with("address", origin.address.to_string())
        .with("why", why);
    if door.app.govern.audit.record_soon(entry).await.is_err() {
        tracing::error!("the audit log could not be written");
    }
}

/// The next report, or never.
async fn next_report(reports: &mut Option<(mpsc::Sender<Report>, mpsc::Receiver<Report>)>) -> Option<Report> {
    match reports {
        Some((_, arriving)) => arriving.recv().await,
        None => std::future::pending().await,
    }
}

impl Session {
    async fn run(mut self) {
        let peer = self.association.peer();
        tracing::info!(
            peer = %self.caller.principal, ae.calling = %self.caller.title, peer.address = %self.remote.ip(),
            implementation = %peer.implementation, contexts = self.association.contexts().len(),
            "a DICOM association was made"
        );
        let started = std::time::Instant::now();
        let ended = self.serve().await;
        let (instances, bytes) = (self.tally.instances(), self.tally.bytes());
        let duration_ms = started.elapsed().as_millis() as u64;
        let peer = &self.caller.principal;
        match ended {
            Ok(how) => tracing::info!(%peer, instances, bytes, duration_ms, "a DICOM association {how}"),
            Err(error) => {
                tracing::warn!(%peer, instances, bytes, duration_ms, %error, "a DICOM association broke off");
            }
        }
        self.record_tally().await;
    }

    async fn serve(&mut self) -> Result<&'static str, NetError> {
        let stop = self.door.stop.clone();
        loop {
            let report = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok("was ended because the server stops"),
                ready = self.association.ready() => {
                    ready?;
                    None
                }
                Some(report) = next_report(&mut self.reports) => Some(report),
            };
            if let Some(report) = report {
                if !self.report(report).await? {
                    return Ok("ended while a report was on its way");
                }
                continue;
            }
            match self.association.receive().await? {
                Event::Message(message) => self.handle(message).await?,
                Event::Released => return Ok("was released"),
                Event::Closed => return Ok("ended without release"),
            }
        }
    }

    /// What is where the caller called; asked after `govern` said yes.
    pub(super) async fn room(&self) -> Result<Room, (Status, &'static str)> {
        self.caller.place.enter(&self.door.app).await.map_err(|error| {
            tracing::warn!(%error, "a project could not be looked into");
            (Status::OUT_OF_RESOURCES, "the project is closed, or can't be looked into now")
        })
    }

    pub(super) async fn handle(&mut self, message: Message) -> Result<(), NetError> {
        let service = self.association.context(message.context).map(|context| context.service);
        match (message.command.field(), service) {
            (Some(Field::StoreRq), Some(Service::Storage)) if self.caller.place == Place::Archive => {
                self.store(message).await
            }
            (Some(Field::EchoRq), Some(Service::Verification)) => {
                self.answer(&message, Status::SUCCESS, "").await
            }
            (Some(Field::FindRq), Some(Service::Find(root))) => self.find(message, root).await,
            (Some(Field::MoveRq), Some(Service::Move(root))) => self.r#move(message, root).await,
            (Some(Field::GetRq), Some(Service::Get(root))) => self.get(message, root).await,
            (Some(Field::ActionRq), Some(Service::StorageCommitment)) => self.commit(message).await,
            // A C-CANCEL that came after its operation ended.
            (Some(Field::CancelRq), _) => Ok(()),
            _ if message.command.is_response() => {
                Err(NetError::Protocol("a response came that nobody waited for"))
            }
            _ => self.answer(&message, Status::UNRECOGNIZED_OPERATION, "not offered here").await,
        }
    }

    /// Answers without a data set; a comment is sent when it isn't empty.
    pub(super) async fn answer(
        &mut self,
        message: &Message,
        status: Status,
        comment: &str,
    ) -> Result<(), NetError> {
        let mut response = message.command.respond(status);
        if !comment.is_empty() {
            response = response.with_comment(comment);
        }
        self.association.send(message.context, &response).await
    }

    /// The context a message came in; it was checked on arrival.
    pub(super) fn context(&self, message: &Message) -> Option<&Context> {
        self.association.context(message.context)
    }
}
