//! Decides where a file belongs — stored, held already, in conflict, in quarantine — and puts it there.

use crate::{
    body::Body,
    examine::{Examined, Refused, examine},
    incoming::{Announced, Incoming, Inner, Strangers},
    outcome::{Identity, IntakeError, Outcome, Placed, Quarantined, Reason},
    remembered::{Held, Turn},
    shelf::{Appended, Kind, Locator, NewEntry, NewEntryHead, Shelf, ShelfError},
};
use bytes::Bytes;
use dicom::{Header, open_file};
use model::{Sha256Digest, Source};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of a held file read at a time when it is compared with a new one.
const COMPARED_AT_ONCE: u64 = 1 << 20;

/// Bytes of a held file in which its data set must begin to be compared.
const LONGEST_META: u64 = 64 << 10;

/// What was put in quarantine lately, before the catalog knows of it.
#[derive(Default)]
pub(crate) struct Aside {
    recent: HashMap<Sha256Digest, Locator>,
}

/// A file and all that is needed to put it somewhere.
struct Arrival<'a> {
    inner: &'a Inner,
    body: Body,
    length: u64,
    digest: Sha256Digest,
    source: Source,
}

pub(crate) async fn place(
    mut incoming: Incoming,
    digest: Sha256Digest,
    source: Source,
) -> Result<Outcome, IntakeError> {
    let examined = examine(&mut incoming.body, incoming.length).await?;
    let announced = std::mem::take(&mut incoming.announced);
    let examined = examined.and_then(|examined| as_announced(examined, announced));
    let study = incoming.study.take();
    let other = study.is_some_and(|study| examined.as_ref().is_ok_and(|e| e.identity.study != study));
    let strangers = incoming.strangers;
    let Incoming { ref intake, body, length, .. } = incoming;
    let arrival = Arrival { inner: &intake.inner, body, length, digest, source };
    match examined {
        Ok(examined) if other => {
            arrival.let_go(Reason::OtherStudy).await?;
            Ok(Outcome::OtherStudy(examined.identity))
        }
        Ok(examined) => arrival.settle(examined).await,
        Err(refused) if is_let_go(refused.reason, strangers) => arrival.let_go(refused.reason).await,
        Err(refused) => arrival.set_aside(refused).await,
    }
}

fn is_let_go(reason: Reason, strangers: Strangers) -> bool {
    reason == Reason::Dicomdir || (reason == Reason::NotDicom && strangers == Strangers::Refuse)
}

/// Holds the instance against the name in the request.
fn as_announced(examined: Examined, announced: Announced) -> Result<Examined, Refused> {
    let (reason, detail) = match announced {
        Announced::Instance(announced) if announced != examined.identity.instance => {
            (Reason::UidMismatch, "the request names another SOP instance than the data set".into())
        }
        Announced::Unusable(detail) => (Reason::InvalidUid, detail),
        _ => return Ok(examined),
    };
    let Identity { sop_class, instance, .. } = examined.identity;
    Err(Refused { reason, detail, sop_class: Some(sop_class), instance: Some(instance) })
}

impl Arrival<'_> {
    async fn let_go(self, reason: Reason) -> Result<Outcome, IntakeError> {
        if let Body::Disk(entry) = self.body {
            entry.abort().await;
        }
        Ok(Outcome::NotKept(reason))
    }

    /// Compares an instance with what is held under its name, and stores it if it is new.
    async fn settle(mut self, examined: Examined) -> Result<Outcome, IntakeError> {
        let Examined { identity, data_set_at, header } = examined;
        let known = &*self.inner.known;
        let turn = self.inner.remembered.turn(known, &identity.series, &identity.instance).await?;
        let held = turn.held();
        if let Some(Held { locator, beside, .. }) = self.held_already(&held, &identity, data_set_at).await? {
            let placed = Placed { identity, digest: self.digest, locator };
            self.let_go(Reason::Empty).await?;
            // A conflict stays one however often it is sent: its sender is told each time.
            return Ok(if beside { Outcome::Conflict(placed) } else { Outcome::AlreadyHeld(placed) });
        }
        let conflict = !held.is_empty();
        let head = instance_head(&identity, self.digest, self.source.clone(), conflict);
        let digest = self.digest;
        let locator = self.store(&turn, head, header, conflict).await?;
        let placed = Placed { identity, digest, locator };
        Ok(if conflict { Outcome::Conflict(placed) } else { Outcome::Stored(placed) })
    }

    async fn store(
        self,
        turn: &Turn,
        head: NewEntryHead,
        header: Option<Arc<Header>>,
        beside: bool,
    ) -> Result<Locator, IntakeError> {
        let digest = self.digest;
        let appended = append(&*self.inner.shelf, self.body, head, header).await?;
        turn.add(Held { digest, locator: appended.locator.clone(), beside });
        Ok(appended.locator)
    }

    /// The same file, or a file with the same data set, that is held.
    async fn held_already(
        &mut self,
        held: &[Held],
        identity: &Identity,
        data_set_at: u64,
    ) -> Result<Option<Held>, ShelfError> {
        if let Some(same) = held.iter().find(|held| held.digest == self.digest) {
            return Ok(Some(same.clone()));
        }
        for held in held {
            if self.same_data_set(&held.locator, identity, data_set_at).await? {
                return Ok(Some(held.clone()));
            }
        }
        Ok(None)
    }

    /// Whether a held file differs in its group 2 alone. Senders write their own, so the same
    /// instance that comes by two ways differs there.
    async fn same_data_set(
        &mut self,
        held: &Locator,
        identity: &Identity,
        data_set_at: u64,
    ) -> Result<bool, ShelfError> {
        let first = self.inner.shelf.read(held, 0..LONGEST_META.min(held.length)).await?;
        let Ok(part10) = open_file(&first) else { return Ok(false) };
        let rest = self.length - data_set_at;
        if held.length.checked_sub(part10.data_set_at) != Some(rest)
            || part10.transfer_syntax.uid() != identity.transfer_syntax.as_str()
        {
            return Ok(false);
        }
        let mut done = 0;
        while done < rest {
            let size = COMPARED_AT_ONCE.min(rest - done);
            let at = part10.data_set_at + done;
            let theirs = self.inner.shelf.read(held, at..at + size).await?;
            let ours = self.body.read(data_set_at + done, size as usize).await?;
            if ours != theirs || ours.len() as u64 != size {
                return Ok(false);
            }
            done += size;
        }
        Ok(true)
    }

    /// Puts a file in quarantine, once.
    async fn set_aside(self, refused: Refused) -> Result<Outcome, IntakeError> {
        let digest = self.digest;
        // One at a time: quarantine is rare, and two senders of the same file must not fill it.
        let mut aside = self.inner.aside.lock().await;
        let held = match aside.recent.get(&digest) {
            Some(locator) => Some(locator.clone()),
            None => self.inner.known.quarantined(&digest).await?,
        };
        let locator = match held {
            Some(locator) => locator,
            None => {
                let head = quarantine_head(&refused, digest, self.source);
                append(&*self.inner.shelf, self.body, head, None).await?.locator
            }
        };
        aside.remember(digest, &locator);
        Ok(Outcome::Quarantined(quarantined(refused, digest, locator)))
    }
}

