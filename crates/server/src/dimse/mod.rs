//! `dimse` — the DICOM network door: C-ECHO, C-STORE, storage commitment, C-FIND, C-MOVE, C-GET.
//! The wire is [`dicom::net`]'s; this room lets callers in, asks `govern` for each of them, and
//! joins each service to the room that does the work.
//! Read in this order: [`listen`], [`admit`], [`session`], then one file for each service.

mod admit;
mod listen;
mod session;
mod storage;
pub(crate) mod stream;
pub(crate) mod tls;

pub use listen::{Listening, OpenError, open};

use crate::config;
use dicom::net::Timeouts;
use dicom::net::negotiate::SyntaxPreference;
use govern::Govern;
use intake::Intake;
use model::AeTitle;
use std::sync::Arc;
use std::time::Duration;
use store::Ledger;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// The rooms behind the door, and its settings.
pub struct Parts {
    /// The settings.
    pub config: config::Dimse,
    /// Who may.
    pub govern: Govern,
    /// Where jobs wait.
    pub ledger: Ledger,
    /// Takes what is sent.
    pub intake: Intake,
}

/// The door, shared by all associations.
pub(crate) struct Door {
    config: config::Dimse,
    title: AeTitle,
    syntaxes: SyntaxPreference,
    govern: Govern,
    #[expect(dead_code, reason = "used by storage commitment")]
    ledger: Ledger,
    intake: Intake,
    seats: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Door {
    const fn timeouts(&self) -> Timeouts {
        let idle = Duration::from_secs(self.config.idle_seconds as u64);
        Timeouts { artim: Duration::from_secs(30), idle, stall: idle }
    }
}
