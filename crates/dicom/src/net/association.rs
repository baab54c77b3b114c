//! An established association: messages in and out, for either side.
//! Data sets are handed over fragment by fragment as they arrive, so memory stays bounded by the
//! longest PDU, and are sent from slices without joining them.

use super::dimse::{Command, Field};
use super::negotiate::Context;
use super::pdu::{Abort, PDU_HEADER, PDV_HEADER, Pdu, Pdv, Pdvs, WireTitle, kind};
use super::wire::{NetError, Timeouts, Wire};
use bytes::{Bytes, BytesMut};
use std::io::IoSlice;
use tokio::io::{AsyncRead, AsyncWrite};

/// Longest command set taken, in bytes.
const COMMAND_LIMIT: usize = 64 << 10;

/// Longest P-DATA-TF body we send, in bytes, even if the peer sets no limit.
const SEND_LIMIT: usize = 128 << 10;

/// Data sets up to this size are joined with their command in one write.
const JOINED: usize = 64 << 10;

/// Bytes given to the system in one write of a long data set.
const BATCH: usize = 1 << 20;

const HEADERS: usize = PDU_HEADER + PDV_HEADER;

/// What the peer said about itself.
#[derive(Debug, Clone)]
pub struct Peer {
    /// The called AE title.
    pub called: WireTitle,
    /// The calling AE title.
    pub calling: WireTitle,
    /// The longest P-DATA-TF body it takes; 0 is no limit.
    pub max_length: u32,
    /// Its implementation.
    pub implementation: String,
}

/// A command that arrived. Its data set, if it has one, is read by [`Association::fragment`].
#[derive(Debug, Clone)]
pub struct Message {
    /// The presentation context's id.
    pub context: u8,
    /// The command set.
    pub command: Command,
}

/// What happened on an association.
#[derive(Debug)]
pub enum Event {
    /// A message began.
    Message(Message),
    /// The peer released the association; it has been agreed to and the connection is closed.
    Released,
    /// The peer closed the connection without a word.
    Closed,
}

enum Step {
    Pdv(Pdv),
    ReleaseRq,
    ReleaseRp,
    Closed,
}

#[derive(Debug)]
enum Arrival {
    Message(Message),
    ReleaseRq,
    ReleaseRp,
    Closed,
}

/// An established association.
#[derive(Debug)]
pub struct Association<S> {
    wire: Wire<S>,
    contexts: Vec<Context>,
    peer: Peer,
    timeouts: Timeouts,
    pdvs: Pdvs,
    command: Option<(u8, BytesMut)>,
    data_set_of: Option<u8>,
    arrived: Option<Arrival>,
    message_id: u16,
    output: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Association<S> {
    pub(super) fn new(wire: Wire<S>, contexts: Vec<Context>, peer: Peer, timeouts: Timeouts) -> Self {
        Self {
            wire,
            contexts,
            peer,
            timeouts,
            pdvs: Pdvs::default(),
            command: None,
            data_set_of: None,
            arrived: None,
            message_id: 0,
            output: Vec::new(),
        }
    }

    /// What the peer said about itself.
    pub const fn peer(&self) -> &Peer {
        &self.peer
    }

    /// The stream underneath.
    pub const fn stream(&self) -> &S {
        self.wire.stream()
    }

    /// The presentation contexts agreed on.
    pub fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    /// The context with this id.
    pub fn context(&self, id: u8) -> Option<&Context> {
        self.contexts.iter().find(|context| context.id == id)
    }

    /// The first context for this SOP class.
    pub fn context_for(&self, class: &str) -> Option<&Context> {
        self.contexts.iter().find(|context| context.abstract_syntax == class)
    }

    /// An id for the next request of ours; not 0.
    pub const fn next_message_id(&mut self) -> u16 {
        self.message_id = if self.message_id == u16::MAX { 1 } else { self.message_id + 1 };
        self.message_id
    }

    /// Waits for the next message, skipping what is left of the last one's data set. A release is
    /// agreed to. A peer that breaks the protocol is told so by A-ABORT before the error returns.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn receive(&mut self) -> Result<Event, NetError> {
        self.ready().await?;
        match self.arrived.take() {
            Some(Arrival::Message(message)) => Ok(Event::Message(message)),
            None | Some(Arrival::Closed) => Ok(Event::Closed),
            Some(Arrival::ReleaseRq) => {
                self.wire.send(&Pdu::ReleaseRp, self.timeouts.stall).await?;
                // The peer closes first, normally at once; whether it does, all has been said.
                self.wire.linger(self.timeouts.artim).await;
                Ok(Event::Released)
            }
            Some(Arrival::ReleaseRp) => {
                let unasked = Err(NetError::Protocol("a release was confirmed that nobody asked for"));
                self.or_abort(unasked).await
            }
        }
    }

