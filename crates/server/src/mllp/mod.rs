//! `mllp` — the HL7 v2 door: messages in frames, each acknowledged once it is durable.
//! The words are [`hl7`]'s; this room lets senders in, asks `govern` for each of them, hands every message to
//! `intake`, and answers. What a message says becomes records later, by whoever follows the archive.
//! Read in this order: [`listen`], [`admit`], [`session`], [`take`], [`tally`].

mod admit;
mod conformance;
mod listen;
mod session;
mod take;
mod tally;

pub use conformance::conformance;
pub use listen::{Listening, OpenError, open};

use crate::{App, config};
use admit::Peers;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Connections may hold this much of a message without asking.
const SMALL: usize = 1 << 20;
/// Larger messages that may be held at once; others wait with what they have not sent yet.
const LARGE_AT_ONCE: usize = 4;

/// The door, shared by all connections.
pub(crate) struct Door {
    app: Arc<App>,
    peers: Peers,
    /// Room for large messages.
    large: Arc<Semaphore>,
    /// Counts our answers: with the time it makes their control ids.
    answers: AtomicU64,
    stop: CancellationToken,
}

impl Door {
    fn config(&self) -> &config::Mllp {
        &self.app.config.mllp
    }

    fn largest(&self) -> usize {
        usize::try_from(self.config().message_bytes).unwrap_or(usize::MAX)
    }

    fn stall(&self) -> Duration {
        Duration::from_secs(self.config().stall_seconds.into())
    }

    fn idle(&self) -> Duration {
        Duration::from_secs(self.config().idle_seconds.into())
    }
}
