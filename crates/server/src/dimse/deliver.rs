//! Sending what is held: the sub-operations of C-MOVE and C-GET, and sending on our own account.
//! An instance goes as it is kept where the peer takes that, decoded or re-encoded without loss
//! where it doesn't.

use super::stream::Stream;
use bytes::Bytes;
use catalog::Located;
use dicom::net::dimse::{Command, Field, Status, StatusClass, element};
use dicom::net::sop_class::{EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN};
use dicom::net::{Association, Event, NetError};
use dicom::pixel::{Limits, transcode};
use futures::StreamExt as _;
use model::AeTitle;
use std::sync::Arc;
use view::{Files, announced};

/// Files up to this size are read whole; longer ones are streamed.
const WHOLE: u64 = 16 << 20;

/// Bytes and files read from the archive at a time.
const BATCH_BYTES: u64 = 1 << 20;
const BATCH_FILES: usize = 64;

/// What became of one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivered {
    /// The peer has it.
    Done,
    /// The peer has it and said something about it.
    Warned,
    /// The peer doesn't have it, and why.
    Failed(&'static str),
}

/// Which of an association's contexts carry our instances.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// We called the peer.
    ToPeer,
    /// Back to the caller, during its C-GET of this message id.
    Back(u16),
}

/// Sends instances over an association.
pub(crate) struct Delivery<'a> {
    files: &'a Arc<dyn Files>,
    association: &'a mut Association<Stream>,
    way: Way,
    originator: Option<(AeTitle, u16)>,
    cancelled: bool,
}

impl<'a> Delivery<'a> {
    pub(crate) const fn new(
        files: &'a Arc<dyn Files>,
        association: &'a mut Association<Stream>,
        way: Way,
        originator: Option<(AeTitle, u16)>,
    ) -> Self {
        Self { files, association, way, originator, cancelled: false }
    }

    /// Whether the peer cancelled the C-GET that this is part of.
    pub(crate) const fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// Sends one instance. `file` is its whole file, or `None` to stream it.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub(crate) async fn deliver(
        &mut self,
        located: &Located,
        file: Option<Bytes>,
    ) -> Result<Delivered, NetError> {
        let accepted = self.accepted(&located.sop_class);
        if accepted.is_empty() {
            return Ok(Delivered::Failed("the peer does not take its SOP class"));
        }
        let same = accepted.iter().find(|(_, syntax)| *syntax == located.transfer_syntax);
        match (same, file) {
            (Some((context, _)), Some(file)) => {
                let from = usize::try_from(located.data_set_at).unwrap_or(usize::MAX).min(file.len());
                self.send(*context, located, file.slice(from..)).await
            }
            (Some((context, _)), None) => self.stream(*context, located).await,
            (None, file) => self.send_transcoded(&accepted, located, file).await,
        }
    }

    /// (context, transfer syntax) the peer takes for a SOP class.
    fn accepted(&self, class: &str) -> Vec<(u8, String)> {
        let of_class = self.association.contexts().iter().filter(|context| {
            let role = match self.way {
                Way::ToPeer => context.requestor_is_scu,
                Way::Back(_) => context.requestor_is_scp,
            };
            role && context.abstract_syntax == class
        });
        of_class.map(|context| (context.id, context.transfer_syntax.clone())).collect()
    }

    async fn send(&mut self, context: u8, located: &Located, data_set: Bytes) -> Result<Delivered, NetError> {
        let (id, command) = self.request(located);
        self.association.send_with(context, command, &[data_set]).await?;
        self.response(id).await
    }

    async fn stream(&mut self, context: u8, located: &Located) -> Result<Delivered, NetError> {
        let range = located.data_set_at..located.locator.length;
        let mut parts = self.files.stream(&located.locator, range);
        let Some(Ok(mut held)) = parts.next().await else { return Ok(UNREADABLE) };
        let (id, command) = self.request(located);
        self.association.begin_with(context, command).await?;
        while let Some(part) = parts.next().await {
            let Ok(part) = part else {
                // The data set has begun and can't be taken back.
                return Err(NetError::Closed("because an instance could not be read to its end"));
            };
            let ready = std::mem::replace(&mut held, part);
            self.association.send_part(context, &[ready], false).await?;
        }
        self.association.send_part(context, &[held], true).await?;
        self.response(id).await
    }

    async fn send_transcoded(
        &mut self,
        accepted: &[(u8, String)],
        located: &Located,
        file: Option<Bytes>,
    ) -> Result<Delivered, NetError> {
        let file = match file {
            Some(file) => file,
            None => match self.files.read_all(&located.locator).await {
                Ok(file) => file,
                Err(_) => return Ok(UNREADABLE),
            },
        };
        for (context, syntax) in by_preference(accepted) {
            let (file, to) = (file.clone(), syntax.clone());
            let transcoded = tokio::task::spawn_blocking(move || transcode(&file, &to, &Limits::default()));
            let Ok(Ok(bytes)) = transcoded.await else { continue };
            let Ok(part10) = dicom::open_file(&bytes) else { continue };
            let from = usize::try_from(part10.data_set_at).unwrap_or(0);
            return self.send(*context, located, bytes.slice(from..)).await;
        }
        Ok(Delivered::Failed("it can't be sent in any transfer syntax the peer takes"))
    }

    fn request(&mut self, located: &Located) -> (u16, Command) {
        let id = self.association.next_message_id();
        let mut command = Command::request(Field::StoreRq, id, &located.sop_class);
        command.put_u16(element::PRIORITY, 0);
        command.put_uid(element::AFFECTED_SOP_INSTANCE, &located.sop);
        if let Some((title, message_id)) = &self.originator {
            command.put_text(element::MOVE_ORIGINATOR, title.as_str());
            command.put_u16(element::MOVE_ORIGINATOR_ID, *message_id);
        }
        (id, command)
    }

    async fn response(&mut self, id: u16) -> Result<Delivered, NetError> {
        loop {
            let message = match self.association.receive().await? {
                Event::Message(message) => message,
                Event::Released | Event::Closed => {
                    return Err(NetError::Closed("in the middle of a transfer"));
                }
            };
            let command = &message.command;
            if command.field() == Some(Field::StoreRsp) && command.responded_to() == Some(id) {
                return Ok(judge(command.status()));
            }
            match (command.field(), self.way) {
                (Some(Field::CancelRq), Way::Back(get)) => {
                    self.cancelled |= command.responded_to() == Some(get);
                }
                _ => return Err(NetError::Protocol("a message came that answers nothing")),
            }
        }
    }
}