    /// Waits until [`Association::receive`] has something to say at once. Dropping the future loses
    /// nothing, so other things can be waited for at the same time.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn ready(&mut self) -> Result<(), NetError> {
        if self.arrived.is_none() {
            let arrival = self.arrival().await;
            self.arrived = Some(self.or_abort(arrival).await?);
        }
        Ok(())
    }

    /// Looks, without waiting, whether the peer cancelled this request of its (C-CANCEL) or is
    /// gone. Any other message stays for [`Association::receive`].
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn is_cancelled(&mut self, message_id: u16) -> Result<bool, NetError> {
        if self.arrived.is_none() {
            let looked = tokio::select! {
                biased;
                arrival = self.arrival() => Some(arrival),
                () = std::future::ready(()) => None,
            };
            let Some(arrival) = looked else { return Ok(false) };
            self.arrived = Some(self.or_abort(arrival).await?);
        }
        match &self.arrived {
            Some(Arrival::Message(message)) => {
                let cancel = message.command.field() == Some(Field::CancelRq)
                    && message.command.responded_to() == Some(message_id);
                if cancel {
                    self.arrived = None;
                }
                Ok(cancel)
            }
            gone => Ok(gone.is_some()),
        }
    }

    /// The next part of the last message's data set, `None` when all of it (or none) has come.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn fragment(&mut self) -> Result<Option<Bytes>, NetError> {
        let part = self.next_part().await;
        self.or_abort(part).await
    }

    /// The whole data set of the last message, if it is no longer than `limit`.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn data_set(&mut self, limit: usize) -> Result<Bytes, NetError> {
        let mut whole = BytesMut::new();
        while let Some(part) = self.fragment().await? {
            if whole.len() + part.len() > limit {
                return self.or_abort(Err(NetError::TooLarge { limit })).await;
            }
            whole.extend_from_slice(&part);
        }
        Ok(whole.freeze())
    }

    async fn next_part(&mut self) -> Result<Option<Bytes>, NetError> {
        while let Some(context) = self.data_set_of {
            match self.step(self.timeouts.stall, "the rest of a data set").await? {
                Step::Pdv(pdv) if !pdv.is_command && pdv.context == context => {
                    if pdv.is_last {
                        self.data_set_of = None;
                    }
                    if !pdv.data.is_empty() {
                        return Ok(Some(pdv.data));
                    }
                }
                Step::Closed => return Err(NetError::Closed("inside a data set")),
                _ => return Err(NetError::Protocol("something else came inside a data set")),
            }
        }
        Ok(None)
    }

    /// The next message or end. Dropping the future loses nothing.
    async fn arrival(&mut self) -> Result<Arrival, NetError> {
        loop {
            let inside = self.command.is_some() || self.data_set_of.is_some();
            let (within, due) = if inside {
                (self.timeouts.stall, "the rest of a message")
            } else {
                (self.timeouts.idle, "a message")
            };
            match self.step(within, due).await? {
                Step::Pdv(pdv) if pdv.is_command => {
                    if let Some(message) = self.add_to_command(pdv)? {
                        return Ok(Arrival::Message(message));
                    }
                }
                Step::Pdv(pdv) => self.skip(&pdv)?,
                _ if inside => return Err(NetError::Closed("inside a message")),
                Step::ReleaseRq => return Ok(Arrival::ReleaseRq),
                Step::ReleaseRp => return Ok(Arrival::ReleaseRp),
                Step::Closed => return Ok(Arrival::Closed),
            }
        }
    }

    fn skip(&mut self, pdv: &Pdv) -> Result<(), NetError> {
        if self.data_set_of != Some(pdv.context) {
            return Err(NetError::Protocol("a data set came without a command"));
        }
        if pdv.is_last {
            self.data_set_of = None;
        }
        Ok(())
    }

    fn add_to_command(&mut self, pdv: Pdv) -> Result<Option<Message>, NetError> {
        if self.data_set_of.is_some() {
            return Err(NetError::Protocol("a command came inside a data set"));
        }
        if self.context(pdv.context).is_none() {
            return Err(NetError::Protocol("a message came in a context that was not accepted"));
        }
        let whole = match self.command.take() {
            None if pdv.is_last => pdv.data,
            begun => {
                let (context, mut bytes) = begun.unwrap_or((pdv.context, BytesMut::new()));
                if context != pdv.context {
                    return Err(NetError::Protocol("a command is spread over two contexts"));
                }
                if bytes.len() + pdv.data.len() > COMMAND_LIMIT {
                    return Err(NetError::TooLarge { limit: COMMAND_LIMIT });
                }
                bytes.extend_from_slice(&pdv.data);
                if !pdv.is_last {
                    self.command = Some((context, bytes));
                    return Ok(None);
                }
                bytes.freeze()
            }
        };
        let command =
            Command::decode(whole).map_err(|_| NetError::Protocol("a command set can't be read"))?;
        self.data_set_of = command.has_data_set().then_some(pdv.context);
        Ok(Some(Message { context: pdv.context, command }))
    }

    async fn step(&mut self, within: std::time::Duration, due: &'static str) -> Result<Step, NetError> {
        loop {
            if let Some(pdv) = self.pdvs.next_pdv()? {
                return Ok(Step::Pdv(pdv));
            }
            let Some(frame) = self.wire.frame(within, due).await? else { return Ok(Step::Closed) };
            match frame.decode()? {
                Pdu::Data(body) => self.pdvs = Pdvs::new(body),
                Pdu::ReleaseRq => return Ok(Step::ReleaseRq),
                Pdu::ReleaseRp => return Ok(Step::ReleaseRp),
                Pdu::Abort(abort) => return Err(NetError::Aborted(abort)),
                _ => return Err(NetError::Protocol("a PDU came that has no place here")),
            }
        }
    }

    async fn or_abort<T>(&mut self, result: Result<T, NetError>) -> Result<T, NetError> {
        if let Some(abort) = result.as_ref().err().and_then(NetError::abort) {
            self.wire.abort(abort).await;
        }
        result
    }

    /// Sends a message without a data set, in one write.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn send(&mut self, context: u8, command: &Command) -> Result<(), NetError> {
        self.put_command(context, command);
        self.flush_output().await
    }

    /// Sends a message with a data set given in parts; a short one in one write.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn send_with(
        &mut self,
        context: u8,
        mut command: Command,
        data_set: &[Bytes],
    ) -> Result<(), NetError> {
        command.announce_data_set();
        self.put_command(context, &command);
        let length: usize = data_set.iter().map(Bytes::len).sum();
        if length > JOINED {
            self.flush_output().await?;
            return self.send_part(context, data_set, true).await;
        }
        match data_set {
            [one] => self.put_fragments(context, one, 0),
            parts => self.put_fragments(context, &parts.concat(), 0),
        }
        self.flush_output().await
    }

    /// Puts a message with a short data set behind others that wait for [`Association::flush`], so
    /// that many answers go out in one write. Gives the number of bytes waiting.
    pub fn queue_with(&mut self, context: u8, mut command: Command, data_set: &[u8]) -> usize {
        command.announce_data_set();
        self.put_command(context, &command);
        self.put_fragments(context, data_set, 0);
        self.output.len()
    }

    /// Sends what waits.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn flush(&mut self) -> Result<(), NetError> {
        if self.output.is_empty() { Ok(()) } else { self.flush_output().await }
    }

    /// Begins a message whose data set follows by [`Association::send_part`].
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn begin_with(&mut self, context: u8, mut command: Command) -> Result<(), NetError> {
        command.announce_data_set();
        self.put_command(context, &command);
        self.flush_output().await
    }

    /// Sends a part of a data set, given in slices; `is_last` ends it.
    ///
    /// # Errors
    /// [`NetError`]; the association is over.
    pub async fn send_part(&mut self, context: u8, slices: &[Bytes], is_last: bool) -> Result<(), NetError> {
        let fragment = self.fragment_limit();
        let per_batch = (BATCH / fragment).max(1) * fragment;
        let mut rest = slices.to_vec();
        loop {
            let batch = split_front(&mut rest, per_batch);
            let done = rest.is_empty();
            let headers = headers(context, total(&batch), fragment, done && is_last);
            let mut slices = interleave(&headers, &batch, fragment);
            self.wire.write_slices(&mut slices, self.timeouts.stall).await?;
            if done {
                return Ok(());
            }
        }
    }

    /// Bytes of data a PDU of ours may carry: even, as fragments must be (PS3.8 §E.1).
    fn fragment_limit(&self) -> usize {
        let limit = match self.peer.max_length as usize {
            0 => SEND_LIMIT,
            limit => limit.min(SEND_LIMIT),
        };
        (limit.saturating_sub(PDV_HEADER) & !1).max(2)
    }

    fn put_command(&mut self, context: u8, command: &Command) {
        let mut bytes = Vec::with_capacity(256);
        command.encode(&mut bytes);
        self.put_fragments(context, &bytes, 1);
    }

    fn put_fragments(&mut self, context: u8, data: &[u8], control: u8) {
        let fragment = self.fragment_limit();
        let count = data.len().div_ceil(fragment).max(1);
        for at in 0..count {
            let part = &data[at * fragment..data.len().min((at + 1) * fragment)];
            let last = if at + 1 == count { 2 } else { 0 };
            self.output.extend_from_slice(&header(context, part.len(), control | last));
            self.output.extend_from_slice(part);
        }
    }

    async fn flush_output(&mut self) -> Result<(), NetError> {
        let written = self.wire.write(&self.output, self.timeouts.stall).await;
        self.output.clear();
        written
    }

    /// Ends the association in order (A-RELEASE).
    ///
    /// # Errors
    /// [`NetError`] when the peer doesn't agree in time; the association is over in any case.
    pub async fn release(mut self) -> Result<(), NetError> {
        self.wire.send(&Pdu::ReleaseRq, self.timeouts.stall).await?;
        loop {
            match self.step(self.timeouts.artim, "the release to be confirmed").await? {
                Step::Pdv(_) => {}
                Step::ReleaseRq => self.wire.send(&Pdu::ReleaseRp, self.timeouts.stall).await?,
                Step::ReleaseRp => {
                    let _ = self.wire.close(std::time::Duration::from_secs(1)).await;
                    return Ok(());
                }
                Step::Closed => return Ok(()),
            }
        }
    }

    /// Ends the association at once (A-ABORT).
    pub async fn abort(mut self, abort: Abort) {
        self.wire.abort(abort).await;
    }
}