fn quarantined(refused: Refused, digest: Sha256Digest, locator: Locator) -> Quarantined {
    let Refused { reason, detail, sop_class, instance } = refused;
    Quarantined { id: quarantine_id(&digest), reason, detail, sop_class, instance, digest, locator }
}

impl Aside {
    /// The catalog knows the older ones by the time this is full.
    fn remember(&mut self, digest: Sha256Digest, locator: &Locator) {
        if self.recent.len() >= 10_000 {
            self.recent.clear();
        }
        self.recent.insert(digest, locator.clone());
    }

    pub(crate) fn forget(&mut self, digest: &Sha256Digest) {
        self.recent.remove(digest);
    }
}

/// Makes a body durable under a head.
pub(crate) async fn append(
    shelf: &dyn Shelf,
    body: Body,
    head: NewEntryHead,
    header: Option<Arc<Header>>,
) -> Result<Appended, ShelfError> {
    match body {
        Body::Memory(content) => shelf.append(entry(head, content, header)).await,
        Body::Disk(large) => large.finish(head).await,
    }
}

fn entry(head: NewEntryHead, content: Vec<Bytes>, header: Option<Arc<Header>>) -> NewEntry {
    let NewEntryHead { kind, name, digest, source, details } = head;
    NewEntry { kind, name, digest, source, details, content, header }
}

/// The id of quarantined bytes.
pub(crate) fn quarantine_id(digest: &Sha256Digest) -> String {
    digest.to_hex()[..32].into()
}

fn instance_head(identity: &Identity, digest: Sha256Digest, source: Source, conflict: bool) -> NewEntryHead {
    let Identity { study, series, instance, sop_class, transfer_syntax } = identity;
    let mut details = Map::new();
    for (key, uid) in [
        ("studyInstanceUid", study.as_str()),
        ("seriesInstanceUid", series.as_str()),
        ("sopInstanceUid", instance.as_str()),
        ("sopClassUid", sop_class.as_str()),
        ("transferSyntaxUid", transfer_syntax.as_str()),
    ] {
        details.insert(key.into(), uid.into());
    }
    let mut name = format!("{study}/{series}/{instance}.dcm");
    if conflict {
        details.insert("conflict".into(), Value::Bool(true));
        name = format!("{study}/{series}/{instance}~{}.dcm", &digest.to_hex()[..12]);
    }
    NewEntryHead { kind: Kind::Instance, name, digest, source, details }
}

fn quarantine_head(refused: &Refused, digest: Sha256Digest, source: Source) -> NewEntryHead {
    let id = quarantine_id(&digest);
    let name = format!("quarantine/{id}");
    let mut details = Map::new();
    details.insert("id".into(), id.into());
    details.insert("reason".into(), refused.reason.as_str().into());
    details.insert("detail".into(), refused.detail.as_str().into());
    if let Some(uid) = &refused.sop_class {
        details.insert("sopClassUid".into(), uid.as_str().into());
    }
    if let Some(uid) = &refused.instance {
        details.insert("sopInstanceUid".into(), uid.as_str().into());
    }
    NewEntryHead { kind: Kind::Quarantine, name, digest, source, details }
}
