//! `dimse` — the DICOM network door: C-ECHO, C-STORE, storage commitment, C-FIND, C-MOVE, C-GET.
//! The wire is [`dicom::net`]'s; this room lets callers in, asks `govern` for each of them, and
//! joins each service to the room that does the work.
//! Read in this order: [`listen`], [`admit`], [`session`], then one file for each service.

mod admit;
pub(crate) mod ask;
pub(crate) mod call;
mod commitment;
mod conformance;
pub(crate) mod deliver;
mod find;
pub(crate) mod identifier;
mod listen;
mod retrieve;
mod scope;
mod session;
mod storage;
pub(crate) mod stream;
pub(crate) mod tls;
pub(crate) mod transfers;

pub use conformance::conformance;
pub use listen::{Listening, OpenError, open};

use crate::{App, config};
use dicom::net::Timeouts;
use dicom::net::negotiate::SyntaxPreference;
use model::AeTitle;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// The door, shared by all associations.
pub(crate) struct Door {
    app: Arc<App>,
    title: AeTitle,
    syntaxes: SyntaxPreference,
    seats: Arc<Semaphore>,
    commitments: commitment::Commitments,
    stop: CancellationToken,
}

impl Door {
    fn config(&self) -> &config::Dimse {
        &self.app.config.dimse
    }

    fn timeouts(&self) -> Timeouts {
        let idle = Duration::from_secs(self.config().idle_seconds.into());
        Timeouts { artim: idle.min(Duration::from_secs(30)), idle, stall: idle }
    }
}