fn total(slices: &[Bytes]) -> usize {
    slices.iter().map(Bytes::len).sum()
}

/// Takes up to `limit` bytes off the front.
fn split_front(rest: &mut Vec<Bytes>, limit: usize) -> Vec<Bytes> {
    let mut front = Vec::new();
    let mut room = limit;
    let mut used = 0;
    for slice in rest.iter_mut() {
        if slice.len() > room {
            front.push(slice.split_to(room));
            break;
        }
        room -= slice.len();
        used += 1;
        front.push(slice.clone());
    }
    rest.drain(..used);
    front
}

fn header(context: u8, length: usize, control: u8) -> [u8; HEADERS] {
    let pdv = (length + 2) as u32;
    let pdu = (length + PDV_HEADER) as u32;
    let [p0, p1, p2, p3] = pdu.to_be_bytes();
    let [v0, v1, v2, v3] = pdv.to_be_bytes();
    [kind::DATA, 0, p0, p1, p2, p3, v0, v1, v2, v3, context, control]
}

/// A header for each fragment of a data set's part.
fn headers(context: u8, length: usize, fragment: usize, ends: bool) -> Vec<[u8; HEADERS]> {
    let count = length.div_ceil(fragment).max(1);
    let of = |at: usize| {
        let size = fragment.min(length - at * fragment);
        let control = if ends && at + 1 == count { 2 } else { 0 };
        header(context, size, control)
    };
    (0..count).map(of).collect()
}

