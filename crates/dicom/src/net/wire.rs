//! PDUs on a stream: framing with bounded memory and time.

use super::pdu::{Abort, PDU_HEADER, Pdu, PduError, decode, encode, kind};
use super::spare::SPARE;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Longest A-ASSOCIATE PDU read, in bytes: 128 contexts of 60 transfer syntaxes fit.
const ASSOCIATE_LIMIT: u32 = 1 << 20;

/// Longest body of the PDUs that have four bytes.
const SHORT_LIMIT: u32 = 64;

/// Bytes asked for in one read when nothing tells how much is to come.
const READ_AHEAD: usize = 64 << 10;

/// Buffers are whole pages long, so that those of one connection fit another.
const PAGE: usize = 4 << 10;

/// How long to wait for a peer.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// ARTIM (PS3.8 §9.1.4): for a request after connecting, and for the connection's end.
    pub artim: Duration,
    /// Between messages.
    pub idle: Duration,
    /// For the rest of a message that has begun, for answers, and for writes to get through.
    pub stall: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            artim: Duration::from_secs(30),
            idle: Duration::from_secs(600),
            stall: Duration::from_secs(60),
        }
    }
}

/// Why an association can't go on.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The connection failed.
    #[error("the connection failed")]
    Io(#[from] std::io::Error),
    /// The peer was silent for too long.
    #[error("the peer was silent for {} s while waiting for {waiting_for}", after.as_secs())]
    Timeout {
        /// What was due.
        waiting_for: &'static str,
        /// How long it was waited for.
        after: Duration,
    },
    /// The connection ended in the middle of something.
    #[error("the peer closed the connection {0}")]
    Closed(&'static str),
    /// The peer sent A-ABORT.
    #[error("{0}")]
    Aborted(Abort),
    /// The peer's bytes are not a PDU.
    #[error("the peer broke the protocol")]
    Pdu(#[from] PduError),
    /// The PDU or message has no place here.
    #[error("the peer broke the protocol: {0}")]
    Protocol(&'static str),
    /// A message is longer than we take into memory.
    #[error("a message has more than the {limit} bytes allowed")]
    TooLarge {
        /// Bytes allowed.
        limit: usize,
    },
}

impl NetError {
    /// What to tell the peer, if it is still there and doesn't know.
    #[must_use]
    pub const fn abort(&self) -> Option<Abort> {
        match self {
            Self::Io(_) | Self::Closed(_) | Self::Aborted(_) => None,
            Self::Timeout { .. } => Some(Abort::NOT_SPECIFIED),
            Self::Pdu(error) => Some(error.abort()),
            Self::Protocol(_) => Some(Abort::UNEXPECTED_PDU),
            Self::TooLarge { .. } => Some(Abort::BY_USER),
        }
    }
}

/// A PDU not yet read further than its header.
#[derive(Debug)]
pub struct Frame {
    /// Its kind.
    pub kind: u8,
    /// Its body.
    pub body: Bytes,
}

impl Frame {
    /// Reads the body.
    ///
    /// # Errors
    /// [`PduError`] when it isn't what its kind says.
    pub fn decode(self) -> Result<Pdu, PduError> {
        decode(self.kind, self.body)
    }
}

/// A stream of PDUs.
#[derive(Debug)]
pub struct Wire<S> {
    stream: S,
    input: BytesMut,
    /// Bytes that `input` had room for when it was empty.
    size: usize,
    data_limit: u32,
    /// Bytes of the longest PDU so far: another one like it is likely to come.
    longest: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Wire<S> {
    /// PDUs on this stream; P-DATA-TF bodies of up to `data_limit` bytes are read.
    pub fn new(stream: S, data_limit: u32) -> Self {
        Self { stream, input: BytesMut::new(), size: 0, data_limit, longest: 0 }
    }

    /// The stream underneath.
    pub const fn stream(&self) -> &S {
        &self.stream
    }

    /// Waits for the next PDU; `None` when the connection ended between two.
    /// Dropping the future loses nothing: what has arrived stays buffered.
    ///
    /// # Errors
    /// [`NetError`] when time is up, the connection fails, or it isn't a PDU.
    pub async fn frame(
        &mut self,
        within: Duration,
        waiting_for: &'static str,
    ) -> Result<Option<Frame>, NetError> {
        loop {
            if let Some(frame) = self.buffered()? {
                return Ok(Some(frame));
            }
            let most = self.most();
            let mut input = (&mut self.input).limit(most);
            let read = tokio::time::timeout(within, self.stream.read_buf(&mut input));
            let read = read.await.map_err(|_| NetError::Timeout { waiting_for, after: within })??;
            if read == 0 {
                return if self.input.is_empty() { Ok(None) } else { Err(NetError::Closed("inside a PDU")) };
            }
        }
    }

    /// Takes a whole PDU out of the buffer, or makes room for the rest of it.
    fn buffered(&mut self) -> Result<Option<Frame>, PduError> {
        let Some(header) = self.input.first_chunk::<PDU_HEADER>() else {
            self.make_room(PDU_HEADER);
            return Ok(None);
        };
        let [pdu_kind, _, l0, l1, l2, l3] = *header;
        let length = u32::from_be_bytes([l0, l1, l2, l3]);
        self.check(pdu_kind, length)?;
        let whole = PDU_HEADER + length as usize;
        self.longest = self.longest.max(whole);
        if self.input.len() < whole {
            self.make_room(whole - self.input.len());
            return Ok(None);
        }
        self.input.advance(PDU_HEADER);
        Ok(Some(Frame { kind: pdu_kind, body: self.input.split_to(length as usize).freeze() }))
    }

    fn check(&self, pdu_kind: u8, length: u32) -> Result<(), PduError> {
        let limit = match pdu_kind {
            kind::ASSOCIATE_RQ | kind::ASSOCIATE_AC => ASSOCIATE_LIMIT,
            kind::DATA => self.data_limit,
            kind::ASSOCIATE_RJ | kind::RELEASE_RQ | kind::RELEASE_RP | kind::ABORT => SHORT_LIMIT,
            other => return Err(PduError::Kind(other)),
        };
        if length > limit {
            return Err(PduError::TooLong { kind: pdu_kind, length, limit });
        }
        Ok(())
    }

    /// Bytes to read at most. Behind a long PDU only the header of the next: what else came along would have to
    /// move to another buffer, as long PDUs get one each.
    fn most(&self) -> usize {
        match self.input.first_chunk::<PDU_HEADER>() {
            Some([_, _, l0, l1, l2, l3]) => {
                let whole = PDU_HEADER + u32::from_be_bytes([*l0, *l1, *l2, *l3]) as usize;
                if whole > READ_AHEAD { whole + PDU_HEADER - self.input.len() } else { usize::MAX }
            }
            None => usize::MAX,
        }
    }

    /// Room for at least `missing` bytes. Reads into a sliver of room would cost a system call
    /// each, so a buffer nearly used up is given back and another begun, long enough for a whole
    /// PDU: one that must grow on the way would be copied.
    fn make_room(&mut self, missing: usize) {
        let room = self.input.capacity() - self.input.len();
        if room >= missing.max(READ_AHEAD / 4) {
            return;
        }
        let needed = (self.input.len() + missing).max(self.longest).max(READ_AHEAD) + PDU_HEADER;
        let mut next = SPARE.take(needed.next_multiple_of(PAGE));
        next.extend_from_slice(&self.input);
        let size = std::mem::replace(&mut self.size, next.capacity());
        let used = std::mem::replace(&mut self.input, next);
        if size > 0 {
            SPARE.give(size, used);
        }
    }

    /// Writes bytes, all of them.
    ///
    /// # Errors
    /// [`NetError`] when the peer doesn't take them in time or the connection fails.
    pub async fn write(&mut self, bytes: &[u8], within: Duration) -> Result<(), NetError> {
        let stream = &mut self.stream;
        let write = async {
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        in_time(within, write).await
    }

    /// Writes slices in order, without joining them first.
    ///
    /// # Errors
    /// As [`Wire::write`].
    pub async fn write_slices(
        &mut self,
        slices: &mut [std::io::IoSlice<'_>],
        within: Duration,
    ) -> Result<(), NetError> {
        let stream = &mut self.stream;
        let mut rest = slices;
        let write = async {
            while !rest.is_empty() {
                let written = stream.write_vectored(rest).await?;
                if written == 0 {
                    return Err(std::io::ErrorKind::WriteZero.into());
                }
                std::io::IoSlice::advance_slices(&mut rest, written);
            }
            stream.flush().await
        };
        in_time(within, write).await
    }

    /// Encodes and writes one PDU.
    ///
    /// # Errors
    /// As [`Wire::write`].
    pub async fn send(&mut self, pdu: &Pdu, within: Duration) -> Result<(), NetError> {
        let mut bytes = Vec::with_capacity(512);
        encode(pdu, &mut bytes);
        self.write(&bytes, within).await
    }

    /// Tells the peer that the association is over; what can't be told any more is let go.
    pub async fn abort(&mut self, abort: Abort) {
        let _ = self.send(&Pdu::Abort(abort), Duration::from_secs(2)).await;
        self.linger(Duration::from_secs(2)).await;
    }

    /// After the last PDU from us: waits up to `within` for the peer to end the connection, as PS3.8
    /// §9.2.3 has it (Sta13). A peer that finds it ended together with the PDU may not look at the PDU.
    pub async fn linger(&mut self, within: Duration) {
        let _ = self.drain(within).await;
        let _ = self.stream.shutdown().await;
    }

    /// Ends our side, and waits up to `within` for the peer to end its own, so that the last PDU
    /// isn't lost in a reset connection.
    ///
    /// # Errors
    /// When the connection fails; it is over in any case.
    pub async fn close(&mut self, within: Duration) -> std::io::Result<()> {
        self.stream.shutdown().await?;
        self.drain(within).await
    }

    /// Reads until the peer has ended its side.
    async fn drain(&mut self, within: Duration) -> std::io::Result<()> {
        let drain = async {
            let mut sink = [0; 4096];
            // Bounded: a peer that never stops talking is cut off.
            for _ in 0..256 {
                if self.stream.read(&mut sink).await? == 0 {
                    break;
                }
            }
            Ok(())
        };
        tokio::time::timeout(within, drain).await.unwrap_or(Ok(()))
    }
}

async fn in_time(within: Duration, write: impl Future<Output = std::io::Result<()>>) -> Result<(), NetError> {
    match tokio::time::timeout(within, write).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(NetError::Timeout { waiting_for: "the peer to read", after: within }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn wire_with(bytes: &[u8]) -> Wire<tokio::io::DuplexStream> {
        let (mut peer, ours) = tokio::io::duplex(1 << 20);
        peer.write_all(bytes).await.unwrap();
        drop(peer);
        Wire::new(ours, 1000)
    }

    #[tokio::test]
    async fn pdus_come_out_one_by_one() {
        let mut wire = wire_with(&[5, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 2, 8, 9]).await;
        assert_eq!(wire.frame(SECOND, "x").await.unwrap().unwrap().kind, kind::RELEASE_RQ);
        assert_eq!(wire.frame(SECOND, "x").await.unwrap().unwrap().body, [8u8, 9].as_slice());
        assert!(wire.frame(SECOND, "x").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_long_pdu_is_refused_by_its_header() {
        let mut wire = wire_with(&[4, 0, 0, 0, 0x03, 0xe9]).await;
        let error = wire.frame(SECOND, "x").await.unwrap_err();
        assert!(matches!(error, NetError::Pdu(PduError::TooLong { length: 1001, limit: 1000, .. })));
        assert_eq!(error.abort(), Some(Abort::INVALID_PARAMETER));
    }

    #[tokio::test]
    async fn an_unknown_kind_is_refused() {
        let error = wire_with(b"GET / HTTP/1.1\r\n").await.frame(SECOND, "x").await.unwrap_err();
        assert_eq!(error.abort(), Some(Abort::UNRECOGNIZED_PDU));
    }

    #[tokio::test]
    async fn an_end_inside_a_pdu_is_told_from_an_end_between() {
        let error = wire_with(&[4, 0, 0, 0, 0, 9, 1]).await.frame(SECOND, "x").await.unwrap_err();
        assert!(matches!(error, NetError::Closed(_)));
    }

    #[tokio::test]
    async fn silence_ends_in_a_timeout() {
        let (_peer, ours) = tokio::io::duplex(64);
        let error = Wire::new(ours, 1000).frame(Duration::from_millis(20), "a request").await.unwrap_err();
        assert!(matches!(error, NetError::Timeout { .. }));
    }
}
