//! C-MOVE and C-GET (PS3.4 §C.4.2, §C.4.3).

use super::call::{self, CallError};
use super::deliver::{Delivered, Delivery, Way, read_ahead};
use super::identifier;
use super::scope::{self, ScopeError};
use super::session::{DOOR, Session};
use super::stream::Stream;
use crate::projects::Room;
use catalog::{Located, Scope};
use dicom::net::dimse::{Command, Status, SubOperations, element};
use dicom::net::sop_class::Root;
use dicom::net::{Association, Message, NetError, scu};
use dicom::{DataSet, tags};
use futures::StreamExt as _;
use govern::{Action, Entry, Grant, Peer, Resource, authorize};
use model::{AeTitle, StudyInstanceUid, Timestamp};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Between two pending responses.
const PENDING_EVERY: Duration = Duration::from_millis(250);

/// SOP class and transfer syntax pairs proposed in one association: each needs up to three contexts.
const KINDS_PER_ASSOCIATION: usize = 42;

type Refusal = (Status, &'static str);

/// A retrieval under way.
struct Retrieval {
    message: Message,
    syntax: String,
    counts: SubOperations,
    failed: Vec<String>,
    pending_at: Option<Instant>,
    cancelled: bool,
}

impl Session {
    pub(super) async fn r#move(&mut self, message: Message, root: Root) -> Result<(), NetError> {
        let bytes = self.association.data_set(identifier::LIMIT).await?;
        let destination = match self.destination(&message).await {
            Ok(peer) => peer,
            Err((status, why)) => return self.answer(&message, status, why).await,
        };
        let (room, located, grants) = match self.wanted(&message, root, &bytes).await {
            Ok(wanted) => wanted,
            Err((status, why)) => return self.answer(&message, status, why).await,
        };
        let mut retrieval = self.retrieval(message, &located);
        for group in by_kinds(located) {
            if retrieval.cancelled {
                break;
            }
            self.move_group(&room, &mut retrieval, &destination, group).await?;
        }
        self.finish(retrieval, &grants, Some(&destination)).await
    }

    pub(super) async fn get(&mut self, message: Message, root: Root) -> Result<(), NetError> {
        let bytes = self.association.data_set(identifier::LIMIT).await?;
        let (room, located, grants) = match self.wanted(&message, root, &bytes).await {
            Ok(wanted) => wanted,
            Err((status, why)) => return self.answer(&message, status, why).await,
        };
        let mut retrieval = self.retrieval(message, &located);
        let from = std::sync::Arc::clone(room.view.files());
        let id = retrieval.message.command.message_id().unwrap_or(0);
        let mut files = Box::pin(read_ahead(from.clone(), located));
        while let Some((one, file)) = files.next().await {
            let mut delivery = Delivery::new(&from, &mut self.association, Way::Back(id), None);
            let delivered = match file {
                Ok(file) => delivery.deliver(&one, file).await?,
                Err(()) => Delivered::Failed("it can't be read from the archive"),
            };
            retrieval.cancelled |= delivery.is_cancelled();
            retrieval.count(&one, delivered);
            self.tell_progress(&mut retrieval).await?;
            if retrieval.cancelled {
                break;
            }
        }
        self.finish(retrieval, &grants, None).await
    }

    /// The peer a C-MOVE sends to: only those entered with an address are known.
    async fn destination(&self, message: &Message) -> Result<Peer, Refusal> {
        let unknown = (Status::MOVE_DESTINATION_UNKNOWN, "no peer with this title and an address is entered");
        let title = message.command.text(element::MOVE_DESTINATION).unwrap_or_default();
        let title = AeTitle::parse(&title).map_err(|_| unknown)?;
        let peers = self.door.app.govern.peers.with_title(&title).await;
        let peers = peers.map_err(|_| (Status::OUT_OF_RESOURCES, "the ledger did not answer"))?;
        let peer =
            peers.into_iter().find(|peer| peer.host.is_some() && peer.port.is_some()).ok_or(unknown)?;
        match self.caller.place.gives_to(&self.door.app, &peer.principal()).await {
            Ok(true) => Ok(peer),
            Ok(false) => Err((Status::NOT_AUTHORIZED, "the destination is not a member of the project")),
            Err(_) => Err((Status::OUT_OF_RESOURCES, "the ledger did not answer")),
        }
    }

    /// What an identifier asks for, with a grant for each exam in it.
    async fn wanted(
        &self,
        message: &Message,
        root: Root,
        bytes: &bytes::Bytes,
    ) -> Result<(Room, Vec<Located>, Vec<(Grant, Resource)>), Refusal> {
        let unreadable = (Status::CANNOT_UNDERSTAND, "the identifier can't be read");
        let context = self.context(message).ok_or(unreadable)?;
        let identifier = identifier::read(bytes, &context.transfer_syntax).ok_or(unreadable)?;
        let level = identifier.text(tags::QUERY_RETRIEVE_LEVEL).unwrap_or_default();
        if !identifier::has_level(root, level.trim()) {
            return Err((Status::DATA_SET_MISMATCH, "the Query/Retrieve Level does not exist in this model"));
        }
        let place = &self.caller.place;
        let _may = authorize(&self.caller.principal, place.action(Action::Read), &place.resource(None))
            .map_err(|_| (Status::NOT_AUTHORIZED, "this peer may not retrieve"))?;
        let room = self.room().await?;
        let located = scope::resolve(&room.catalog, &identifier).await.map_err(|error| match error {
            ScopeError::Key => (Status::DATA_SET_MISMATCH, "the unique key of the level is missing"),
            ScopeError::Catalog(_) => (Status::CANNOT_COUNT_MATCHES, "the catalog did not answer"),
        })?;
        let exams: BTreeSet<&str> = located.iter().map(|one| one.study.as_str()).collect();
        let mut grants = Vec::with_capacity(exams.len());
        for exam in exams {
            let exam = StudyInstanceUid::parse(exam).map_err(|_| unreadable)?;
            let exam = place.resource(Some(&Scope::Study(exam)));
            let grant = authorize(&self.caller.principal, place.action(Action::Read), &exam);
            let refused = |_| (Status::NOT_AUTHORIZED, "this peer may not retrieve");
            grants.push((grant.map_err(refused)?, exam));
        }
        Ok((room, located, grants))
    }

    fn retrieval(&self, message: Message, located: &[Located]) -> Retrieval {
        let syntax = self.context(&message).map(|context| context.transfer_syntax.clone());
        let remaining = u16::try_from(located.len()).unwrap_or(u16::MAX);
        Retrieval {
            message,
            syntax: syntax.unwrap_or_default(),
            counts: SubOperations { remaining, ..SubOperations::default() },
            failed: Vec::new(),
            pending_at: None,
            cancelled: false,
        }
    }

    async fn move_group(
        &mut self,
        room: &Room,
        retrieval: &mut Retrieval,
        destination: &Peer,
        group: Vec<Located>,
    ) -> Result<(), NetError> {
        let mut association = match self.reach(destination, &group).await {
            Ok(association) => association,
            Err(error) => {
                tracing::warn!(peer = %destination.name, %error, "a C-MOVE destination can't be reached");
                group.iter().for_each(|one| retrieval.count(one, Delivered::Failed("not reached")));
                return Ok(());
            }
        };
        let from = std::sync::Arc::clone(room.view.files());
        let id = retrieval.message.command.message_id().unwrap_or(0);
        let originator = Some((self.caller.title.clone(), id));
        let mut files = Box::pin(read_ahead(from.clone(), group));
        let mut broken = false;
        while let Some((one, file)) = files.next().await {
            if broken {
                retrieval.count(&one, Delivered::Failed("the association broke off"));
                continue;
            }
            let mut delivery = Delivery::new(&from, &mut association, Way::ToPeer, originator.clone());
            let delivered = match file {
                Ok(file) => delivery.deliver(&one, file).await,
                Err(()) => Ok(Delivered::Failed("it can't be read from the archive")),
            };
            let delivered = delivered.unwrap_or_else(|error| {
                tracing::warn!(peer = %destination.name, %error, "a C-MOVE broke off");
                broken = true;
                Delivered::Failed("the association broke off")
            });
            retrieval.count(&one, delivered);
            self.tell_progress(retrieval).await?;
            if self.association.is_cancelled(id).await? {
                retrieval.cancelled = true;
                break;
            }
        }
        if !broken {
            let _ = association.release().await;
        }
        Ok(())
    }

    async fn reach(&self, peer: &Peer, group: &[Located]) -> Result<Association<Stream>, CallError> {
        let app = &self.door.app;
        let proposal = call::proposal(app, peer, scu::contexts_for(&kinds(group)))?;
        call::call(app, peer, &proposal).await
    }

    async fn tell_progress(&mut self, retrieval: &mut Retrieval) -> Result<(), NetError> {
        if retrieval.pending_at.is_some_and(|at| at.elapsed() < PENDING_EVERY) {
            return Ok(());
        }
        retrieval.pending_at = Some(Instant::now());
        let pending = retrieval.response(Status::PENDING);
        self.association.send(retrieval.message.context, &pending).await
    }

    async fn finish(
        &mut self,
        retrieval: Retrieval,
        grants: &[(Grant, Resource)],
        destination: Option<&Peer>,
    ) -> Result<(), NetError> {
        self.record_retrieval(&retrieval, grants, destination).await;
        let response = retrieval.response(retrieval.status());
        let context = retrieval.message.context;
        if retrieval.failed.is_empty() {
            return self.association.send(context, &response).await;
        }
        let mut list = DataSet::new();
        list.put_text(tags::FAILED_SOP_INSTANCE_UID_LIST, &retrieval.failed.join("\\"));
        let bytes = identifier::write(&list, &retrieval.syntax);
        self.association.send_with(context, response, &[bytes.into()]).await
    }

    async fn record_retrieval(
        &self,
        retrieval: &Retrieval,
        grants: &[(Grant, Resource)],
        destination: Option<&Peer>,
    ) {
        let Some(((first, _), rest)) = grants.split_first() else { return };
        let mut entry = Entry::done(first, DOOR, Timestamp::now())
            .with("aeTitle", self.caller.title.as_str())
            .with("instances", retrieval.counts.completed + retrieval.counts.warning)
            .with("failed", retrieval.counts.failed);
        for (_, exam) in rest {
            entry = entry.of(exam);
        }
        if let Some(peer) = destination {
            entry = entry.of(&Resource::Peer(peer.name.clone()));
        }
        if self.door.app.govern.audit.record(entry).await.is_err() {
            tracing::error!("the audit log could not be written");
        }
    }
}