const UNREADABLE: Delivered = Delivered::Failed("it can't be read from the archive");

fn judge(status: Option<Status>) -> Delivered {
    match status.map(Status::class) {
        Some(StatusClass::Success) => Delivered::Done,
        Some(StatusClass::Warning) => Delivered::Warned,
        _ => Delivered::Failed("the peer did not store it"),
    }
}

/// Uncompressed first: every peer can read it.
fn by_preference(accepted: &[(u8, String)]) -> Vec<&(u8, String)> {
    let rank = |syntax: &str| match syntax {
        EXPLICIT_LITTLE_ENDIAN => 0,
        IMPLICIT_LITTLE_ENDIAN => 1,
        _ => 2,
    };
    let mut ordered: Vec<_> = accepted.iter().collect();
    ordered.sort_by_key(|(_, syntax)| rank(syntax));
    ordered
}

/// Instances with their files, in order, read a batch ahead. Long files come as `None`, to be
/// streamed; files that can't be read come as an error.
pub(crate) fn read_ahead(
    files: Arc<dyn Files>,
    located: Vec<Located>,
) -> impl futures::Stream<Item = (Located, Result<Option<Bytes>, ()>)> + Send {
    let groups = announced(Arc::clone(&files), located, |one| &one.locator);
    let read = move |batch: Vec<Located>| read_batch(Arc::clone(&files), batch);
    let batches = groups.flat_map(|group| futures::stream::iter(batches(group)));
    batches.map(read).buffered(2).flat_map(futures::stream::iter)
}

fn batches(located: Vec<Located>) -> Vec<Vec<Located>> {
    let mut batches: Vec<Vec<Located>> = Vec::new();
    let mut bytes = u64::MAX;
    for one in located {
        let length = one.locator.length;
        match batches.last_mut() {
            Some(batch) if batch.len() < BATCH_FILES && bytes.saturating_add(length) <= BATCH_BYTES => {
                bytes += length;
                batch.push(one);
            }
            _ => {
                bytes = length;
                batches.push(vec![one]);
            }
        }
    }
    batches
}

async fn read_batch(from: Arc<dyn Files>, batch: Vec<Located>) -> Vec<(Located, Result<Option<Bytes>, ()>)> {
    if let [one] = batch.as_slice()
        && one.locator.length > WHOLE
    {
        return batch.into_iter().map(|one| (one, Ok(None))).collect();
    }
    let wanted: Vec<_> = batch.iter().map(|one| (one.locator.clone(), 0..one.locator.length)).collect();
    if let Ok(files) = from.read_many(&wanted).await {
        return batch.into_iter().zip(files).map(|(one, file)| (one, Ok(Some(file)))).collect();
    }
    // One damaged file must not take its neighbours along.
    let mut read = Vec::with_capacity(batch.len());
    for one in batch {
        let file = from.read_all(&one.locator).await;
        if let Err(error) = &file {
            tracing::error!(sop_instance.uid = %one.sop, %error, "an instance can't be read");
        }
        read.push((one, file.map(Some).map_err(drop)));
    }
    read
}