/// Headers and data in the order they go out.
fn interleave<'a>(headers: &'a [[u8; HEADERS]], data: &'a [Bytes], fragment: usize) -> Vec<IoSlice<'a>> {
    let mut out = Vec::with_capacity(headers.len() * 2 + data.len());
    let mut parts = data.iter().map(|bytes| &bytes[..]);
    let mut rest: &[u8] = &[];
    for header in headers {
        out.push(IoSlice::new(header));
        let mut room = fragment;
        while room > 0 {
            if rest.is_empty() {
                match parts.next() {
                    Some(next) => rest = next,
                    None => break,
                }
            }
            let (now, later) = rest.split_at(room.min(rest.len()));
            if !now.is_empty() {
                out.push(IoSlice::new(now));
            }
            room -= now.len();
            rest = later;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn fragments_carry_all_bytes_and_end_once(
            lengths in proptest::collection::vec(0usize..50, 0..6), fragment in 1usize..40,
        ) {
            let mut next = 0u8;
            let data: Vec<Bytes> = lengths.iter().map(|&n| (0..n).map(|_| { next = next.wrapping_add(1); next }).collect()).collect();
            let headers = headers(3, total(&data), fragment, true);
            let sent: Vec<u8> = interleave(&headers, &data, fragment).iter().flat_map(|s| s.to_vec()).collect();
            let mut rest = &sent[..];
            let (mut got, mut ends) = (Vec::new(), 0);
            while !rest.is_empty() {
                let length = u32::from_be_bytes(rest[2..6].try_into().unwrap()) as usize;
                let mut pdvs = Pdvs::new(Bytes::copy_from_slice(&rest[6..6 + length]));
                while let Some(pdv) = pdvs.next_pdv().unwrap() {
                    prop_assert!(pdv.data.len() <= fragment);
                    ends += usize::from(pdv.is_last);
                    got.extend_from_slice(&pdv.data);
                }
                rest = &rest[6 + length..];
            }
            prop_assert_eq!(ends, 1);
            prop_assert_eq!(got, data.concat());
        }

        #[test]
        fn a_front_is_split_off_exactly(lengths in proptest::collection::vec(0usize..50, 0..6), limit in 1usize..99) {
            let mut rest: Vec<Bytes> = lengths.iter().map(|&n| Bytes::from(vec![7; n])).collect();
            let all = total(&rest);
            let front = split_front(&mut rest, limit);
            prop_assert_eq!(total(&front), all.min(limit));
            prop_assert_eq!(total(&front) + total(&rest), all);
        }
    }
}