impl Retrieval {
    fn count(&mut self, one: &Located, delivered: Delivered) {
        self.counts.remaining = self.counts.remaining.saturating_sub(1);
        match delivered {
            Delivered::Done => self.counts.completed = self.counts.completed.saturating_add(1),
            Delivered::Warned => self.counts.warning = self.counts.warning.saturating_add(1),
            Delivered::Failed(why) => {
                tracing::warn!(sop_instance.uid = %one.sop, why, "an instance was not delivered");
                self.counts.failed = self.counts.failed.saturating_add(1);
                self.failed.push(one.sop.clone());
            }
        }
    }

    fn response(&self, status: Status) -> Command {
        self.message.command.respond(status).with_progress(self.counts)
    }

    /// PS3.4 Table C.4-2 and C.4-3.
    const fn status(&self) -> Status {
        let SubOperations { completed, failed, warning, .. } = self.counts;
        match (self.cancelled, failed, completed + warning) {
            (true, ..) => Status::CANCEL,
            (false, 0, _) => Status::SUCCESS,
            (false, _, 0) => Status::CANNOT_PERFORM_SUB_OPERATIONS,
            (false, ..) => Status::SOME_FAILED,
        }
    }
}

/// The distinct SOP class and transfer syntax pairs.
pub(crate) fn kinds(located: &[Located]) -> Vec<(String, String)> {
    let pairs = located.iter().map(|one| (one.sop_class.clone(), one.transfer_syntax.clone()));
    let distinct: BTreeSet<_> = pairs.collect();
    distinct.into_iter().collect()
}

/// Groups that each fit one association's presentation contexts; nearly always one.
pub(crate) fn by_kinds(located: Vec<Located>) -> Vec<Vec<Located>> {
    let kinds = kinds(&located);
    if kinds.len() <= KINDS_PER_ASSOCIATION {
        return if located.is_empty() { Vec::new() } else { vec![located] };
    }
    let group_of = |one: &Located| {
        let kind = (one.sop_class.clone(), one.transfer_syntax.clone());
        kinds.binary_search(&kind).unwrap_or(0) / KINDS_PER_ASSOCIATION
    };
    let mut groups: Vec<Vec<Located>> = Vec::new();
    groups.resize_with(kinds.len().div_ceil(KINDS_PER_ASSOCIATION), Vec::new);
    for one in located {
        let group = group_of(&one);
        groups[group].push(one);
    }
    groups
}
