//! One connection: frames in, answers out in the same order. Frames that have come together are made durable together.

use super::take::{refuse, take};
use super::tally::Tally;
use super::{Door, SMALL};
use crate::dimse::stream::Stream;
use futures::future::join_all;
use govern::{PeerRights, Principal};
use hl7::mllp::{FrameError, Frames, framed};
use hl7::{Problem, Refusal};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::OwnedSemaphorePermit;

/// Bytes read in one go.
const PIECE: usize = 64 << 10;

/// Who sends, for source and audit.
pub(super) struct Sender {
    pub principal: Principal,
    pub address: IpAddr,
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("nothing came for too long")]
    Idle,
    #[error("it broke off within a message")]
    Within,
    #[error("it does not speak MLLP")]
    Foreign,
    #[error("the connection failed")]
    Io(#[from] std::io::Error),
}

/// An open connection.
struct Session<'d> {
    door: &'d Arc<Door>,
    stream: Stream,
    frames: Frames,
    sender: Sender,
    tally: Tally,
    /// Held while more than a little of a message is in memory.
    room: Option<OwnedSemaphorePermit>,
}

/// Speaks with one sender until it hangs up.
pub(super) async fn converse(door: &Arc<Door>, stream: Stream, address: IpAddr, tls: bool) {
    let rights = PeerRights { may_store: true, ..PeerRights::default() };
    let principal = Principal::peer(format!("mllp:{address}"), rights);
    tracing::info!(peer = %principal, tls, "an HL7 connection was made");
    let (started, frames) = (Instant::now(), Frames::new(door.largest()));
    let sender = Sender { principal, address };
    let mut session = Session { door, stream, frames, sender, tally: Tally::default(), room: None };
    let ended = session.serve().await;
    let (peer, messages) = (&session.sender.principal, session.tally.messages());
    let duration_ms = started.elapsed().as_millis() as u64;
    match ended {
        Ok(()) => tracing::info!(%peer, messages, duration_ms, "an HL7 connection ended"),
        Err(error) => tracing::warn!(%peer, messages, duration_ms, %error, "an HL7 connection broke off"),
    }
    session.tally.record(&session.door.app, &session.sender).await;
}

impl Session<'_> {
    async fn serve(&mut self) -> Result<(), Broken> {
        loop {
            self.answer_all().await?;
            if self.frames.held() <= SMALL {
                self.room = None;
            }
            let stop = self.door.stop.clone();
            let more = tokio::select! {
                biased;
                () = stop.cancelled(), if !self.frames.is_inside() => return Ok(()),
                more = self.read() => more?,
            };
            if !more {
                return if self.frames.is_inside() { Err(Broken::Within) } else { Ok(()) };
            }
        }
    }

    /// Reads some more; false at the end. Within a message a sender may not rest as long as between two.
    async fn read(&mut self) -> Result<bool, Broken> {
        let patience = if self.frames.is_inside() { self.door.stall() } else { self.door.idle() };
        if self.frames.held() > SMALL && self.room.is_none() {
            let waits = Arc::clone(&self.door.large).acquire_owned();
            self.room = tokio::time::timeout(patience, waits).await.map_err(|_| Broken::Idle)?.ok();
        }
        let mut piece = vec![0; PIECE];
        let read = tokio::time::timeout(patience, self.stream.read(&mut piece)).await;
        let count = read.map_err(|_| Broken::Idle)??;
        self.frames.push(&piece[..count]);
        Ok(count > 0)
    }

    /// Takes every whole frame that is there, and answers them in order.
    async fn answer_all(&mut self) -> Result<(), Broken> {
        let mut taken = Vec::new();
        let mut foreign = false;
        loop {
            match self.frames.next_frame() {
                Ok(Some(frame)) if frame.is_empty() => {} // some senders see so whether we are still there
                Ok(Some(frame)) => taken.push(Ok(frame)),
                Ok(None) => break,
                Err(FrameError::Outside(_)) => {
                    foreign = true;
                    break;
                }
                Err(error) => taken.push(Err(error)),
            }
        }
        while !taken.is_empty() {
            let rest = taken.split_off(together(&taken));
            self.answer_some(std::mem::replace(&mut taken, rest)).await?;
        }
        if self.tally.is_due() {
            self.tally.record(&self.door.app, &self.sender).await;
        }
        if foreign { Err(Broken::Foreign) } else { Ok(()) }
    }

    /// Takes frames together: they wait for the same flush of the disk.
    async fn answer_some(&mut self, frames: Vec<Result<Vec<u8>, FrameError>>) -> Result<(), Broken> {
        let (door, sender) = (self.door, &self.sender);
        let answers = join_all(frames.into_iter().map(|frame| async move {
            match frame {
                Ok(frame) => take(door, sender, frame).await,
                Err(error) => refuse(door, &refusal(error)),
            }
        }));
        // Interrupted by the runtime in the middle, later ones might get ahead of earlier ones.
        for answer in tokio::task::unconstrained(answers).await {
            self.tally.count(&self.door.app, answer.outcome);
            if let Some(text) = answer.text {
                self.write(&framed(&text)).await?;
            }
        }
        Ok(())
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let written = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        let stall = self.door.stall();
        tokio::time::timeout(stall, written).await.map_err(|_| Broken::Idle)?.map_err(Into::into)
    }
}

/// How many of the first frames may be taken together and still come into the archive in the order they were sent:
/// small ones, which go no other way than their neighbours, and no more than `join_all` polls one after the other.
fn together(frames: &[Result<Vec<u8>, FrameError>]) -> usize {
    let small = |frame: &&Result<Vec<u8>, FrameError>| frame.as_ref().is_ok_and(|frame| frame.len() <= PIECE);
    frames.iter().take(30).take_while(small).count().max(1)
}

/// What a sender hears of a frame that isn't whole.
fn refusal(error: FrameError) -> Refusal {
    tracing::warn!(%error, "an HL7 frame was not taken");
    match error {
        FrameError::TooLarge(_) => Refusal::at("MSH", Problem::TooLarge),
        FrameError::Cut(_) | FrameError::Outside(_) => Refusal::at("MSH", Problem::Cut),
    }
}
